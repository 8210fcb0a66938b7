// Announces the number of search results to screen readers.
const status = document.querySelector("[data-search-status]");

document.addEventListener("htmx:afterSettle", (event) => {
  const result = event.target.closest("[data-result]");
  if (status && result && event.detail.requestConfig?.elt.matches("[data-search]")) status.textContent = result.dataset.result;
});
