// The transcript: marks the line being played, plays a line on click, and moves between lines with the arrow keys.
import { bindKeys } from "./keys.js";

const list = document.querySelector("[data-lines]");
const audio = document.querySelector("[data-player] audio");
const lines = [...list.querySelectorAll("[data-index]")];
const starts = lines.map((line) => Number(line.dataset.start ?? NaN));
let current = -1;

function keepInView(line) {
  const box = list.getBoundingClientRect();
  const { top, bottom } = line.getBoundingClientRect();
  if (top >= box.top && bottom <= box.bottom) return;
  list.scrollTop += top - box.top - box.height / 3;
}

function mark(index) {
  if (index === current) return;
  lines[current]?.classList.remove("is-current");
  lines[current]?.removeAttribute("aria-current");
  current = index;
  const line = lines[index];
  if (!line) return;
  line.classList.add("is-current");
  line.setAttribute("aria-current", "true");
  if (!audio.paused) keepInView(line);
}

function play(line) {
  if (line.dataset.start === undefined) return;
  document.dispatchEvent(new CustomEvent("player:play", { detail: { start: Number(line.dataset.start) } }));
}

// One tab stop for the whole list; arrow keys move within it.
function rove(button) {
  for (const other of list.querySelectorAll("[data-line-play]")) other.tabIndex = other === button ? 0 : -1;
}

function step(by) {
  const index = Math.min(Math.max(0, current + by), lines.length - 1);
  const line = lines[index];
  if (!line || !audio) return;
  mark(index);
  keepInView(line);
  play(line);
}

if (audio) {
  rove(list.querySelector("[data-line-play]"));
  audio.addEventListener("timeupdate", () => mark(starts.findLastIndex((start) => start <= audio.currentTime + 0.05)));

  list.addEventListener("click", (event) => {
    const line = event.target.closest("[data-index]");
    if (line && !event.target.closest("a") && getSelection().isCollapsed) play(line);
  });

  list.addEventListener("keydown", (event) => {
    const way = { ArrowDown: "next", ArrowUp: "previous" }[event.key];
    const from = event.target.closest("[data-index]");
    const to = way && from?.[`${way}ElementSibling`]?.querySelector("[data-line-play]");
    if (!to) return;
    event.preventDefault();
    rove(to);
    to.focus();
  });

  bindKeys({ ArrowLeft: () => step(-1), ArrowRight: () => step(1) });
}
