/** "Did you mean": the nearest of the names that would have been right. */
import { closest, distance } from "fastest-levenshtein";
import type { Help } from "../diagnostics/diagnostic.js";
import type { Name } from "../syntax/ast.js";

/** The name nearest to `text`, if it is near enough to have been meant. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates];
  if (names.length === 0) return undefined;
  const lower = text.toLowerCase();
  const sameButCase = names.find((name) => name.toLowerCase() === lower);
  if (sameButCase !== undefined) return sameButCase;
  const best = closest(text, names);
  return distance(text, best) <= Math.max(1, Math.floor(text.length / 3)) ? best : undefined;
}

/** A help that corrects a misspelt name; absent where nothing is near. */
export function suggestion(name: Name, candidates: Iterable<string>): Help | undefined {
  const best = nearest(name.text, candidates);
  if (best === undefined) return undefined;
  return { text: `did you mean \`${best}\`?`, edits: [{ span: name.span, text: best }] };
}
