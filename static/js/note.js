// Saves a note while it is written: only the fields that changed, on top of the revision that was read. What cannot be
// saved is kept on this computer, encrypted, until it can.
import { forgetCopies, openCopies } from "./copies.js";
import { offer } from "./note_copies.js";
import { fieldOf, form, held, labelOf, put, show } from "./note_fields.js";

const WAIT = 1500; // ms without a key
const OVERTAKEN = "Changed in another tab: save to see both texts";
const LONG = 20_000; // ms after which a connection counts as lost
const state = document.querySelector("[data-note-state]");
const place = document.querySelector("[data-note-copies]");
const copies = openCopies(place.dataset.noteCopies, place.dataset.copyKey);
const changed = new Set();
const typed = new Set(); // since the save that is under way began
let timer = 0;
let isSaving = false;
let isOvertaken = false; // by another tab: the server has the refused text, and would keep one more with each save

const say = (text) => (state.textContent = text);
function saveIn(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

function body(fields) {
  const data = new FormData(form);
  data.delete("template");
  for (const field of fields) data.append("changed", field);
  return data;
}

async function keep() {
  const entries = [...changed].map((field) => [field, { label: labelOf(field), values: held(field) }]);
  const copy = { at: Date.now(), revision: Number(form.elements.revision.value), fields: Object.fromEntries(entries) };
  const isKept = await copies?.keep(copy);
  say(isKept ? "Not saved yet: kept on this computer" : "Not saved: no connection. Your text is kept on this page.");
}

function saved({ revision, saved_at: at, elsewhere }) {
  for (const [field, value] of Object.entries(elsewhere)) if (!changed.has(field)) show(field, value);
  // Typed over in the meantime: the next save has to notice the conflict.
  if (!Object.keys(elsewhere).some((field) => changed.has(field))) form.elements.revision.value = revision;
  form.dataset.guard = changed.size ? "dirty" : "";
  copies?.drop();
  say(`Saved ${at}`);
}

async function refused(problem) {
  if (problem.code === "edit_conflict") {
    copies?.drop(); // the server keeps the refused text as a version
    isOvertaken = true;
    say(OVERTAKEN);
  } else {
    await keep();
    say(problem.detail ?? "Not saved");
  }
}

function signedOut() {
  forgetCopies();
  say("Not saved: you are signed out. Copy your text before you leave this page.");
}

async function send(fields) {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: body(fields),
    signal: AbortSignal.timeout(LONG),
  });
  if (answer.redirected) return signedOut;
  if (answer.status >= 500 || answer.status === 429) throw new Error("busy");
  const result = await answer.json();
  if (!answer.ok) return () => refused(result);
  for (const field of fields) if (!typed.has(field)) changed.delete(field);
  return () => saved(result);
}

async function save() {
  if (!changed.size) return;
  if (isSaving) return keep();
  if (isOvertaken) return keep().then(() => say(OVERTAKEN));
  isSaving = true;
  typed.clear();
  say("Saving …");
  try {
    await (await send([...changed]))();
    if (typed.size) saveIn(WAIT);
  } catch {
    await keep();
    saveIn(10 * WAIT);
  } finally {
    isSaving = false;
  }
}

form.addEventListener("input", (event) => {
  const field = fieldOf(event.target);
  if (!field) return;
  changed.add(field);
  typed.add(field);
  if (navigator.onLine) say("Not saved yet");
  saveIn(WAIT);
});

form.addEventListener("submit", (event) => {
  if (changed.size) keep();
  if (navigator.onLine) return;
  event.preventDefault();
  setTimeout(() => (form.dataset.guard = "dirty"), 0); // a submitted form counts as saved
});

addEventListener("online", save);

// An earlier text is put into the form only when its writer says so, on top of the revision that it was written on.
offer(copies, place, (copy, fields) => {
  for (const [field, { values }] of fields) {
    put(field, values);
    changed.add(field);
  }
  form.elements.revision.value = Math.min(form.elements.revision.value, copy.revision);
  form.dataset.guard = "dirty";
  return save();
});
