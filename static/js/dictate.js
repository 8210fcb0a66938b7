// Dictation into the field that was used last. Only if the browser recognises speech on this computer: by default, its
// maker's servers would hear what is said.
const box = document.querySelector("[data-dictation]");
const button = box.querySelector("[data-dictate]");
const state = box.querySelector("[data-dictation-state]");
const texts = "[data-note-field] :is(textarea, input[type=text])";
const language = navigator.language;
const Recognition = globalThis.SpeechRecognition;
let field = document.querySelector(texts);
let recognition = null;

async function isLocal() {
  if (!field || !Recognition?.available || !("processLocally" in Recognition.prototype)) return false;
  return (await Recognition.available({ langs: [language], processLocally: true })) === "available";
}

const say = (text) => (state.textContent = text);
const nameOf = (element) => element.labels[0].firstChild.textContent.trim();

function write(text) {
  const before = field.value.slice(0, field.selectionStart);
  const gap = !before || /\s$/.test(before) ? "" : " ";
  field.setRangeText(gap + text.trim(), field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function stop(text) {
  recognition = null;
  button.setAttribute("aria-pressed", "false");
  say(text);
}

function start() {
  recognition = new Recognition();
  Object.assign(recognition, { processLocally: true, continuous: true, interimResults: false, lang: language });
  recognition.addEventListener("result", ({ results, resultIndex }) => {
    for (const result of [...results].slice(resultIndex)) if (result.isFinal) write(result[0].transcript);
  });
  recognition.addEventListener("error", ({ error }) => {
    if (error !== "no-speech" && error !== "aborted") stop("Dictation stopped: no microphone or no speech model.");
  });
  recognition.addEventListener("end", () => recognition && stop("Dictation stopped."));
  recognition.start();
  button.setAttribute("aria-pressed", "true");
  say(`Listening for “${nameOf(field)}”. Nothing leaves this computer.`);
}

document.addEventListener("focusin", ({ target }) => {
  if (!target.matches(texts)) return;
  field = target;
  if (recognition) say(`Listening for “${nameOf(field)}”. Nothing leaves this computer.`);
});

button.addEventListener("click", () => {
  if (recognition) recognition.stop();
  else start();
});

if (await isLocal()) {
  button.hidden = state.hidden = false;
  box.querySelector("[data-dictation-hint]").hidden = true;
}
