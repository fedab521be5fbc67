// Keys: `?` lists them, `g` and a letter goes, `j k x` and Enter work in lists, and every element
// with `data-key` is clicked by its key. Single keys can be switched off in the preferences.
(() => {
  "use strict";
  const single = document.body.hasAttribute("data-single-keys");
  const typing = (target) => target.closest?.('input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable], [role="application"]');
  const visible = (each) => each.getClientRects().length > 0 && !each.closest("[hidden]");

  function openList() {
    const dialog = document.getElementById("shortcuts");
    if (!dialog || dialog.open) return;
    const box = dialog.querySelector("[data-page-keys]");
    if (box) {
      const keys = box.querySelector("dl");
      keys.textContent = "";
      const known = new Set();
      document.querySelectorAll("[data-key]").forEach((each) => {
        if (known.has(each.dataset.key) || !visible(each)) return;
        known.add(each.dataset.key);
        const label = each.dataset.command || each.getAttribute("aria-label") || each.textContent.trim();
        keys.append(window.shell.element("dt", {}, label), window.shell.element("dd", {}, window.shell.element("kbd", {}, each.dataset.key)));
      });
      box.hidden = known.size === 0;
    }
    dialog.showModal();
  }

  // The element of a key: in the row under the cursor first, then anywhere on the page, save what
  // belongs to a row that nobody has chosen.
  function holder(key) {
    const selector = `[data-key="${CSS.escape(key)}"]`;
    const row = window.shell.list.current();
    const near = row ? [...row.querySelectorAll(selector)] : [];
    return [...near, ...document.querySelectorAll(`${selector}:not([data-row-only])`)].find(visible);
  }
  function search() {
    const own = [...document.querySelectorAll("[data-list-search]")].find(visible);
    if (own) own.focus(); else window.shell.openPalette?.();
  }

  let prefix = "";
  let timer = null;
  function go(letter) {
    const link = document.querySelector(`[data-shortcut="g ${CSS.escape(letter)}"]`);
    if (link) location.assign(link.href);
    return Boolean(link);
  }
  const acts = {
    j: () => window.shell.list.next(),
    k: () => window.shell.list.previous(),
    x: () => window.shell.list.toggle(),
    "/": () => { search(); return true; },
    g: () => {
      prefix = "g";
      clearTimeout(timer);
      timer = setTimeout(() => { prefix = ""; }, 1200);
      return true;
    },
  };
  function press(key) {
    if (prefix === "g") {
      prefix = "";
      return go(key);
    }
    const element = holder(key);
    if (element) {
      element.click();
      element.dispatchEvent(new CustomEvent("key-clicked", { bubbles: true }));
      return true;
    }
    return acts[key]?.() || false;
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      if (!single) return;
      event.preventDefault();
      openList();
    } else if (single && event.key.length === 1 && press(event.key.toLowerCase())) {
      event.preventDefault();
    }
  });
})();
