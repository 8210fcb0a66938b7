// Polls for [data-poll] elements: every 2 s, slower over time and after errors, not in hidden tabs, never after a 286.
const FIRST = 2000;
const SLOWEST = 15000;

function isListening() {
  return [...document.querySelectorAll("audio")].some((audio) => !audio.paused);
}

// A text that was typed, or that came back with an error.
function isWriting() {
  return document.querySelector('form[data-guard="dirty"], form[data-guard] [data-error-summary]') !== null;
}

function reload() {
  if (!isListening() && !isWriting()) return location.reload();
  document.querySelector("[data-poll-ready]")?.removeAttribute("hidden");
}

function announce(element) {
  const place = document.querySelector("[data-poll-announce]");
  const text = element.querySelector("[data-announce]")?.textContent.trim() ?? "";
  if (place && text && place.textContent !== text) place.textContent = text;
}

const stateOf = (element) => element.querySelector("[data-poll-state]")?.dataset.pollState;

// Show the transcript at once, even while the note is still being drafted.
function hasNews(element, before) {
  const now = stateOf(element);
  const withText = ["transcribed", "extracting_notes"];
  return before !== now && withText.includes(now) && !withText.includes(before) && !document.querySelector("[data-lines]");
}

function watch(element) {
  let wait = FIRST;
  let state = stateOf(element);
  let timer = 0;
  let isDone = false;

  const ask = () => htmx.trigger(element, "poll");
  const plan = () => {
    clearTimeout(timer);
    if (!isDone && !document.hidden) timer = setTimeout(ask, wait);
  };

  element.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== element) return;
    const { status } = event.detail.xhr;
    isDone = status === 286 || (status >= 400 && status < 500 && status !== 429);
    wait = Math.min(SLOWEST, wait * (event.detail.successful ? 1.05 : 2));
    if (status === 286 && element.dataset.pollDone === "reload") reload();
  });
  element.addEventListener("htmx:afterSettle", () => {
    announce(element);
    if (!isDone && hasNews(element, state)) reload();
    state = stateOf(element);
  });
  for (const name of ["htmx:afterRequest", "htmx:sendError", "htmx:timeout"]) element.addEventListener(name, plan);
  document.addEventListener("visibilitychange", plan);
  plan();
}

for (const element of document.querySelectorAll("[data-poll]")) watch(element);
