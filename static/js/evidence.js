// Selecting a statement marks its evidence in the transcript and plays it.
import { clock } from "./format.js";

const lineOf = (index) => document.getElementById(`segment-${index}`);
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function linesOf(statement) {
  return statement.dataset.segments.split(",").map(lineOf).filter(Boolean);
}

function clear() {
  for (const one of document.querySelectorAll(".is-evidence")) one.classList.remove("is-evidence");
  for (const one of document.querySelectorAll(".statement.is-open")) {
    one.classList.remove("is-open");
    one.removeAttribute("aria-current");
  }
}

function scrollTo(line) {
  const list = line.parentElement;
  const isPane = list.scrollHeight > list.clientHeight;
  if (isPane) list.scrollTo({ top: line.offsetTop - list.offsetTop - list.clientHeight / 4, behavior: calm.matches ? "auto" : "smooth" });
  const { top, bottom } = list.getBoundingClientRect();
  if (!isPane || bottom < 120 || top > innerHeight - 120) line.scrollIntoView({ block: "center" });
}

// Plays only the first run of adjacent lines; later ones are only marked.
function clipOf(lines) {
  const last = lines.findIndex((line, at) => line.nextElementSibling !== lines[at + 1]);
  return { start: Number(lines[0].dataset.start), end: Number(lines[last].dataset.end ?? NaN) };
}

function open(statement) {
  const lines = linesOf(statement);
  clear();
  if (!lines.length) return;
  statement.classList.add("is-open");
  statement.setAttribute("aria-current", "true");
  for (const line of lines) line.classList.add("is-evidence");
  scrollTo(lines[0]);
  const { start, end } = clipOf(lines);
  if (Number.isNaN(start)) return;
  document.dispatchEvent(new CustomEvent("player:play", { detail: { start, end: Number.isNaN(end) ? null : end } }));
}

function announce() {
  for (const statement of document.querySelectorAll(".statement[data-segments]")) {
    const start = linesOf(statement)[0]?.dataset.start;
    const hint = statement.querySelector(".sr-only");
    if (start !== undefined && hint) hint.textContent = ` (evidence, plays ${clock(Number(start))})`;
  }
}

// On the document: keeping or deleting a statement swaps the draft in anew.
document.addEventListener("click", (event) => {
  const statement = event.target.closest(".statement[data-segments]");
  if (!statement) return;
  event.preventDefault();
  open(statement);
});
document.addEventListener("htmx:afterSettle", announce);
announce();

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) clear();
});
