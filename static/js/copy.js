// Copies an element's text, and says so on the button.
const SAY = 2000; // ms

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.innerHTML;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const { innerText } = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(innerText);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select it and copy";
    }
    setTimeout(() => (button.innerHTML = label), SAY);
  });
}
