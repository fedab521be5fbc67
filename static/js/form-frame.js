// Inside a frame: tells the page around it how high the form is, and where to go afterwards.
(() => {
  "use strict";
  if (window.parent === window) return;
  const tell = (told) => window.parent.postMessage({ smarketing: told }, "*");
  const measure = () => tell({ height: Math.ceil(document.documentElement.getBoundingClientRect().height) });
  new ResizeObserver(measure).observe(document.documentElement);
  measure();
  const go = document.body.dataset.go;
  if (go) tell({ go });
})();
