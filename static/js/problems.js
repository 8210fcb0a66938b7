// Interprets the response to an upload: where to go next, or which errors to show.
function fromPage(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const items = [...page.querySelectorAll("[data-error-summary]:not([hidden]) li, .errorlist li")];
  const texts = new Set(items.map((item) => item.textContent.trim()).filter(Boolean));
  return [...texts].map((one) => ({ text: one }));
}

function fromProblem(problem) {
  // Only these are sentences; a missing consent for instance lists types.
  const told = problem.code === "invalid" ? (problem.errors ?? {}) : {};
  const fields = Object.entries(told).flatMap(([field, texts]) => [texts].flat().map((text) => ({ field, text })));
  const asked = problem.status >= 500 && problem.request_id ? ` (request ${problem.request_id})` : "";
  return fields.length ? fields : [{ text: `${problem.detail || problem.title || "The upload failed."}${asked}` }];
}

function parsed(xhr) {
  try {
    return JSON.parse(xhr.responseText);
  } catch {
    return null;
  }
}

/** {url} after success, {errors: [{text, field?}]} otherwise. */
export function problemsOf(xhr, action) {
  const isOk = xhr.status >= 200 && xhr.status < 300;
  const answer = parsed(xhr);
  if (answer) return isOk && answer.url ? { url: answer.url } : { errors: fromProblem(answer) };
  const hasMoved = xhr.responseURL && new URL(xhr.responseURL).pathname !== new URL(action).pathname;
  if (isOk && hasMoved) return { url: xhr.responseURL };
  const errors = fromPage(xhr.responseText);
  return { errors: errors.length ? errors : [{ text: `The upload failed (${xhr.status}). Your file is still chosen: please try again.` }] };
}

/** Fill and focus the page's error summary; an empty list hides it. */
export function showProblems(errors) {
  const box = document.querySelector("[data-upload-errors]");
  for (const old of document.querySelectorAll("[data-error-summary]")) if (old !== box) old.remove();
  const list = box.querySelector("ul");
  list.replaceChildren(...errors.map(itemOf));
  box.hidden = !errors.length;
  if (errors.length) box.focus();
}

function itemOf({ text, field }) {
  const item = document.createElement("li");
  const target = field && document.getElementById(`id_${field}`);
  if (!target) {
    item.textContent = text;
    return item;
  }
  const link = document.createElement("a");
  link.href = `#id_${field}`;
  link.textContent = text;
  item.append(link);
  return item;
}
