// The audio player above a transcript. Other modules send it "player:play" {start, end}; `end` is optional.
import { clock } from "./format.js";
import { bindKeys } from "./keys.js";

const box = document.querySelector("[data-player]");
const audio = box.querySelector("audio");
const find = (name) => box.querySelector(`[data-${name}]`);
const [button, bar, time, note] = ["play", "seek-bar", "clock", "player-note"].map(find);
const [played, head, clip] = ["wave-played", "wave-head", "wave-clip"].map(find);
const WIDTH = 1000;
let clipEnd = null;

audio.controls = false;
audio.hidden = true;

const length = () => (Number.isFinite(audio.duration) ? audio.duration : Number(bar.max));
const place = (seconds) => (length() ? (seconds / length()) * WIDTH : 0);

function draw() {
  const now = audio.currentTime;
  played.setAttribute("width", place(now));
  for (const x of ["x1", "x2"]) head.setAttribute(x, place(now));
  bar.value = now;
  bar.setAttribute("aria-valuetext", `${clock(now)} of ${clock(length())}`);
  time.textContent = `${clock(now)} / ${clock(length())}`;
}

function showClip(start, end) {
  clipEnd = end;
  clip.setAttribute("x", end === null ? 0 : place(start));
  clip.setAttribute("width", end === null ? 0 : Math.max(4, place(end - start)));
}

function start() {
  audio.play().catch((error) => {
    // Pausing before playback has started is not an error.
    if (error.name !== "AbortError") note.textContent = "The recording could not be played.";
  });
}

function toggle() {
  if (audio.paused) start();
  else audio.pause();
}

function seek(seconds) {
  showClip(0, null);
  audio.currentTime = Math.min(Math.max(0, seconds), length());
  draw(); // nothing tells of it before anything is loaded
}

audio.addEventListener("timeupdate", () => {
  if (clipEnd !== null && audio.currentTime >= clipEnd && !audio.paused) {
    audio.pause();
    clipEnd = null;
  }
  draw();
});
audio.addEventListener("loadedmetadata", () => {
  bar.max = Math.ceil(length());
  draw();
});
for (const name of ["play", "pause", "ended"]) {
  audio.addEventListener(name, () => {
    button.dataset.state = audio.paused ? "paused" : "playing";
    button.setAttribute("aria-label", audio.paused ? "Play" : "Pause");
  });
}
audio.addEventListener("playing", () => {
  note.textContent = "";
});
audio.addEventListener("error", () => {
  note.textContent = "The recording could not be loaded.";
});

button.addEventListener("click", () => {
  if (audio.paused) showClip(0, null);
  toggle();
});
bar.addEventListener("input", () => seek(Number(bar.value)));
find("rate").addEventListener("change", (event) => {
  audio.playbackRate = Number(event.target.value);
});

document.addEventListener("player:play", ({ detail }) => {
  showClip(detail.start, detail.end ?? null);
  audio.currentTime = detail.start;
  start();
});

bindKeys({
  " ": toggle,
  k: toggle,
  j: () => seek(audio.currentTime - 10),
  l: () => seek(audio.currentTime + 10),
});

draw();
