/** Tells a slip of the pen from another word. */
import { distance } from "fastest-levenshtein";

/**
 * Whether `text` is `word` in other case, or one slip away from it: a letter too many, too few,
 * wrong, or two neighbours exchanged.
 */
export function isMisspelling(text: string, word: string): boolean {
  if (text === word || Math.abs(text.length - word.length) > 1) return false;
  const lower = text.toLowerCase();
  if (lower === word) return true;
  if (word.length < 4) return false;
  return distance(lower, word) === 1 || isTransposition(lower, word);
}

function isTransposition(text: string, word: string): boolean {
  if (text.length !== word.length) return false;
  const first = [...word].findIndex((letter, index) => text[index] !== letter);
  const exchanged =
    text.slice(0, first) + (text[first + 1] ?? "") + (text[first] ?? "") + text.slice(first + 2);
  return exchanged === word;
}
