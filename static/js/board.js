// The board: a card is dragged, or lifted and moved by keys, or moved by its form. The server's
// gate decides; a refusal is told on the card, which goes back; what needs more opens a dialog.
(() => {
  "use strict";
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const { csrf, announce, toast } = window.shell;
  const words = JSON.parse(document.getElementById("board-words").textContent);
  const tell = (key, params) => words[key].replace(/%\((\w+)\)s/g, (_, name) => params[name] ?? "");
  const cardOf = (node) => node.closest?.("[data-card]");
  const columnOf = (node) => node.closest?.("[data-column]");
  const column = (key) => board.querySelector(`[data-column="${key}"]`);
  const label = (key) => column(key)?.dataset.label || key;
  const targets = () => [...board.querySelectorAll("[data-column]")];
  const mark = (target) => targets().forEach((one) => one.classList.toggle("is-target", one === target));
  const grip = (card) => card?.querySelector("[data-grip]");
  const FOCUS = "board-focus";

  // --- a drop ------------------------------------------------------------------------------------
  async function drop(card, key, fields = {}) {
    const from = card.dataset.stage;
    if (key === from) return;
    const place = card.nextElementSibling;
    const home = card.parentElement;
    const put = column(key)?.querySelector("[data-cards]");
    if (put) put.prepend(card);
    card.setAttribute("aria-busy", "true");
    const back = () => { home.insertBefore(card, place); card.removeAttribute("aria-busy"); };
    let answer;
    try {
      answer = await send(card, key, from, fields);
    } catch {
      back();
      toast({ text: words.offline, level: "error", icon: "alert-circle" });
      return;
    }
    if (answer.ask) {
      back();
      question(answer.ask, card, key);
    } else if (answer.refused) {
      back();
      renew(card, answer.card);
      announce(tell("refused", { name: card.dataset.name, stage: label(from), why: answer.refused }));
    } else {
      renew(card, answer.card);
      heads(answer.heads);
      toast(answer.toast);
      announce(tell("moved", { name: card.dataset.name, stage: label(key) }));
    }
  }

  async function send(card, key, from, fields) {
    const body = new URLSearchParams({ to_stage: key, expected: from, query: board.dataset.query, ...fields });
    const answer = await fetch(card.dataset.url, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": csrf() },
    });
    if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
    return answer.json();
  }

  function renew(card, html) {
    const fresh = fragment(html).querySelector("[data-card]");
    const focused = card.contains(document.activeElement);
    card.replaceWith(fresh);
    window.htmx?.process(fresh);
    if (focused || !document.activeElement || document.activeElement === document.body) {
      (grip(fresh) || fresh.querySelector("a"))?.focus({ preventScroll: true });
    }
  }
  function heads(all) {
    for (const [stage, html] of Object.entries(all)) {
      column(stage)?.querySelector("[data-head]")?.replaceWith(fragment(html).firstElementChild);
    }
  }
  function fragment(html) {
    const made = document.createElement("template");
    made.innerHTML = html.trim();
    return made.content;
  }

  // --- what a drop cannot say: the form of that page, in a dialog --------------------------------
  const dialog = document.getElementById("board-question");
  async function question(url, card, key) {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!show(page)) {
      location.assign(url);
      return;
    }
    dialog.dataset.card = card.id;
    dialog.showModal();
    dialog.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    announce(`${card.dataset.name}: ${label(key)}`);
  }
  function show(page) {
    const form = page.querySelector("main form[data-question], main form[method=post]");
    if (!form) return false;
    dialog.querySelector("h2").textContent = page.querySelector("h1")?.textContent.trim() || words.question;
    dialog.querySelector("[data-question-place]").replaceChildren(document.importNode(form, true));
    return true;
  }
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-cancel], .form-actions a")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    const card = document.getElementById(dialog.dataset.card);
    (grip(card) || card?.querySelector("a"))?.focus();
  });
  dialog.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    event.submitter?.setAttribute("aria-busy", "true");
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": csrf() } });
    if (answer.type === "opaqueredirect") {
      sessionStorage.setItem(FOCUS, dialog.dataset.card);
      location.reload();
      return;
    }
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    dialog.querySelector("[aria-invalid=true]")?.focus();
  });
  const kept = sessionStorage.getItem(FOCUS);
  if (kept) {
    sessionStorage.removeItem(FOCUS);
    const card = document.getElementById(kept);
    (grip(card) || card?.querySelector("a"))?.focus();
  }

  // --- by hand -----------------------------------------------------------------------------------
  let dragged = null;
  board.addEventListener("dragstart", (event) => {
    dragged = cardOf(event.target);
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.id);
    dragged.classList.add("is-dragged");
    board.classList.add("is-moving");
  });
  board.addEventListener("dragover", (event) => {
    const target = dragged && columnOf(event.target);
    if (!target) return;
    event.preventDefault();
    mark(target);
  });
  board.addEventListener("drop", (event) => {
    const target = dragged && columnOf(event.target);
    if (!target) return;
    event.preventDefault();
    drop(dragged, target.dataset.column);
  });
  board.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    board.classList.remove("is-moving");
    mark(null);
    dragged = null;
  });

  // --- by keys -----------------------------------------------------------------------------------
  let lifted = null;
  function lift(card) {
    lifted = { card, at: targets().findIndex((one) => one.dataset.column === card.dataset.stage) };
    card.classList.add("is-lifted");
    board.classList.add("is-moving");
    grip(card).setAttribute("aria-pressed", "true");
    mark(targets()[lifted.at]);
    announce(tell("lifted", { name: card.dataset.name, stage: label(card.dataset.stage) }));
  }
  function lay() {
    const { card, at } = lifted;
    lifted = null;
    card.classList.remove("is-lifted");
    board.classList.remove("is-moving");
    grip(card)?.setAttribute("aria-pressed", "false");
    mark(null);
    return [card, targets()[at].dataset.column];
  }
  function putBack() {
    const [card] = lay();
    announce(tell("back", { name: card.dataset.name, stage: label(card.dataset.stage) }));
  }
  function reach(step) {
    const all = targets();
    lifted.at = Math.min(Math.max(lifted.at + step, 0), all.length - 1);
    mark(all[lifted.at]);
    all[lifted.at].scrollIntoView({ block: "nearest", inline: "nearest" });
    announce(tell("over", { stage: all[lifted.at].dataset.label }));
  }
  function neighbour(card, step) {
    const all = [...card.parentElement.querySelectorAll("[data-card]")];
    grip(all[all.indexOf(card) + step])?.focus();
  }
  board.addEventListener("keydown", (event) => {
    const card = event.target.matches("[data-grip]") && cardOf(event.target);
    if (!card) return;
    const keys = {
      Enter: () => (lifted ? drop(...lay()) : lift(card)),
      " ": () => (lifted ? drop(...lay()) : lift(card)),
      Escape: () => lifted && putBack(),
      ArrowRight: () => lifted && reach(1),
      ArrowLeft: () => lifted && reach(-1),
      ArrowDown: () => !lifted && neighbour(card, 1),
      ArrowUp: () => !lifted && neighbour(card, -1),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  board.addEventListener("focusout", (event) => {
    if (lifted && event.target.matches("[data-grip]") && lifted.card.isConnected) putBack();
  });

  // --- by the card's form ------------------------------------------------------------------------
  board.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-move]")) return;
    event.preventDefault();
    drop(cardOf(event.target), event.target.elements.to_stage.value);
  });
})();
