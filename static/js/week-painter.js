// Paint a week: half hours by mouse, finger or keyboard, in step with the lines of exact times.
// The lines are the form; without this script they are all there is.

import { DAY, closed, opened, overlap, readHours, writeHours, writeTime } from "./hours.js";

const SLOT = 30;
const SLOTS = DAY / SLOT;
const DAYS = 7;

class WeekPainter {
  constructor(week) {
    this.grid = week.querySelector("[data-week-grid]");
    this.lines = [...week.querySelectorAll("[data-weekday]")];
    this.card = week.closest("section");
    this.said = this.card.querySelector("[data-week-said]");
    this.total = this.card.querySelector("[data-week-total]");
    this.days = this.lines.map((line) => readHours(line.value) ?? []);
    this.names = this.lines.map((line) => line.labels[0].textContent.trim());
    this.build();
    this.listen();
    this.drawAll();
  }

  build() {
    const hours = element("div", { className: "week-hours" }, { "aria-hidden": "true" });
    for (let slot = 0; slot <= SLOTS; slot += 6) {
      const hour = element("span", { className: "week-hour", textContent: String(slot / 2).padStart(2, "0") });
      hour.style.setProperty("--slot", slot);
      hours.append(hour);
    }
    this.cells = this.lines.map((line, day) => this.buildDay(line, day));
    this.grid.replaceChildren(hours, ...this.cells.map(([cell]) => cell.parentElement));
    this.focusable(0, 18);
    this.grid.hidden = false;
    this.card.querySelector("[data-week-presets]").hidden = false;
  }

  buildDay(line, day) {
    const row = element("div", { className: "week-row" }, { role: "row" });
    row.style.setProperty("--day", day + 1);
    const name = element("span", { className: "week-day", textContent: line.dataset.short }, { role: "rowheader", "aria-label": this.names[day] });
    row.append(name);
    const cells = [];
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const label = fill(this.grid.dataset.name, { day: this.names[day], start: writeTime(slot * SLOT), end: writeTime((slot + 1) * SLOT) });
      const cell = element("div", { className: "week-cell", tabIndex: -1 }, { role: "gridcell", "aria-label": label });
      cell.style.setProperty("--slot", slot);
      Object.assign(cell.dataset, { day, slot });
      if (slot % 2 === 0) cell.dataset.hour = "";
      cells.push(cell);
    }
    row.append(...cells);
    return cells;
  }

  listen() {
    this.grid.addEventListener("pointerdown", (event) => this.begin(event));
    this.grid.addEventListener("pointermove", (event) => this.carryOn(event));
    this.grid.addEventListener("pointerup", () => this.finish());
    this.grid.addEventListener("pointercancel", () => this.undo());
    this.grid.addEventListener("keydown", (event) => this.onKey(event));
    this.grid.addEventListener("focusin", (event) => this.onFocus(event));
    for (const [day, line] of this.lines.entries()) line.addEventListener("input", () => this.onTyped(day));
    this.card.addEventListener("click", (event) => this.onPreset(event));
  }

  // --- painting: a stroke paints the rectangle from its first cell to the present one

  begin(event) {
    const cell = event.target.closest(".week-cell");
    if (!cell || event.button !== 0) return;
    event.preventDefault();
    this.grid.setPointerCapture(event.pointerId);
    const [day, slot] = place(cell);
    this.stroke = { day, slot, open: !this.isOpen(day, slot), before: this.days };
    this.grid.dataset.painting = "";
    this.focusable(day, slot);
    cell.focus({ preventScroll: true });
    this.paintTo(day, slot);
  }

  carryOn(event) {
    if (!this.stroke) return;
    const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest(".week-cell");
    if (cell && this.grid.contains(cell)) this.paintTo(...place(cell));
  }

  finish() {
    if (!this.stroke) return;
    const { before } = this.stroke;
    this.end();
    this.write(this.days.flatMap((spans, day) => (same(spans, before[day]) ? [] : [day])));
  }

  undo() {
    if (!this.stroke) return;
    this.days = this.stroke.before;
    this.end();
    this.drawAll();
  }

  end() {
    this.stroke = null;
    delete this.grid.dataset.painting;
  }

  paintTo(day, slot) {
    const { before, open } = this.stroke;
    const [firstDay, lastDay] = [this.stroke.day, day].toSorted((one, other) => one - other);
    const [first, last] = [this.stroke.slot, slot].toSorted((one, other) => one - other);
    this.days = before.map((spans, number) => {
      if (number < firstDay || number > lastDay) return spans;
      return (open ? opened : closed)(spans, first * SLOT, (last + 1) * SLOT);
    });
    this.drawAll();
  }

  paintCell(day, slot, open) {
    this.days = this.days.with(day, (open ? opened : closed)(this.days[day], slot * SLOT, (slot + 1) * SLOT));
    this.drawDay(day);
    this.write([day]);
  }

  // --- keyboard: arrows move as the eye sees the grid, Space switches, Shift carries the state on

  onKey(event) {
    if (event.key === "Escape" && this.stroke) return this.undo();
    const cell = event.target.closest(".week-cell");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const [day, slot] = place(cell);
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      this.paintCell(day, slot, !this.isOpen(day, slot));
      return;
    }
    const target = this.step(event.key, day, slot);
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) this.paintCell(...target, this.isOpen(day, slot));
    this.focusable(...target).focus();
  }

  step(key, day, slot) {
    const turned = getComputedStyle(this.grid).gridTemplateColumns.split(" ").length < SLOTS;
    const along = turned ? { ArrowDown: 1, ArrowUp: -1 } : { ArrowRight: 1, ArrowLeft: -1 };
    const across = turned ? { ArrowRight: 1, ArrowLeft: -1 } : { ArrowDown: 1, ArrowUp: -1 };
    if (key in along) return [day, within(slot + along[key], SLOTS)];
    if (key in across) return [within(day + across[key], DAYS), slot];
    if (key === "Home") return [day, 0];
    if (key === "End") return [day, SLOTS - 1];
    return null;
  }

  onFocus(event) {
    const cell = event.target.closest(".week-cell");
    if (cell) this.focusable(...place(cell));
  }

  /** One cell at a time is in the tab order. */
  focusable(day, slot) {
    if (this.current) this.current.tabIndex = -1;
    this.current = this.cells[day][slot];
    this.current.tabIndex = 0;
    return this.current;
  }

  // --- lines and presets

  onTyped(day) {
    const spans = readHours(this.lines[day].value);
    if (!spans) return;
    this.days = this.days.with(day, spans);
    this.drawDay(day);
    this.drawTotal();
  }

  onPreset(event) {
    const button = event.target.closest("[data-week-preset], [data-week-copy]");
    if (!button) return;
    if (button.dataset.weekCopy) {
      const monday = this.days[this.lines.findIndex((_line, day) => this.weekday(day) === 1)];
      const copies = new Set(button.dataset.weekCopy.split(" ").map(Number));
      this.days = this.days.map((spans, day) => (copies.has(this.weekday(day)) ? monday : spans));
    } else {
      const week = JSON.parse(button.dataset.weekPreset);
      this.days = this.days.map((_spans, day) => week[this.weekday(day)] ?? []);
    }
    this.drawAll();
    this.write([...this.days.keys()]);
  }

  /** The ISO weekday of a line: the lines stand in the order of the reader's week. */
  weekday(day) {
    return Number(this.lines[day].dataset.weekday);
  }

  /** Put the painted days into their lines, say them, and let the form know once. */
  write(days) {
    for (const day of days) {
      this.lines[day].value = writeHours(this.days[day]);
      this.lines[day].classList.remove("is-invalid");
    }
    if (!days.length) return;
    this.said.textContent = days.map((day) => this.words(day)).join(", ");
    this.lines[days[0]].dispatchEvent(new Event("change", { bubbles: true }));
    this.drawTotal();
  }

  words(day) {
    const hours = writeHours(this.days[day]) || this.grid.dataset.closed;
    return fill(this.grid.dataset.said, { day: this.names[day], hours });
  }

  // --- drawing

  drawAll() {
    for (let day = 0; day < DAYS; day += 1) this.drawDay(day);
    this.drawTotal();
  }

  drawDay(day) {
    const spans = this.days[day];
    for (const [slot, cell] of this.cells[day].entries()) {
      const [start, end] = [slot * SLOT, (slot + 1) * SLOT];
      const part = overlap(spans, start, end);
      cell.setAttribute("aria-selected", String(Boolean(part)));
      cell.style.setProperty("--from", part ? (part[0] - start) / SLOT : 0);
      cell.style.setProperty("--to", part ? (part[1] - start) / SLOT : 0);
      cell.toggleAttribute("data-starts", Boolean(part) && spans.some(([from]) => from === part[0]));
      cell.toggleAttribute("data-ends", Boolean(part) && spans.some(([, to]) => to === part[1]));
    }
  }

  drawTotal() {
    const minutes = this.days.flat().reduce((sum, [start, end]) => sum + end - start, 0);
    const hours = (minutes / 60).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 });
    this.total.textContent = minutes ? fill(this.grid.dataset.total, { hours }) : "";
  }

  isOpen(day, slot) {
    return Boolean(overlap(this.days[day], slot * SLOT, (slot + 1) * SLOT));
  }
}

function place(cell) {
  return [Number(cell.dataset.day), Number(cell.dataset.slot)];
}

function within(number, size) {
  return Math.min(Math.max(number, 0), size - 1);
}

function same(one, other) {
  return writeHours(one) === writeHours(other);
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
}

function element(tag, properties, attributes = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

for (const week of document.querySelectorAll("[data-week]")) new WeekPainter(week);
