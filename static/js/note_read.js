// Shows what was written for a note on this computer and never saved, when nothing can be written in it any more.
import { openCopies } from "./copies.js";
import { offer } from "./note_copies.js";

const place = document.querySelector("[data-note-copies]");
offer(openCopies(place.dataset.noteCopies, place.dataset.copyKey), place);
