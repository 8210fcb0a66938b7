// Tells a screen reader how much a search found, without reading the list.
const status = document.querySelector("[data-search-status]");

document.addEventListener("htmx:afterSettle", (event) => {
  const result = event.target.closest("[data-result]");
  if (status && result && event.detail.requestConfig?.elt.matches("[data-search]")) status.textContent = result.dataset.result;
});
