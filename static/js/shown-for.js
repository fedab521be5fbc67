// Parts of a form that only some choices need: [data-for="a b"] inside [data-shown-by="name"] shows
// while the control of that name holds a or b.
(() => {
  "use strict";
  function fit(box) {
    const control = box.closest("form").elements[box.dataset.shownBy];
    box.querySelectorAll("[data-for]").forEach((part) => {
      part.hidden = !part.dataset.for.split(" ").includes(control.value);
    });
  }
  document.querySelectorAll("[data-shown-by]").forEach((box) => {
    fit(box);
    box.closest("form").addEventListener("change", () => fit(box));
  });
})();
