// Single-key shortcuts: off while typing, with a modifier, in a dialog, or if the person has turned them off.
const STORE = "shortcuts";

export const keysAreOn = () => localStorage.getItem(STORE) !== "off";

export function switchKeys(on) {
  localStorage.setItem(STORE, on ? "on" : "off");
}

function isBusy(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const target = event.target;
  if (target.closest("input, textarea, select, dialog, [contenteditable]")) return true;
  return event.key === " " && target.closest("button, a, summary, label");
}

/** Bind keys (KeyboardEvent.key, letters in lower case) to functions. */
export function bindKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = actions[key];
    if (!action || isBusy(event) || !keysAreOn()) return;
    event.preventDefault();
    action();
  });
}
