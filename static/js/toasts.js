// Toasts: drawn by the server or brought by an htmx answer; with Undo they stay 10 s, errors until closed.
(() => {
  "use strict";
  const { say, csrf, element, icon } = window.shell;
  const STAY = 6000;
  const STAY_WITH_UNDO = 10000;
  const place = () => document.getElementById("toasts");

  function leave(toast) {
    toast.classList.add("is-leaving");
    setTimeout(() => toast.remove(), 160);
  }
  function start(toast) {
    if (toast.classList.contains("toast-error")) return;
    const stay = toast.querySelector("form") ? STAY_WITH_UNDO : STAY;
    let timer = setTimeout(() => leave(toast), stay);
    const hold = () => clearTimeout(timer);
    const go = () => { hold(); timer = setTimeout(() => leave(toast), STAY); };
    toast.addEventListener("pointerenter", hold);
    toast.addEventListener("pointerleave", go);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("focusout", go);
  }
  function undo(url) {
    const form = element("form", { method: "post", action: url });
    form.append(
      element("input", { type: "hidden", name: "csrfmiddlewaretoken", value: csrf() }),
      element("button", { class: "btn btn-link btn-sm" }, say("undo")),
    );
    return form;
  }
  function toast({ text, level = "info", icon: name = "info-circle", undo_url: undoUrl = "" }) {
    const made = element("div", {
      class: `toast-i toast-${level}`, role: level === "error" ? "alert" : "status", "data-toast": true,
    }, icon(name), element("div", { class: "toast-text" }, text));
    if (undoUrl) made.append(undo(undoUrl));
    made.append(element("button", {
      type: "button", class: "btn btn-ghost btn-icon btn-sm", "data-toast-close": true, "aria-label": say("dismiss"),
    }, icon("x")));
    place()?.append(made);
    start(made);
  }
  window.shell.toast = toast;

  document.addEventListener("toasts", (event) => event.detail.items?.forEach(toast));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-toast-close]")) leave(event.target.closest("[data-toast]"));
  });
  document.querySelectorAll("[data-toast]").forEach(start);
})();
