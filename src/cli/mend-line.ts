/** The line that says how many findings have a mend, for a run that mends nothing. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { mendable } from "../diagnostics/edits.js";
import { grouped } from "../diagnostics/numbers.js";

/** With the line's end; nothing where no finding has a mend in the files that may be changed. */
export function mendLine(found: readonly Diagnostic[], files: ReadonlySet<string>): string {
  const count = (unsafe: boolean): number =>
    mendable(found, unsafe).filter(({ edits }) =>
      edits.every(({ span }) => files.has(span.file.path)),
    ).length;
  const [safe, any] = [count(false), count(true)];
  if (any === 0) return "";
  if (safe === 0) return `${grouped(any)} may be mended by --fix --unsafe\n`;
  const more = any > safe ? `, ${grouped(any - safe)} more by --fix --unsafe` : "";
  return `${grouped(safe)} may be mended by --fix${more}\n`;
}
