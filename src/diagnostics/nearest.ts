/** "Did you mean": the nearest of the names that would have been right. */
import { distance } from "fastest-levenshtein";

/** How many names are looked at, and how long they may be: no spec comes near either. */
const namesLimit = 1000;
const lengthLimit = 64;

/**
 * The name nearest to `text`, if it is near enough to have been meant.
 *
 * @param letters whether one letter may have been meant by another, though any is as near to any other.
 */
export function nearest(
  text: string,
  candidates: Iterable<string>,
  letters = false,
): string | undefined {
  if (text.length > lengthLimit) return undefined;
  const isLetter = text.length === 1 && !letters;
  const most = isLetter ? 0.5 : Math.max(1, Math.floor(text.length / 3));
  const lower = text.toLowerCase();
  let best: { name: string; far: number } | undefined;
  let seen = 0;
  for (const name of candidates) {
    if (++seen > namesLimit) break;
    if (Math.abs(name.length - text.length) > most) continue;
    const far = name.toLowerCase() === lower ? 0.5 : editDistance(text, name);
    if (far <= most && far < (best?.far ?? Infinity)) best = { name, far };
  }
  return best?.name;
}

/** Levenshtein's distance, with two neighbours that change places as one edit. */
function editDistance(text: string, name: string): number {
  const plain = distance(text, name);
  if (plain < 2 || text.length !== name.length) return plain;
  const first = [...text].findIndex((character, index) => character !== name[index]);
  const swapped =
    text.slice(0, first) + text.charAt(first + 1) + text.charAt(first) + text.slice(first + 2);
  return Math.min(plain, 1 + distance(swapped, name));
}
