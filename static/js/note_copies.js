// Offers texts that were kept on this computer because they could not be saved; nothing is applied without a click.
import { hasField, held } from "./note_fields.js";

// The form of all other dates: the page's language is that of the reader's locale.
const TIME = { hour: "numeric", minute: "2-digit" };
const DAY = { day: "numeric", month: "short", year: "numeric" };

// In the person's own zone, as all other times; in the computer's if the browser does not know that one.
function zoned(zone) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function moment(at, zone) {
  const timeZone = zoned(zone);
  const [date, day] = [new Date(at), (one) => one.toLocaleDateString("en", { timeZone })];
  const parts = day(date) === day(new Date()) ? TIME : { ...DAY, ...TIME };
  // Browsers put a narrow space before "PM".
  return date.toLocaleString(document.documentElement.lang, { timeZone, ...parts }).replace("\u202f", " ");
}

const plain = (text) => text.replace(/\s+/g, " ").trim();
const shown = (field) => document.querySelector(`article [data-note-text="${CSS.escape(field)}"]`)?.innerText ?? "";

// Whether the note has it already: in its form, or where it is only read, as after the form was saved to be signed.
function isHeld([field, { values }]) {
  if (hasField(field)) return JSON.stringify(held(field)) === JSON.stringify(values);
  return document.querySelector("article [data-note-text]") !== null && plain(shown(field)) === plain(values.join(", "));
}

function describe(list, fields) {
  list.replaceChildren();
  for (const [, { label, values }] of fields) {
    const [term, text] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = label;
    text.textContent = values.join(", ") || "Left empty";
    list.append(term, text);
  }
}

function showOne(copies, place, copy, apply) {
  const section = place.querySelector("template").content.cloneNode(true).firstElementChild;
  const fields = Object.entries(copy.fields).filter((entry) => !isHeld(entry));
  const [fitting, left] = [fields.filter(([field]) => hasField(field)), fields.filter(([field]) => !hasField(field))];
  const keepButton = section.querySelector("[data-copy-keep]");
  section.querySelector("[data-copy-at]").textContent = moment(copy.at, place.dataset.zone);
  describe(section.querySelector("[data-copy-texts]"), fields);

  function close() {
    copies.drop(copy.name);
    section.remove();
    (document.querySelector("[data-note-field] :is(input, textarea, select)") ?? document.querySelector("main")).focus();
  }

  function onlyRead() {
    keepButton.remove();
    describe(section.querySelector("[data-copy-texts]"), left);
    section.querySelector("[data-copy-left]").hidden = false;
  }

  if (!fitting.length) onlyRead();
  keepButton.addEventListener("click", async () => {
    await apply(copy, fitting);
    if (left.length) onlyRead();
    else close();
  });
  section.querySelector("[data-copy-discard]").addEventListener("click", close);
  place.append(section);
}

// `apply` puts fields into the form and saves them; without it, the texts are only shown.
export async function offer(copies, place, apply) {
  for (const copy of (await copies?.earlier()) ?? []) {
    if (Object.entries(copy.fields).every(isHeld)) copies.drop(copy.name);
    else showOne(copies, place, copy, apply);
  }
}
