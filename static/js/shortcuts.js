import { bindKeys, keysAreOn, switchKeys } from "./keys.js";

const help = document.querySelector("dialog[data-help]");

function openHelp() {
  if (help && !help.open) help.showModal();
}

function focusSearch() {
  const field = document.querySelector("main [data-search]") ?? document.querySelector("[data-search]");
  field?.focus();
  field?.select();
}

bindKeys({ "/": focusSearch, "?": openHelp });

for (const button of document.querySelectorAll("[data-help-open]")) button.addEventListener("click", openHelp);

const box = help?.querySelector("[data-keys-switch]");
if (box) {
  box.checked = keysAreOn();
  box.addEventListener("change", () => switchKeys(box.checked));
}
