/* Single keys: each presses something that has a button or a link of its own, marked data-key. They
   rest while somebody types, while a dialog is open, and where they were switched off on this
   device. */

const OFF = "single-keys-off";
const TYPING =
  "input:not([type=checkbox], [type=radio], [type=submit]), textarea, select, [contenteditable]";

function allowed(event) {
  /* AltGr is how some keyboards write [ and ]. */
  const held = event.ctrlKey || event.metaKey || event.altKey;
  if (event.defaultPrevented || (held && !event.getModifierState("AltGraph"))) return false;
  if (localStorage.getItem(OFF) || document.querySelector("dialog[open]")) return false;
  return !event.target.closest?.(TYPING);
}

/* In the selected ride first, then anywhere on the page. */
function target(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const seen = (element) => element.checkVisibility?.() ?? true;
  const chosen = document.querySelectorAll(`[aria-current="true"] ${wanted}, #pick ${wanted}`);
  return [...chosen, ...document.querySelectorAll(wanted)].find(seen);
}

function press(element) {
  if (element.matches("form")) element.requestSubmit();
  else if (element.matches("input:not([type=checkbox]), select, textarea")) element.focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.defaultPrevented && (event.ctrlKey || event.metaKey || event.altKey)) {
    const form = event.target.closest?.("form[data-enter]");
    const other = event.altKey && form?.querySelector("[data-alt-enter]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(other || undefined);
    return;
  }
  if (!allowed(event)) return;
  const element = target(event.key.toLowerCase());
  if (!element) return;
  event.preventDefault();
  press(element);
});

for (const box of document.querySelectorAll("[data-keys-switch]")) {
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}

export { allowed };
