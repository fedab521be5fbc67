// Closing a lead: only the reasons of the chosen way are offered, and only what that way asks beside them.
(() => {
  "use strict";
  function narrow(form) {
    const ways = [...form.querySelectorAll("input[type=radio]")];
    const chosen = ways.findIndex((way) => way.checked);
    const select = form.querySelector("select");
    const groups = [...select.querySelectorAll("optgroup")];
    groups.forEach((group, n) => {
      const off = chosen >= 0 && n !== chosen;
      group.hidden = off;
      group.disabled = off;
    });
    if (select.selectedOptions[0]?.closest("optgroup")?.disabled) select.value = "";
    form.querySelectorAll("[data-close-with]").forEach((part) => {
      part.hidden = part.dataset.closeWith !== ways[chosen]?.value;
    });
  }
  const forms = (root) => root.querySelectorAll("[data-close-form]").forEach(narrow);
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-close-form]");
    if (form && event.target.type === "radio") narrow(form);
  });
  document.addEventListener("htmx:load", (event) => forms(event.target));
  forms(document);
})();
