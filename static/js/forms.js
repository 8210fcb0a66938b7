// Focuses error summaries, warns before unsaved text is lost, and submits a form only once.
document.querySelector("[data-error-summary]:not([hidden])")?.focus();

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) form.dataset.guard = "dirty";
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-guard]")) event.target.dataset.guard = "";
  if (event.target.method !== "post" || event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});

// Forms restored from the back-forward cache can be submitted again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector('form[data-guard="dirty"]')) event.preventDefault();
});

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
