// The words that scripts say, in the person's language; one small namespace for all behaviours.
(() => {
  "use strict";
  const holder = document.getElementById("shell-words");
  const words = holder ? JSON.parse(holder.textContent) : {};
  const shell = {};

  // say("late", { span: "2 min" })
  shell.say = (key, params = {}) =>
    (words[key] || key).replace(/%\((\w+)\)s/g, (_, name) => params[name] ?? "");

  shell.language = words.language || "en";

  shell.csrf = () => document.querySelector('meta[name="csrf-token"]')?.content || "";

  // An element from a tag, attributes and children; text is always text.
  shell.element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== false && value != null) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  };

  shell.icon = (name) => {
    const file = document.getElementById("palette")?.dataset.icons || "";
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(space, "use");
    use.setAttribute("href", `${file}#${name}`);
    svg.append(use);
    return svg;
  };

  // Told to screen readers, politely; the same text twice is told twice.
  shell.announce = (text) => {
    const region = document.getElementById("announcements");
    if (!region) return;
    region.textContent = "";
    requestAnimationFrame(() => { region.textContent = text; });
  };

  // Runs `work` on every matching element, now and in whatever htmx brings later.
  shell.eachMatching = (selector, work) => {
    const visit = (root) => {
      if (root.matches?.(selector)) work(root);
      root.querySelectorAll?.(selector).forEach(work);
    };
    visit(document);
    document.addEventListener("htmx:load", (event) => visit(event.detail.elt));
  };

  window.shell = shell;
})();
