// Before the first paint: the look of the system where the person follows it, and the slim bar.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  if (root.dataset.theme === "system") {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
    follow();
    dark.addEventListener("change", follow);
  }
  try {
    if (localStorage.getItem("bar") === "slim") root.dataset.bar = "slim";
  } catch { /* Storage may be switched off: then the bar is wide. */ }
})();
