// Lists: select rows, act on the selection, move with j and k.
(() => {
  "use strict";
  const boxes = (table) => [...table.querySelectorAll(".row-select")];

  function refresh(table) {
    const all = boxes(table);
    const chosen = all.filter((box) => box.checked).length;
    const head = table.querySelector("[data-select-all]");
    if (head) {
      head.checked = chosen > 0 && chosen === all.length;
      head.indeterminate = chosen > 0 && chosen < all.length;
    }
    document.querySelectorAll(`[data-bulk-bar="${CSS.escape(table.id)}"]`).forEach((bar) => {
      bar.hidden = chosen === 0;
      bar.querySelector("[data-bulk-count]").textContent =
        new Intl.NumberFormat(window.shell.language).format(chosen);
    });
  }

  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.(".row-select");
    const table = box?.closest("table");
    if (table && event.shiftKey && last?.closest("table") === table) {
      const all = boxes(table);
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((each) => { each.checked = box.checked; });
    }
    if (box) last = box;
    const none = event.target.closest?.("[data-select-none]");
    if (none) {
      const owner = document.getElementById(none.closest("[data-bulk-bar]").dataset.bulkBar);
      boxes(owner).forEach((each) => { each.checked = false; });
      refresh(owner);
      owner.querySelector("[data-select-all]")?.focus();
    }
  });
  document.addEventListener("change", (event) => {
    const table = event.target.closest?.("table");
    if (!table) return;
    if (event.target.matches("[data-select-all]")) {
      boxes(table).forEach((each) => { each.checked = event.target.checked; });
    }
    if (event.target.matches("[data-select-all], .row-select")) refresh(table);
  });
  document.addEventListener("htmx:afterSettle", () => {
    document.querySelectorAll("table[data-list]").forEach(refresh);
  });

  // Back by the browser's own button it keeps the ticks: the bar says so.
  addEventListener("pageshow", () => document.querySelectorAll("table[data-list]").forEach(refresh));

  // The cursor of the keyboard.
  const list = () => document.querySelector("[data-list]");
  const rows = () => [...(list()?.querySelectorAll("[data-row]") || [])];
  const current = () => list()?.querySelector("[data-row].is-cursor") || null;

  function move(step) {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(current());
    const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
    all.forEach((row) => row.classList.toggle("is-cursor", row === next));
    next.scrollIntoView({ block: "nearest" });
    const link = next.querySelector("a[href]");
    (link || next).focus({ preventScroll: true });
    next.dispatchEvent(new CustomEvent("row-reached", { bubbles: true }));
    return true;
  }
  window.shell.list = {
    next: () => move(1),
    previous: () => move(-1),
    current,
    toggle() {
      const box = current()?.querySelector(".row-select");
      if (!box) return false;
      box.checked = !box.checked;
      refresh(box.closest("table"));
      return true;
    },
  };
})();
