// After "Show earlier": merges month headings and focuses the first new entry.
let handled = null;

function hideRepeatedMonths() {
  const seen = new Set();
  for (const heading of document.querySelectorAll("[data-month]")) {
    heading.hidden = seen.has(heading.dataset.month);
    seen.add(heading.dataset.month);
  }
}

document.addEventListener("htmx:afterSettle", (event) => {
  const request = event.detail.requestConfig;
  const entry = event.target.querySelector("[data-event]");
  if (!entry || handled === request || !request?.elt.matches("[data-load-more]")) return;
  handled = request;
  hideRepeatedMonths();
  entry.tabIndex = -1;
  entry.focus();
});
