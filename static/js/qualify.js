// The queue of leads to qualify: y and n answer the question that has the focus, or the first open
// one; everything else is `data-key` (q, n, d, 1–9, j, k).
(() => {
  "use strict";
  const single = document.body.hasAttribute("data-single-keys");
  const typing = (target) => target.closest?.('input:not([type="checkbox"]):not([type="radio"]), textarea, select');

  function answer(row, value) {
    const radio = row.querySelector(`input[type="radio"][value="${value}"]`);
    radio.checked = true;
    radio.focus();
    return true;
  }
  const unanswered = () => [...document.querySelectorAll("[data-question]")].find((row) => !row.querySelector("input:checked"));

  document.addEventListener("keydown", (event) => {
    if (!single || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const row = event.target.closest?.("[data-question]") || (key === "y" ? unanswered() : null);
    if (!row || (key !== "y" && key !== "n")) return;
    if (answer(row, key === "y" ? "yes" : "no")) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  // The row that is open stays in sight of its list; the page itself does not move.
  document.addEventListener("htmx:afterSettle", () => {
    const list = document.querySelector(".qualify-list");
    const row = list?.querySelector("[aria-current]");
    if (!row || list.scrollHeight <= list.clientHeight) return;
    const box = list.getBoundingClientRect();
    const place = row.getBoundingClientRect();
    if (place.top < box.top) list.scrollTop -= box.top - place.top;
    else if (place.bottom > box.bottom) list.scrollTop += place.bottom - box.bottom;
  });
})();
