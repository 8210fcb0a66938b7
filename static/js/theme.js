const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const buttons = document.querySelectorAll("[data-theme-toggle]");

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

function show() {
  for (const button of buttons) button.setAttribute("aria-pressed", String(isDark()));
}

function toggle() {
  root.dataset.theme = isDark() ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
  show();
}

for (const button of buttons) button.addEventListener("click", toggle);
system.addEventListener("change", show);
show();
