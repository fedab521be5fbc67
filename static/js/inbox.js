// The inbox: J and K open the packet under the cursor, a decided row slides out, the next one opens.
(() => {
  "use strict";
  let timer = null;
  document.addEventListener("row-reached", (event) => {
    const link = event.target.querySelector?.(".inbox-link");
    if (!link || link.hasAttribute("aria-current")) return;
    clearTimeout(timer);
    timer = setTimeout(() => link.click(), 120);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const pk = event.detail.elt.dataset?.leaves;
    const row = pk && document.querySelector(`[data-lead="${CSS.escape(pk)}"]`);
    row?.classList.add("is-leaving");
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "inbox" && event.detail.elt?.id !== "inbox") return;
    const row = document.querySelector("#inbox-list .is-open");
    row?.classList.add("is-cursor");
    row?.querySelector(".inbox-link")?.focus({ preventScroll: true });
  });
})();
