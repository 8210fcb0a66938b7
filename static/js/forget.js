// Signing out removes what unsaved notes have left in this browser. Sessions that end in another way lead to the
// sign-in page, which does it on arrival.
import { forgetCopies } from "./copies.js";

if (document.querySelector("[data-signed-out]")) forgetCopies();

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) forgetCopies();
});
