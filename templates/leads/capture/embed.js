// Puts a form's frame where this script stands, as high as the form; carries UTM values along.
(() => {
  "use strict";
  const me = document.currentScript;
  if (!me) return;
  const address = new URL("{{ address|escapejs }}");
  const asked = new URLSearchParams(location.search);
  for (const name of ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"]) {
    const value = asked.get(name);
    if (value) address.searchParams.set(name, value.slice(0, 150));
  }
  address.searchParams.set("page", (location.origin + location.pathname).slice(0, 500));
  const language = me.dataset.lang || document.documentElement.lang.slice(0, 2);
  if (language) address.searchParams.set("lang", language);
  address.searchParams.set("frame", "1");
  try {
    const known = localStorage.getItem("smarketing-v");
    if (known) address.searchParams.set("v", known);
  } catch {
    // A browser that keeps nothing stays unknown.
  }
  const frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = me.dataset.title || "Form";
  frame.style.cssText = "width:100%;border:0;min-height:360px;color-scheme:light dark";
  me.after(frame);
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== address.origin) return;
    const told = event.data && event.data.smarketing;
    if (!told) return;
    if (Number.isFinite(told.height)) {
      frame.style.minHeight = "0";
      frame.style.height = `${Math.min(told.height, 4000)}px`;
    }
    if (/^https?:\/\//.test(told.go || "")) location.assign(told.go);
  });
})();
