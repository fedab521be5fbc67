// Rows of a form: one more is added, one is taken away. Without this an empty row is none.
(() => {
  "use strict";
  function prepare(row) {
    row.querySelector("[data-row-remove]").hidden = false;
  }
  function add(box) {
    const total = box.querySelector('[name$="-TOTAL_FORMS"]');
    const made = document.createElement("div");
    made.innerHTML = box.querySelector("[data-rows-blank]").innerHTML.replaceAll("__prefix__", total.value);
    const row = made.firstElementChild;
    total.value = Number(total.value) + 1;
    box.querySelector("[data-rows-list]").append(row);
    prepare(row);
    row.querySelector("input, select").focus();
  }
  document.querySelectorAll("[data-rows]").forEach((box) => {
    box.querySelectorAll("[data-rows-list] > [data-row]").forEach(prepare);
    box.querySelector("[data-rows-add]").hidden = false;
  });
  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-rows]");
    if (!box) return;
    if (event.target.closest("[data-rows-add]")) add(box);
    if (event.target.closest("[data-row-remove]")) {
      event.target.closest("[data-row]").remove();
      box.querySelector("[data-rows-add]").focus();
    }
  });
})();
