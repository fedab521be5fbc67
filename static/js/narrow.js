// A long list is narrowed by a word, or to what is chosen; what is typed stays when the list is drawn anew.
(() => {
  "use strict";
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const kept = { asked: "", mapped: false, top: 0 };

  function narrow(box) {
    const asked = plain(kept.asked.trim());
    let found = 0;
    box.querySelectorAll("[data-narrow-row]").forEach((row) => {
      const named = plain(row.querySelector("[data-narrow-name]").textContent).includes(asked);
      row.hidden = !named || (kept.mapped && row.classList.contains("is-out"));
      found += row.hidden ? 0 : 1;
    });
    box.querySelector("[data-narrow-none]").hidden = found > 0;
  }
  function begin() {
    document.querySelectorAll("[data-narrow]").forEach((box) => {
      const bar = box.querySelector("[data-narrow-bar]");
      if (!bar) return;
      bar.hidden = false;
      bar.querySelector("[data-narrow-field]").value = kept.asked;
      bar.querySelector("[data-narrow-mapped]").checked = kept.mapped;
      narrow(box);
      box.querySelector("ul").scrollTop = kept.top;
    });
  }
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-narrow]");
    if (!box) return;
    if (event.target.matches("[data-narrow-field]")) kept.asked = event.target.value;
    else if (event.target.matches("[data-narrow-mapped]")) kept.mapped = event.target.checked;
    else return;
    narrow(box);
  });
  // Neither narrows what is sent, so neither asks the server.
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-narrow-bar]")) event.stopPropagation();
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-narrow-field]")) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", () => {
    kept.top = document.querySelector("[data-narrow] ul")?.scrollTop ?? 0;
  });
  document.addEventListener("htmx:afterSwap", begin);
  document.addEventListener("DOMContentLoaded", begin);
  begin();
})();
