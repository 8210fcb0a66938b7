// Inserts a text snippet where the cursor was in a note: opened by F2 or the button, chosen with arrows and Enter.
import { keysAreOn } from "./keys.js";

const KEY = "F2";
const form = document.querySelector("[data-note]");
const dialog = document.querySelector("dialog[data-snippets]");
const list = dialog.querySelector("[data-snippets-list]");
const into = dialog.querySelector("[data-snippets-into]");
let field = null;

const isText = (element) => element.matches("[data-note-field] :is(textarea, input[type=text])");
const labelOf = (element) => element.labels[0]?.childNodes[0].textContent.trim() ?? "";

async function load() {
  try {
    const answer = await fetch(list.dataset.url, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(answer.statusText);
    list.innerHTML = await answer.text();
  } catch {
    list.textContent = "Your snippets cannot be loaded. Please try again.";
  }
  list.querySelector("[data-snippet]")?.focus();
}

function open() {
  field ??= form.querySelector("[data-note-field] textarea");
  if (dialog.open || !field) return;
  into.textContent = `Into “${labelOf(field)}”, at the cursor`;
  dialog.showModal();
  load();
}

function insert(text) {
  dialog.close();
  const words = field.matches("textarea") ? text : text.replace(/\s*\n\s*/g, " ");
  const room = field.maxLength < 0 ? words.length : field.maxLength - field.value.length;
  field.focus();
  field.setRangeText(words.slice(0, Math.max(0, room)), field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function step(from, by) {
  const all = [...list.querySelectorAll("[data-snippet]")];
  all[Math.min(Math.max(0, all.indexOf(from) + by), all.length - 1)]?.focus();
}

form.addEventListener("focusin", ({ target }) => {
  if (isText(target)) field = target;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== KEY || event.ctrlKey || event.altKey || event.metaKey || !keysAreOn()) return;
  event.preventDefault();
  open();
});

for (const link of document.querySelectorAll("[data-snippets-open]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
}

list.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-snippet]");
  if (chosen) insert(chosen.value);
});

list.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  step(event.target, by);
});
