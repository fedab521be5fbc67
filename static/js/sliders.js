// A slider beside a number: [data-slides="id"] writes into the field of that id and follows it.
// Without this file the fields are typed into; the sliders stay hidden and are never sent.
// A stage's fields [data-stage] show while the stage is ticked.
(() => {
  "use strict";
  const mark = (1.5).toLocaleString(document.documentElement.lang || "en").charAt(1);

  function read(text) {
    const [above, below] = text.split("/");
    if (below !== undefined) return (100 * Number(above)) / Number(below);
    const plain = text.replace(/[\s%]/g, "");
    const bare = mark === "," ? plain.replace(/\./g, "").replace(",", ".") : plain.replace(/,/g, "");
    return bare === "" ? NaN : Number(bare);
  }
  const write = (value) => String(value).replace(".", mark);

  function reach(slider, value) {
    if (!("scales" in slider.dataset) || !(value > 0)) return;
    slider.min = slider.dataset.least;
    const size = 10 ** Math.floor(Math.log10(value * 2));
    slider.max = Math.ceil((value * 2) / size) * size;
    slider.step = Math.max(1, size / 20);
  }
  document.querySelectorAll("[data-slides]").forEach((slider) => {
    const field = document.getElementById(slider.dataset.slides);
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    slider.setAttribute("aria-label", label.firstChild.textContent.trim());
    const follow = () => {
      const value = read(field.value);
      const shown = Number.isFinite(value) ? value : Number(slider.dataset.starts ?? slider.max);
      reach(slider, shown);
      slider.value = shown;
    };
    follow();
    slider.hidden = false;
    slider.addEventListener("input", () => { field.value = write(slider.value); });
    field.addEventListener("change", follow);
  });
  document.querySelectorAll('[name="stages"]').forEach((box) => {
    box.addEventListener("change", () => {
      document.querySelectorAll(`[data-stage="${box.value}"]`).forEach((part) => { part.hidden = !box.checked; });
    });
  });
})();
