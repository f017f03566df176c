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
