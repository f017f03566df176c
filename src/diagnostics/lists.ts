/** Lists as people read them. */
import { grouped } from "./numbers.js";

/**
 * The first few of a list, and how many there are besides: "a, b and 4 more", or with semicolons between clauses
 * "a; b; and 4 more".
 *
 * @param most how many are written out.
 */
export function listed(items: readonly string[], most: number, mark: "," | ";" = ","): string {
  const shown = items.slice(0, most).join(`${mark} `);
  const more = items.length - most;
  if (more <= 0) return shown;
  return `${shown}${mark === ";" ? ";" : ""} and ${grouped(more)} more`;
}

/** A whole list with a word before its last item: "a", "a or b", "a, b or c". */
export function enumerated(items: readonly string[], word: "and" | "or"): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} ${word} ${last}`;
}

/** Extents or other numbers side by side, as a spec writes a list: "[3, 3, 64]". */
export function bracketed(values: readonly (number | string)[]): string {
  return `[${values.join(", ")}]`;
}
