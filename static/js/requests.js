// htmx requests: the token, focus and news after a swap, errors in words.
(() => {
  "use strict";
  const { say, csrf, announce } = window.shell;

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrf();
  });

  // The control that had the focus keeps it when its twin comes back under the same id or name.
  let held = null;
  document.addEventListener("htmx:beforeSwap", () => {
    const active = document.activeElement;
    held = active && active !== document.body
      ? { id: active.id, name: active.name, start: active.selectionStart, element: active }
      : null;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    if (held && !held.element.isConnected) restore(target);
    held = null;
    const news = target?.dataset?.announce ?? target?.querySelector?.("[data-announce]")?.dataset.announce;
    if (news) announce(news);
  });
  function restore(target) {
    const twin = (held.id && document.getElementById(held.id)) ||
      (held.name && target?.querySelector?.(`[name="${CSS.escape(held.name)}"]`));
    const wrong = target?.querySelector?.('[aria-invalid="true"]');
    const next = twin || wrong || (target?.isConnected ? target : document.getElementById("content"));
    if (!next) return;
    if (next === target && !next.hasAttribute("tabindex")) next.tabIndex = -1;
    next.focus({ preventScroll: true });
    if (twin && typeof held.start === "number" && twin.setSelectionRange) {
      try { twin.setSelectionRange(held.start, held.start); } catch { /* not a text field */ }
    }
  }

  // Every error page carries its sentence in `data-error-message`.
  function sentence(xhr) {
    if ((xhr.getResponseHeader("Content-Type") || "").includes("html")) {
      const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
      const found = page.querySelector("[data-error-message]");
      if (found) return found.textContent.trim();
    }
    return say("failed");
  }
  document.addEventListener("htmx:responseError", (event) => {
    window.shell.toast({ text: sentence(event.detail.xhr), level: "error", icon: "alert-circle" });
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => {
      window.shell.toast({ text: say("offline"), level: "error", icon: "alert-circle" });
    });
  }

  // A fragment request that was sent to sign in means that the session ended: show the whole page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const url = event.detail.xhr.responseURL;
    if (url && new URL(url).pathname.endsWith("/login/") && !location.pathname.endsWith("/login/")) {
      event.detail.shouldSwap = false;
      location.reload();
    }
  });
})();
