// Says once that a person sees this page: not while it is loaded ahead or lies in a hidden tab.
(() => {
  "use strict";
  const url = document.body.dataset.openedUrl;
  if (!url) return;
  let told = false;
  function tell() {
    if (told || document.prerendering || document.visibilityState !== "visible") return;
    told = true;
    fetch(url, { method: "POST", credentials: "same-origin", keepalive: true }).catch(() => {});
  }
  // A glance: what is closed again within a second was not opened by a reader.
  const later = () => setTimeout(tell, 1000);
  document.addEventListener("visibilitychange", later);
  document.addEventListener("prerenderingchange", later);
  later();
})();
