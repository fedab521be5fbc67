// The log bar: opening a kind puts the cursor where Enter logs the usual case. Only one is open.
(() => {
  "use strict";
  function settle(event) {
    const opened = event.target;
    if (!opened.matches?.(".log-kind, .decide-reject, .decide-snooze, .step-add") || !opened.open) return;
    opened.parentElement.querySelectorAll(":scope > details[open]").forEach((other) => {
      if (other !== opened) other.open = false;
    });
    const field = document.activeElement?.closest("details") === opened && !document.activeElement.matches("summary");
    if (field) return;
    const first = ["[data-log-default]", ".pad-key", "select", "input:not([type=hidden])"]
      .map((each) => opened.querySelector(each)).find(Boolean);
    first?.focus({ preventScroll: true });
    opened.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("toggle", settle, true);
  // The browser tells `toggle` later; who types the next key at once must find the cursor there.
  document.addEventListener("key-clicked", (event) => settle({ target: event.target.parentElement }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest?.("details[open]");
    if (!open || !open.matches(".log-kind, .decide-reject, .decide-snooze, .step-add, .verb-menu")) return;
    open.open = false;
    open.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll(".verb-menu[open], .step-more[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
})();
