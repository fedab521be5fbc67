// Forms: a button shows its work at once and works once; filters apply themselves.
(() => {
  "use strict";
  function busy(form, submitter, on) {
    const button = submitter || form.querySelector('button[type="submit"], button:not([type])');
    if (!button) return;
    if (on) button.setAttribute("aria-busy", "true"); else button.removeAttribute("aria-busy");
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    busy(form, event.submitter, true);
  });
  // Back to the page by the browser's own button: everything can be sent again, and the filters
  // say what the list shows, not what was chosen on the way out.
  addEventListener("pageshow", () => {
    document.querySelectorAll("[data-filter-bar]").forEach((form) => form.reset());
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((b) => b.removeAttribute("aria-busy"));
    });
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches("form")) busy(event.detail.elt, null, true);
    else if (event.detail.elt.matches("button")) event.detail.elt.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.matches("form")) busy(event.detail.elt, null, false);
    else if (event.detail.elt.matches("button")) event.detail.elt.removeAttribute("aria-busy");
  });

  // A form that came back refused: the cursor stands in the first field to mend.
  if (performance.getEntriesByType("navigation")[0]?.responseStatus === 422) {
    document.querySelector("main [aria-invalid='true']:not([type='hidden'])")?.focus();
  }

  const timers = new WeakMap();
  const apply = (form, typed) => {
    if (!form.isConnected) return;
    // Empty filters stay out of the address.
    const named = [...form.elements].filter((field) => field.name && field.value === "" && !field.disabled);
    // Typing rewrites the address, a choice adds one: "back" does not spell words backwards.
    form.setAttribute("hx-push-url", String(!typed));
    form.setAttribute("hx-replace-url", String(Boolean(typed)));
    if (!form.hasAttribute("hx-get")) named.forEach((field) => { field.disabled = true; });
    form.requestSubmit();
    named.forEach((field) => { field.disabled = false; });
  };
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.matches("[data-filter-bar]")) return;
    for (const [name, value] of [...event.detail.formData.entries()]) {
      if (value === "") event.detail.formData.delete(name);
    }
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-filter-bar]") && event.target.type !== "search") apply(form);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-filter-bar][hx-get]") || event.target.type !== "search") return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => apply(form, true), 300));
  });
})();
