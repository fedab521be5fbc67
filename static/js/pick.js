// A long choice list opens with a field to search it. Without a script, on a phone and by arrow keys it is the browser's own.
(() => {
  "use strict";
  const fine = window.matchMedia("(hover: hover) and (pointer: fine)");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  let open = null;

  function made(tag, attributes, text) {
    const node = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    if (text) node.textContent = text;
    return node;
  }

  function close(back) {
    if (!open) return;
    const { select, box } = open;
    open = null;
    box.remove();
    if (back) select.focus();
  }

  function pick(option) {
    const { select } = open;
    const changed = select.value !== option.dataset.value;
    select.value = option.dataset.value;
    close(true);
    if (changed) select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function mark(option) {
    open.list.querySelectorAll("[aria-selected=true]").forEach((one) => one.setAttribute("aria-selected", "false"));
    open.current = option;
    if (!option) return open.field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    const { list } = open;
    const top = option.getBoundingClientRect().top - list.getBoundingClientRect().top;
    if (top < 0 || top + option.offsetHeight > list.clientHeight) list.scrollTop += top - 40;
    open.field.setAttribute("aria-activedescendant", option.id);
    return undefined;
  }

  const shown = () => [...open.list.querySelectorAll("[role=option]:not([hidden])")];

  function narrow() {
    const asked = plain(open.field.value.trim());
    open.list.querySelectorAll("[role=option]").forEach((option) => {
      option.hidden = !(plain(option.textContent).includes(asked) || plain(option.dataset.group).includes(asked));
    });
    open.list.querySelectorAll("[role=group]").forEach((group) => {
      group.hidden = !group.querySelector("[role=option]:not([hidden])");
    });
    open.none.hidden = shown().length > 0;
    mark(shown()[0]);
  }

  function fill(list, select) {
    let n = 0;
    const add = (option, into, group) => {
      n += 1;
      const line = made("div", { role: "option", id: `pick-option-${n}`, class: "pick-option", "data-value": option.value, "data-group": group, "aria-selected": "false" }, option.textContent);
      if (option.selected) line.dataset.chosen = "";
      into.append(line);
    };
    [...select.children].forEach((child, place) => {
      if (child.tagName !== "OPTGROUP") return add(child, list, "");
      const group = made("div", { role: "group", "aria-labelledby": `pick-group-${place}` });
      group.append(made("div", { class: "pick-group", id: `pick-group-${place}`, role: "presentation" }, child.label));
      [...child.children].forEach((option) => add(option, group, child.label));
      return list.append(group);
    });
  }

  function place(box, select) {
    const at = select.getBoundingClientRect();
    const width = Math.max(at.width, 260);
    const below = window.innerHeight - at.bottom;
    box.style.width = `${width}px`;
    box.style.left = `${Math.min(at.left, window.innerWidth - width - 12)}px`;
    box.style.top = box.style.bottom = "";
    if (below > 350 || below > at.top) box.style.top = `${at.bottom + 4}px`;
    else box.style.bottom = `${window.innerHeight - at.top + 4}px`;
    box.style.maxHeight = `${Math.min(340, Math.max(below, at.top) - 12)}px`;
  }

  function show(select, begin) {
    close(false);
    const name = select.getAttribute("aria-label") || "";
    const box = made("div", { class: "pick" });
    const field = made("input", { class: "pick-field", type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "pick-list", "aria-autocomplete": "list", "aria-label": name, autocomplete: "off", placeholder: select.dataset.pick });
    const list = made("div", { class: "pick-list", id: "pick-list", role: "listbox", "aria-label": name });
    const none = made("p", { class: "pick-none", role: "status" }, window.shell.say("nothing"));
    fill(list, select);
    box.append(field, list, none);
    place(box, select);
    document.querySelector("main").append(box);
    open = { select, box, field, list, none, current: null };
    field.value = begin;
    narrow();
    const chosen = list.querySelector("[data-chosen]");
    if (!begin && chosen) mark(chosen);
    field.focus({ preventScroll: true });
    field.addEventListener("input", narrow);
  }

  function move(step) {
    const lines = shown();
    const at = lines.indexOf(open.current);
    if (lines.length) mark(lines[(at + step + lines.length) % lines.length]);
  }

  document.addEventListener("mousedown", (event) => {
    const select = event.target.closest("select[data-pick]");
    if (select && fine.matches && event.button === 0) {
      event.preventDefault();
      if (open?.select === select) close(true);
      else show(select, "");
      return;
    }
    if (open && !event.target.closest(".pick")) close(false);
    if (event.target.closest(".pick-option")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest(".pick-option");
    if (open && option) pick(option);
  });
  document.addEventListener("keydown", (event) => {
    if (open && event.target === open.field) {
      const act = {
        ArrowDown: () => move(1), ArrowUp: () => move(-1), Escape: () => close(true),
        Enter: () => open.current && pick(open.current), Tab: () => close(true),
      }[event.key];
      if (!act) return;
      if (event.key !== "Tab") event.preventDefault();
      event.stopPropagation();
      act();
      return;
    }
    const select = event.target.closest?.("select[data-pick]");
    if (!select || !fine.matches || event.ctrlKey || event.metaKey) return;
    const types = event.key.length === 1 && event.key !== " " && !event.altKey;
    if (!types && !["Enter", " ", "F4"].includes(event.key)) return;
    event.preventDefault();
    show(select, types ? event.key : "");
  });
  window.addEventListener("scroll", (event) => {
    if (open && !open.box.contains(event.target)) place(open.box, open.select);
  }, true);
  window.addEventListener("resize", () => close(false));
  document.addEventListener("htmx:beforeSwap", () => close(false));
})();
