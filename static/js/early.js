// Runs before the first paint, so the page never flashes in the other theme.
(() => {
  const root = document.documentElement;
  root.dataset.js = "";
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
})();
