// Tells of page views of this site, first party only; not where the browser asks us not to.
(() => {
  "use strict";
  const asks = {{ site.asks_consent|yesno:"true,false" }};
  const address = "{{ address|escapejs }}";
  const names = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];
  const plain = (text) => text.split(/[?#]/)[0].slice(0, 500);
  const off = navigator.doNotTrack === "1" || navigator.globalPrivacyControl;
  let told = false;
  function keep(name, value) {
    try {
      if (value === null) localStorage.removeItem(name);
      else if (value !== undefined) localStorage.setItem(name, value);
      return localStorage.getItem(name) || "";
    } catch {
      return "";
    }
  }
  function browser() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const fresh = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return keep("smarketing-v") || keep("smarketing-v", fresh);
  }
  function tell() {
    const v = told || off ? "" : browser();
    if (!v) return;
    told = true;
    const asked = new URLSearchParams(location.search);
    const utm = {};
    for (const name of names) if (asked.get(name)) utm[name] = asked.get(name).slice(0, 150);
    const view = { v, url: plain(location.href), ref: plain(document.referrer), utm, consent: asks };
    fetch(address, { method: "POST", body: JSON.stringify(view), keepalive: true, credentials: "omit", headers: { "Content-Type": "text/plain" } }).catch(() => {});
  }
  if (off) keep("smarketing-v", null);
  // The site's own consent banner calls smarketing.consent(true) or smarketing.consent(false).
  window.smarketing = {
    consent(yes) {
      keep("smarketing-c", yes ? "1" : null);
      if (yes) tell();
      else keep("smarketing-v", null);
    },
  };
  if (!asks || keep("smarketing-c") === "1") tell();
})();
