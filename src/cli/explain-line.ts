/** The one quiet line that closes a run with findings: where to read more about them. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Colors } from "./terminal.js";

/** How many codes are named at most. */
const namedCodes = 3;

/** With the line's end; nothing where nothing was found that counts. Errors come before warnings. */
export function explainLine(diagnostics: readonly Diagnostic[], { dim }: Colors): string {
  const weighed = (["error", "warning"] as const).flatMap((severity) =>
    diagnostics.filter((each) => each.severity === severity),
  );
  const [first, ...others] = [...new Set(weighed.map(({ code }) => code))];
  if (first === undefined) return "";
  const named = others.slice(0, namedCodes - 1);
  const more = named.length === 0 ? "" : `, likewise ${named.join(", ")}`;
  return `${dim(`for more, \`resnetc explain ${first}\`${more}`)}\n`;
}
