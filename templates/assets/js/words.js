import { announce } from "./announce.js";

const LETTER_OR_DIGIT = /[\p{Alphabetic}\p{N}]/u;

/** Counts as the server does: runs without white space that hold a letter or a digit. */
export function words(text) {
  return text.split(/\p{White_Space}+/u).filter((run) => LETTER_OR_DIGIT.test(run)).length;
}

/** Writes below each text with a limit how many words are left. */
export function counters() {
  for (const field of document.querySelectorAll("textarea[data-words]")) {
    const shown = document.querySelector(`[data-counter-of="${CSS.escape(field.id)}"]`);
    if (!shown) continue;
    let later;
    const count = () => {
      const left = Number(field.dataset.words) - words(field.value);
      const noun = Math.abs(left) === 1 ? "word" : "words";
      shown.textContent = left < 0 ? `${-left} ${noun} too many` : `${left} ${noun} left`;
      shown.toggleAttribute("data-over", left < 0);
      return left;
    };
    count();
    field.addEventListener("input", () => {
      const left = count();
      clearTimeout(later);
      if (left <= Number(field.dataset.words) / 10) later = setTimeout(() => announce(shown.textContent), 1200);
    });
  }
  for (const field of document.querySelectorAll("textarea[data-words-min]")) {
    const shown = document.querySelector(`[data-counter-of="${CSS.escape(field.id)}"]`);
    if (!shown) continue;
    const least = Number(field.dataset.wordsMin);
    const count = () => {
      const n = words(field.value);
      const noun = n === 1 ? "word" : "words";
      shown.textContent = n < least ? `${n} ${noun}, at least ${least} needed` : `${n} ${noun}`;
    };
    count();
    field.addEventListener("input", count);
  }
}
