// Error summaries take the focus; texts being edited are not lost by leaving; a form is sent once.
document.querySelector("[data-error-summary]:not([hidden])")?.focus();

let dirty = false;

document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-guard]")) dirty = true;
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-guard]")) dirty = false;
  if (event.target.method !== "post" || event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});

// A page from the back-forward cache may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
