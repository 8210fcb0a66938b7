// Drag and drop onto [data-drop]; the file is put into the form's file input, so the form works as usual.
import { size } from "./format.js";

for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  const chosen = zone.querySelector("[data-drop-chosen]");
  const over = (isOver) => zone.classList.toggle("is-over", isOver);

  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  zone.addEventListener("dragleave", () => over(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    input.files = one.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const tell = () => {
    const file = input.files[0];
    chosen.textContent = file ? `${file.name}, ${size(file.size)}` : "";
  };
  input.addEventListener("change", tell);
  tell(); // chosen before this script ran, or kept by the browser on the way back
}
