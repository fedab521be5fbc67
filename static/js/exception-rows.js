// Rows of dated exceptions: add, remove, and take a holiday over as a working day.

const card = document.querySelector("[data-exceptions]");
const list = card.querySelector("[data-exception-list]");
const blank = card.querySelector("[data-exception-blank]");
const total = card.querySelector("[name$='-TOTAL_FORMS']");

function prepare(row) {
  row.querySelector("[data-exception-drop]").hidden = true;
  row.querySelector("[data-exception-remove]").hidden = false;
  if (row.querySelector("[name$='-DELETE']").checked) row.classList.add("is-removed");
}

function add() {
  const made = document.createElement("div");
  made.innerHTML = blank.innerHTML.replaceAll("__prefix__", total.value);
  const row = made.firstElementChild;
  total.value = Number(total.value) + 1;
  list.append(row);
  prepare(row);
  return row;
}

function field(row, name) {
  return row.querySelector(`[name$='-${name}']`);
}

function emptyRow() {
  const free = [...list.children].find((row) => !row.classList.contains("is-removed") && !field(row, "on").value && !field(row, "windows").value);
  return free ?? add();
}

function changed() {
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

function remove(row) {
  field(row, "DELETE").checked = true;
  row.classList.add("is-removed");
  card.querySelector("[data-exception-add]").focus();
  changed();
}

/** The hours of the weekday on which a date falls, else of the first open day of the week. */
function usualHours(on) {
  const weekday = new Date(`${on}T12:00:00Z`).getUTCDay() || 7;
  const lines = [...document.querySelectorAll("[data-weekday]")];
  const own = lines.find((line) => Number(line.dataset.weekday) === weekday);
  return own?.value || lines.find((line) => line.value)?.value || "";
}

function workOn(button) {
  const row = emptyRow();
  field(row, "on").value = button.dataset.exceptionOn;
  field(row, "windows").value = usualHours(button.dataset.exceptionOn);
  field(row, "note").value = button.dataset.exceptionNote;
  field(row, "windows").focus();
  changed();
}

function showWorkButtons() {
  const taken = new Set([...list.children].filter((row) => !row.classList.contains("is-removed")).map((row) => field(row, "on").value));
  for (const button of document.querySelectorAll("[data-exception-on]")) {
    const worked = taken.has(button.dataset.exceptionOn);
    button.hidden = worked;
    button.closest("li").classList.toggle("is-worked", worked);
  }
}

for (const row of list.children) prepare(row);
card.querySelector("[data-exception-add]").hidden = false;
showWorkButtons();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-exception-add], [data-exception-remove], [data-exception-on]");
  if (!button) return;
  if (button.matches("[data-exception-add]")) field(add(), "on").focus();
  else if (button.matches("[data-exception-remove]")) remove(button.closest("[data-exception]"));
  else workOn(button);
});
document.addEventListener("change", showWorkButtons);
document.addEventListener("htmx:afterSwap", showWorkButtons);
