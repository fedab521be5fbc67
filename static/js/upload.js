// Uploads: the file itself is the body, so that it streams, with a bar; without a script it is a form.
(() => {
  "use strict";
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const field = form.querySelector('input[type="file"]');
  const button = form.querySelector('button[type="submit"]');
  const told = form.querySelector("[data-upload-error]");
  const bar = form.querySelector("[data-upload-bar]");
  const share = form.querySelector("[data-upload-share]");

  function refuse(text) {
    told.textContent = text;
    field.setAttribute("aria-invalid", "true");
    bar.hidden = true;
    button.disabled = false;
    button.removeAttribute("aria-busy");
    field.focus();
  }
  function show(part) {
    const percent = Math.floor(part * 100);
    bar.querySelector("progress").value = percent;
    share.textContent = `${percent} %`;
  }
  // A file dropped anywhere on the card is the file chosen.
  const place = form.querySelector("[data-upload-drop]");
  const over = (on) => place.classList.toggle("is-over", on);
  form.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
  form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) over(false); });
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    const file = field.files[0];
    if (!file) return;
    event.preventDefault();
    told.textContent = "";
    if (file.size > Number(form.dataset.most)) return refuse(form.dataset.tooLarge);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("X-CSRFToken", window.shell.csrf());
    request.upload.addEventListener("progress", (step) => show(step.loaded / (step.total || 1)));
    request.addEventListener("error", () => refuse(form.dataset.failed));
    request.addEventListener("load", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* an error page */ }
      if (request.status === 201) location.assign(answer.url);
      else refuse(answer.error || form.dataset.failed);
    });
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    bar.hidden = false;
    show(0);
    request.send(file);
    return undefined;
  });
})();
