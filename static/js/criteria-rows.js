// Rows of criteria: add, remove, and show of each row only what its kind asks.
(() => {
  "use strict";
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);

  function fit(row) {
    const kind = field(row, "kind").value;
    row.querySelectorAll("[data-for]").forEach((part) => {
      part.hidden = !part.dataset.for.split(" ").includes(kind);
    });
  }
  function prepare(row) {
    row.querySelector("[data-criterion-drop]").hidden = true;
    row.querySelector("[data-criterion-remove]").hidden = false;
    if (field(row, "DELETE").checked) row.classList.add("is-removed");
    fit(row);
  }
  function add(box) {
    const total = box.querySelector('[name$="-TOTAL_FORMS"]');
    const made = document.createElement("div");
    made.innerHTML = box.querySelector("[data-criteria-blank]").innerHTML.replaceAll("__prefix__", total.value);
    const row = made.firstElementChild;
    total.value = Number(total.value) + 1;
    box.querySelector("[data-criteria-list]").append(row);
    prepare(row);
    field(row, "kind").focus();
  }

  document.querySelectorAll("[data-criteria]").forEach((box) => {
    box.querySelectorAll("[data-criteria-list] > [data-criterion]").forEach(prepare);
    box.querySelector("[data-criteria-add]").hidden = false;
  });
  document.addEventListener("change", (event) => {
    const row = event.target.closest("[data-criterion]");
    if (row && event.target === field(row, "kind")) fit(row);
  });
  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-criteria]");
    if (!box) return;
    if (event.target.closest("[data-criteria-add]")) add(box);
    const remove = event.target.closest("[data-criterion-remove]");
    if (remove) {
      const row = remove.closest("[data-criterion]");
      field(row, "DELETE").checked = true;
      row.classList.add("is-removed");
      box.querySelector("[data-criteria-add]").focus();
    }
  });
})();
