/** What is wrong between the tensors of a file and those of a network, in words. */
import { bracketed, listed } from "../../diagnostics/lists.js";

export interface Faults {
  /** Names of what the network has and the file has not, and the other way round. */
  readonly missing: string[];
  readonly unknown: string[];
  readonly shapes: ShapeFault[];
}

export interface ShapeFault {
  readonly name: string;
  readonly there: readonly number[];
  readonly here: readonly number[];
}

const shown = 3;

/** The first few of each kind, and how many there are. */
export function describeFaults({ missing, unknown, shapes }: Faults): string {
  const parts: string[] = [];
  if (missing.length > 0)
    parts.push(`${listed(missing, shown)} ${missing.length === 1 ? "is" : "are"} missing`);
  if (unknown.length > 0) {
    parts.push(
      `${listed(unknown, shown)} ${unknown.length === 1 ? "is" : "are"} not in the network`,
    );
  }
  for (const { name, there, here } of shapes.slice(0, shown)) {
    parts.push(`${name} is ${bracketed(there)} where the network has ${bracketed(here)}`);
  }
  const more = shapes.length - shown;
  if (more > 0) parts.push(`${more} more ${more === 1 ? "is" : "are"} of another shape`);
  return parts.join("; ");
}
