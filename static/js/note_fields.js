// The fields of a note's form: what they hold, and putting something in.
export const form = document.querySelector("[data-note]");

const inputsOf = (field) => form.querySelectorAll(`[name="field-${CSS.escape(field)}"]`);

export const fieldOf = (element) => element.closest("[data-note-field]")?.dataset.noteField;
export const hasField = (field) => form !== null && inputsOf(field).length > 0;
export const labelOf = (field) => inputsOf(field)[0].closest(".field").querySelector(".field__label").firstChild.textContent.trim();

// As strings, as the form sends them; none for what is not ticked.
export const held = (field) => new FormData(form).getAll(`field-${field}`).map((value) => value.replaceAll("\r\n", "\n"));

export function put(field, values) {
  for (const input of inputsOf(field)) {
    if (input.type === "checkbox") input.checked = values.includes(input.value);
    else input.value = values[0] ?? "";
  }
}

// What was written in another tab in the meantime: it must be seen before it can be overwritten.
export function show(field, value) {
  for (const input of inputsOf(field)) {
    if (input.type === "checkbox") input.checked = Array.isArray(value) ? value.includes(input.value) : Boolean(value);
    else input.value = value ?? "";
  }
}
