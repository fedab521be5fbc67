// Countdown chips: by the minute, by the second under 5 minutes; late ones say how late.
(() => {
  "use strict";
  const { say } = window.shell;
  const MINUTE = 60;
  const BY_SECOND = 5 * MINUTE;

  function span(seconds) {
    if (seconds < BY_SECOND) {
      const rest = seconds % MINUTE;
      const parts = seconds >= MINUTE ? [say("minutes", { n: Math.floor(seconds / MINUTE) })] : [];
      if (rest || !parts.length) parts.push(say("seconds", { n: rest }));
      return parts.join(" ");
    }
    const minutes = Math.floor(seconds / MINUTE);
    const units = [["days", 1440], ["hours", 60], ["minutes", 1]];
    const parts = [];
    let left = minutes;
    for (const [word, size] of units) {
      const n = Math.floor(left / size);
      left -= n * size;
      if (n) parts.push(say(word, { n }));
    }
    return parts.slice(0, 2).join(" ");
  }

  function tick(chip, now) {
    const due = Date.parse(chip.dataset.countdown);
    const seconds = Math.floor(Math.abs(due - now) / 1000);
    const late = now > due;
    const warned = chip.dataset.warn && now >= Date.parse(chip.dataset.warn);
    const tone = late ? "late" : warned ? "at-risk" : "on-track";
    for (const name of ["late", "at-risk", "on-track"]) chip.classList.toggle(`tone-${name}`, name === tone);
    const use = chip.querySelector("use");
    if (use) use.setAttribute("href", use.getAttribute("href").replace(/#.*/, late ? "#flag" : "#clock"));
    const text = say(late ? "late" : "left", { span: span(seconds) });
    const time = chip.querySelector("time");
    if (time.textContent !== text) time.textContent = text;
    return seconds < BY_SECOND + MINUTE;
  }

  // The server's time, not this machine's: the page says when it was made.
  const made = Date.parse(document.documentElement.dataset.now || "");
  const offset = Number.isNaN(made) ? 0 : made - Date.now();
  let timer = null;
  function run() {
    clearTimeout(timer);
    const now = Date.now() + offset;
    let near = false;
    document.querySelectorAll("[data-countdown]").forEach((chip) => { near = tick(chip, now) || near; });
    timer = setTimeout(run, near ? 1000 : 15000);
  }
  run();
  document.addEventListener("htmx:afterSettle", run);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) run(); });
})();
