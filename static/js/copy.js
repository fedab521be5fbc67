// Buttons that copy: `data-copy` holds the text.
(() => {
  "use strict";
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const field = button.closest("[data-copy-row]")?.querySelector("input");
      field?.select();
      return;
    }
    window.shell?.toast({ text: button.dataset.copied, level: "success", icon: "circle-check" });
  });
})();
