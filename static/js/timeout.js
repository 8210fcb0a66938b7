// Warns before the idle session ends, and extends it; all tabs of the browser share their activity.
import { forgetCopies } from "./copies.js";

const KEY = "session-ends";
const WARN = 120_000;
const dialog = document.querySelector("[data-timeout]");

function remember(seconds) {
  localStorage.setItem(KEY, String(Date.now() + seconds * 1000));
}

const remaining = () => Number(localStorage.getItem(KEY)) - Date.now();

function words(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;
}

function look() {
  const left = remaining();
  if (left <= 0) {
    forgetCopies();
    location.replace(location.pathname + location.search);
    return;
  }
  if (left > WARN) {
    if (dialog.open) dialog.close();
  } else {
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[data-timeout-left]").textContent = words(left);
  }
  // Not more often than needed, and at once when the computer wakes up.
  setTimeout(look, left > WARN ? Math.min(left - WARN, 30_000) : 1000);
}

async function stay(event) {
  event.preventDefault();
  try {
    const answer = await fetch(event.target.action, { method: "POST", body: new FormData(event.target), redirect: "error" });
    const seconds = Number(answer.headers.get("Session-Seconds"));
    if (answer.ok && seconds) remember(seconds);
  } catch {
    return; // still warned; the next try may get through
  }
  if (remaining() > WARN) dialog.close();
}

if (dialog) {
  remember(Number(dialog.dataset.timeout));
  dialog.querySelector("form").addEventListener("submit", stay);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  look();
}
