/**
 * Every place of a file at which something that a file declares is named, in the order of the text, with what it
 * stands for. Names that mean nothing, and the words of the language, have no entry.
 */
import type { Unit } from "../check/program.js";
import type { Occurrence } from "./entity.js";
import { NameWalk, type Occurrences } from "./name-walk.js";

const known = new WeakMap<Unit, Occurrences>();

/** The occurrences of a file. */
export function occurrencesOf(unit: Unit): Occurrences {
  let found = known.get(unit);
  if (found === undefined) known.set(unit, (found = new NameWalk(unit).walk()));
  return found;
}

/** The occurrence that covers an offset, its end included. */
export function occurrenceAt(unit: Unit, offset: number): Occurrence | undefined {
  const { all } = occurrencesOf(unit);
  return all.find(({ span }) => span.start <= offset && offset <= span.end);
}
