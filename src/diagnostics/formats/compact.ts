/** One line for each finding, `FILE:LINE:COLUMN: severity[CODE]: message`, as editors and grep read them. */
import { visible } from "../display-width.js";
import type { FoundFile } from "./found-file.js";

/** The lines, each with its end. */
export function compact(files: readonly FoundFile[]): string {
  return files
    .flatMap(({ file, diagnostics }) =>
      diagnostics.map(({ code, severity, message, span }) => {
        const { line, column } = span?.file.position(span.start) ?? { line: 1, column: 1 };
        const path = visible(span?.file.path ?? file);
        return `${path}:${line}:${column}: ${severity}[${code}]: ${visible(message)}\n`;
      }),
    )
    .join("");
}
