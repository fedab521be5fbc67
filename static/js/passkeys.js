// Passkeys and security keys: sign in with one, confirm by one, add one. The act and the ids of
// its button and field stand on #passkey-act; webauthnJSON speaks to the browser.
(() => {
  "use strict";
  const { say, toast } = window.shell;
  const place = document.getElementById("passkey-act");
  const button = place && document.getElementById(place.dataset.button);
  const field = place && document.getElementById(place.dataset.credential);
  if (!button || !field) return;
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    button.title = say("noPasskey");
    return;
  }
  const given = () => JSON.parse(document.getElementById("js_data").textContent);

  async function login() {
    const answer = await fetch(field.form.action, {
      headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return window.webauthnJSON.get((await answer.json()).request_options);
  }
  const use = () => window.webauthnJSON.get(given().request_options);
  function add() {
    const options = given().creation_options;
    const alone = Boolean(document.getElementById(place.dataset.passwordless)?.checked);
    const wanted = options.publicKey.authenticatorSelection;
    wanted.residentKey = alone ? "required" : "discouraged";
    wanted.requireResidentKey = alone;
    if (alone) wanted.userVerification = "required";
    return window.webauthnJSON.create(options);
  }
  const acts = { login, use, add };

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (!field.form.reportValidity()) return;
    button.setAttribute("aria-busy", "true");
    try {
      field.value = JSON.stringify(await acts[place.dataset.act]());
      field.form.submit();
    } catch {
      button.removeAttribute("aria-busy");
      toast({ text: say("passkeyFailed"), level: "error", icon: "alert-circle" });
    }
  });
})();
