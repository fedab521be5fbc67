// A strip of tabs that is wider than the screen begins at the tab of this page.
(() => {
  "use strict";
  document.querySelectorAll("[data-tab-strip]").forEach((strip) => {
    const current = strip.querySelector("[aria-current]");
    if (!current) return;
    const middle = current.offsetLeft - strip.offsetLeft + current.offsetWidth / 2;
    strip.scrollLeft = middle - strip.clientWidth / 2;
  });
})();
