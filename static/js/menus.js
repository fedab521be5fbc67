// Menus under a button: click, arrows, Escape; and the left bar.
(() => {
  "use strict";
  const listOf = (button) => button.parentElement.querySelector(":scope > .menu-list");
  const items = (list) =>
    [...list.querySelectorAll("a[href], button, input")].filter((item) => !item.disabled);

  function close(button, focus = false) {
    const list = listOf(button);
    if (!list || list.hidden) return;
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (focus) button.focus();
  }
  function closeAll(except) {
    document.querySelectorAll('[data-menu][aria-expanded="true"]').forEach((button) => {
      if (button !== except) close(button);
    });
  }
  function open(button) {
    closeAll(button);
    const list = listOf(button);
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    keepInside(list);
  }
  function keepInside(list) {
    list.parentElement.classList.remove("menu-left");
    if (list.getBoundingClientRect().left < 8) list.parentElement.classList.add("menu-left");
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-menu]");
    if (button) {
      if (listOf(button).hidden) open(button); else close(button);
      return;
    }
    const inside = event.target.closest(".menu-list");
    if (!inside) closeAll();
    else if (event.target.closest("a, button")) closeAll();
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".menu");
    const button = menu?.querySelector(":scope > [data-menu]");
    if (!button) return;
    const list = listOf(button);
    if (event.key === "Escape" && !list.hidden) {
      close(button, true);
      event.stopPropagation();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open(button);
      const all = items(list);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = all.indexOf(document.activeElement);
      all[at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length]?.focus();
    } else if (event.key === "Tab") {
      requestAnimationFrame(() => { if (!menu.contains(document.activeElement)) close(button); });
    }
  });

  document.addEventListener("click", (event) => {
    const root = document.documentElement;
    if (event.target.closest("[data-bar-collapse]")) {
      const slim = root.dataset.bar !== "slim";
      if (slim) root.dataset.bar = "slim"; else delete root.dataset.bar;
      try { localStorage.setItem("bar", slim ? "slim" : "wide"); } catch { /* not kept */ }
    }
    const more = event.target.closest("[data-bar-more]");
    const list = document.getElementById("bar-list");
    if (!list) return;
    const opened = Boolean(more) && !("open" in list.dataset);
    if (opened) list.dataset.open = ""; else delete list.dataset.open;
    list.querySelector("[data-bar-more]")?.setAttribute("aria-expanded", String(opened));
  });
})();
