// Native dialogs: opened and closed by attributes; a question before what cannot be undone.
(() => {
  "use strict";
  // Several dialogs may stand in one form: only the open one's fields take part in it.
  function answering(dialog, on) {
    dialog?.querySelectorAll(".dialog-fields").forEach((fields) => { fields.disabled = !on; });
  }
  document.addEventListener("close", (event) => answering(event.target, false), true);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialogOpen);
      answering(dialog, true);
      dialog?.showModal();
      return;
    }
    if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
    if (event.target.matches("dialog[open]")) {
      const box = event.target.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right &&
        event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside && event.detail > 0) event.target.close();
    }
  });

  // Asks in the page's own dialog; resolves to true or false.
  function ask(question, yes) {
    const dialog = document.getElementById("confirm");
    if (!dialog) return Promise.resolve(window.confirm(question));
    const button = dialog.querySelector("[data-confirm-yes]");
    dialog.querySelector("#confirm-text").textContent = question;
    button.dataset.default ??= button.textContent;
    button.textContent = yes || button.dataset.default;
    dialog.returnValue = "";
    button.onclick = () => dialog.close("yes");
    dialog.showModal();
    return new Promise((done) => {
      dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
    });
  }
  window.shell.ask = ask;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const asker = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!asker.dataset?.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    ask(asker.dataset.confirm, submitter?.textContent.trim()).then((yes) => {
      if (!yes) return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    });
  }, true);

  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, event.detail.elt.textContent?.trim()).then((yes) => {
      if (yes) event.detail.issueRequest(true);
    });
  });

  // An answer may close the dialog that asked for it: HX-Trigger "close-dialog".
  document.addEventListener("close-dialog", () => {
    document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  });
})();
