// Submits a form with files by XMLHttpRequest, which reports upload progress.
import { left, size } from "./format.js";
import { problemsOf, showProblems } from "./problems.js";

const form = document.querySelector("form[data-upload]");
const panel = form.querySelector("[data-upload-panel]");
const part = (name) => panel.querySelector(`[data-upload-${name}]`);
const [bar, bytes, speed] = ["bar", "bytes", "speed"].map(part);
let request = null;

function busy(isBusy) {
  panel.hidden = !isBusy;
  for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = isBusy;
  delete form.dataset.sent;
}

function progress(event, began) {
  if (!event.lengthComputable) return;
  const rate = event.loaded / Math.max(0.2, (performance.now() - began) / 1000);
  bar.max = event.total;
  bar.value = event.loaded;
  bytes.textContent = `${size(event.loaded)} of ${size(event.total)}`;
  speed.textContent =
    event.loaded < event.total ? `${size(rate)}/s, ${left((event.total - event.loaded) / rate)}` : "Checking the file …";
}

function finish(xhr) {
  const problems = problemsOf(xhr, form.action);
  if (problems.url) return location.assign(problems.url);
  busy(false);
  showProblems(problems.errors);
}

function fail(text) {
  busy(false);
  showProblems([{ text }]);
}

function send(event) {
  event.preventDefault();
  const problem = tooLarge();
  if (problem) return fail(problem);
  const xhr = new XMLHttpRequest();
  const began = performance.now();
  xhr.open("POST", form.action);
  xhr.setRequestHeader("Accept", "application/json, application/problem+json, text/html;q=0.5");
  xhr.setRequestHeader("X-Requested-With", "XMLHttpRequest");
  xhr.upload.addEventListener("progress", (step) => progress(step, began));
  xhr.addEventListener("load", () => finish(xhr));
  xhr.addEventListener("error", () => fail("The connection was lost. Your file is still chosen: please try again."));
  xhr.addEventListener("abort", () => fail("Upload cancelled. Nothing was stored."));
  showProblems([]);
  busy(true);
  xhr.send(chosen(event.submitter));
  request = xhr;
}

// Only the fields of the section whose button was used; the other section keeps its input.
function chosen(submitter) {
  const data = new FormData(form, submitter);
  for (const way of form.querySelectorAll("[data-way]")) {
    if (!submitter || way.contains(submitter)) continue;
    for (const input of way.querySelectorAll("[name]")) data.delete(input.name);
  }
  data.set("way", submitter?.value ?? "");
  return data;
}

function tooLarge() {
  const limit = Number(form.dataset.maxMb) * 1024 * 1024;
  const file = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]).find((one) => limit && one.size > limit);
  return file && `${file.name} has ${size(file.size)}; the limit is ${form.dataset.maxMb} MB.`;
}

form.addEventListener("submit", send);
part("cancel").addEventListener("click", () => request?.abort());
addEventListener("beforeunload", (event) => {
  if (!panel.hidden && request?.readyState < 4) event.preventDefault();
});
