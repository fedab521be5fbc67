// The command menu: go, find, act. Entries come from the server, actions from the page
// (any element with `data-command`), answers of the search as one types.
(() => {
  "use strict";
  const { say, element, icon, announce } = window.shell;
  const palette = document.getElementById("palette");
  if (!palette) return;
  const input = palette.querySelector(".palette-input");
  const list = document.getElementById("palette-list");
  let commands = null;
  let hits = [];
  let shown = [];
  let at = 0;
  let asked = 0;
  let timer = null;

  function pageActions() {
    return [...document.querySelectorAll("[data-command]")]
      .filter((each) => !each.closest("[hidden]") && !each.disabled)
      .map((each) => ({
        group: say("page"), label: each.dataset.command || each.textContent.trim(),
        icon: "bolt", keys: each.dataset.key || "", act: () => each.click(),
      }));
  }
  async function load() {
    if (commands) return;
    const answer = await fetch(palette.dataset.commands, { headers: { Accept: "application/json" } });
    commands = answer.ok ? (await answer.json()).commands : [];
  }

  // Letters in order, near each other and at the beginnings of words, score higher; 0 is no match.
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  function score(query, text) {
    const whole = text.indexOf(query);
    if (whole >= 0) return 1000 - whole - (text[whole - 1] === " " || whole === 0 ? 0 : 100);
    let place = -1;
    let sum = 0;
    for (const letter of query) {
      const next = text.indexOf(letter, place + 1);
      if (next < 0) return 0;
      sum += next === place + 1 ? 8 : text[next - 1] === " " || next === 0 ? 6 : 1;
      place = next;
    }
    return sum >= query.length * 3 ? sum : 0;
  }
  function matching(query) {
    const all = [...pageActions(), ...(commands || [])];
    if (!query) return all;
    const scored = all.map((entry) => ({
      entry, points: Math.max(score(query, plain(entry.label)), score(query, plain(entry.keywords || "")) - 400),
    }));
    // The server has found the hits by more than their label: they stay, in its order.
    const found = hits.map((entry) => ({ entry, points: Math.max(score(query, plain(entry.label)), 500) }));
    return [...scored.filter(({ points }) => points > 0), ...found]
      .sort((a, b) => b.points - a.points)
      .map(({ entry }) => entry);
  }

  function option(entry, index) {
    const row = element("div", { class: "palette-option", role: "option", id: `palette-${index}`, "aria-selected": String(index === at) },
      icon(entry.icon || "arrow-right"), element("span", { class: "nowrap" }, entry.label));
    if (entry.detail) row.append(element("span", { class: "palette-detail" }, entry.detail));
    if (entry.keys) {
      const keys = element("span", { class: "palette-keys", "aria-hidden": "true" });
      entry.keys.split(" ").forEach((key) => keys.append(element("kbd", {}, key), " "));
      row.append(keys);
    }
    row.addEventListener("mousemove", () => { if (at !== index) select(index); });
    row.addEventListener("click", () => run(entry));
    return row;
  }
  function render() {
    const query = plain(input.value.trim());
    const ordered = matching(query);
    const groups = [...new Set(ordered.map((entry) => entry.group))];
    shown = groups.flatMap((name) => ordered.filter((entry) => entry.group === name).slice(0, query ? 8 : 12));
    at = 0;
    list.textContent = "";
    for (const name of groups) {
      const head = element("div", { class: "palette-group", role: "presentation" }, name);
      const box = element("div", { role: "group", "aria-label": name }, head);
      shown.forEach((entry, index) => { if (entry.group === name) box.append(option(entry, index)); });
      list.append(box);
    }
    if (!shown.length) {
      list.append(element("div", { class: "palette-empty" }, say(timer ? "searching" : "nothing")));
    }
    select(0);
  }
  function select(index) {
    at = Math.max(0, Math.min(shown.length - 1, index));
    list.querySelectorAll('[role="option"]').forEach((row) => {
      row.setAttribute("aria-selected", String(row.id === `palette-${at}`));
    });
    const row = document.getElementById(`palette-${at}`);
    if (row) input.setAttribute("aria-activedescendant", row.id);
    else input.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }
  function run(entry) {
    palette.close();
    if (entry.act) entry.act(); else location.assign(entry.url);
  }

  async function find(query) {
    const turn = ++asked;
    try {
      const answer = await fetch(`${palette.dataset.search}?q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } });
      const found = answer.ok ? (await answer.json()).hits : [];
      if (turn !== asked) return;
      hits = found;
    } catch {
      hits = [];
    }
    timer = null;
    render();
    announce(say("results", { n: shown.length }));
  }
  input.addEventListener("input", () => {
    const query = input.value.trim();
    clearTimeout(timer);
    timer = null;
    hits = [];
    asked += 1;
    if (query.length >= 2) timer = setTimeout(() => find(query), 150);
    render();
  });
  input.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 };
    if (event.key in moves) {
      event.preventDefault();
      const wrap = event.key.startsWith("Arrow") && shown.length;
      select(wrap ? (moves[event.key] + shown.length) % shown.length : moves[event.key]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (shown[at]) run(shown[at]);
    }
  });

  function open(text = "") {
    if (palette.open) return;
    input.value = text;
    hits = [];
    palette.showModal();
    input.focus();
    render();
    load().then(render, () => {});
    if (text.length >= 2) find(text);
  }
  window.shell.openPalette = open;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (palette.open) palette.close(); else open();
    }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-palette-open]");
    if (!opener) return;
    event.preventDefault();
    open(opener.value || "");
  });
  // A letter typed into the search box of the top bar belongs to the menu.
  document.addEventListener("input", (event) => {
    const box = event.target.closest?.("input[data-palette-open]");
    if (!box) return;
    const typed = box.value;
    box.value = "";
    open(typed);
  });
})();
