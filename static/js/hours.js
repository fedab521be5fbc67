// Hours of a day as people write them, to spans of minutes and back; the server reads the same.

export const DAY = 24 * 60;
const TIME = "(\\d{1,2})(?:[:.h](\\d{2}))?";
const PIECE = new RegExp(`^${TIME}\\s*[-–—]\\s*${TIME}$`);

/** "9-13, 14:30-18" to [[540, 780], [870, 1080]]; null when it cannot be read. */
export function readHours(text) {
  const spans = [];
  for (const piece of text.split(/[,;\n+]/).map((part) => part.trim()).filter(Boolean)) {
    const found = PIECE.exec(piece);
    if (!found || Number(found[2] ?? 0) > 59 || Number(found[4] ?? 0) > 59) return null;
    const start = Number(found[1]) * 60 + Number(found[2] ?? 0);
    const end = Number(found[3]) * 60 + Number(found[4] ?? 0) || DAY;
    if (start >= end || end > DAY) return null;
    spans.push([start, end]);
  }
  return joined(spans);
}

/** The inverse of readHours. */
export function writeHours(spans) {
  return spans.map(([start, end]) => `${writeTime(start)}–${writeTime(end)}`).join(", ");
}

export function writeTime(minute) {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** The spans with [start, end) opened. */
export function opened(spans, start, end) {
  return joined([...spans, [start, end]]);
}

/** The spans with [start, end) closed. */
export function closed(spans, start, end) {
  return spans
    .flatMap(([from, to]) => [[from, Math.min(to, start)], [Math.max(from, end), to]])
    .filter(([from, to]) => from < to);
}

/** The minutes of [start, end) that are open, as [first, last] or null. */
export function overlap(spans, start, end) {
  const inside = spans.filter(([from, to]) => from < end && to > start);
  if (!inside.length) return null;
  return [Math.max(start, inside[0][0]), Math.min(end, inside.at(-1)[1])];
}

function joined(spans) {
  const result = [];
  for (const [start, end] of spans.toSorted((one, other) => one[0] - other[0])) {
    const last = result.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}
