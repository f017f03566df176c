/** `resnetc lint`: says what rules find in specs, in the form that was asked for. */
import { lintSpecs, type LintReport } from "../api/lint.js";
import { diagnosticsToJson } from "../diagnostics/json.js";
import { counted } from "../diagnostics/numbers.js";
import { renderDiagnostics } from "../diagnostics/pretty.js";
import { status } from "./status.js";
import { colorsFor, type Terminal } from "./terminal.js";

export interface LintFlags {
  readonly format?: "pretty" | "json";
}

/** @param patterns files, folders and patterns. @returns the exit status. */
export async function lintCommand(
  patterns: readonly string[],
  flags: LintFlags,
  terminal: Terminal,
): Promise<number> {
  const report = await lintSpecs(patterns);
  if (flags.format === "json") terminal.out(`${JSON.stringify(answer(report), undefined, 2)}\n`);
  else print(report, terminal);
  return report.errors > 0 ? status.found : status.fine;
}

function answer({ files, errors, warnings }: LintReport): object {
  return {
    ok: errors === 0,
    errors,
    warnings,
    files: files.map(({ file, diagnostics }) => ({
      file,
      diagnostics: diagnosticsToJson(diagnostics),
    })),
  };
}

function print({ files, errors, warnings }: LintReport, terminal: Terminal): void {
  const { out, outColor, width } = terminal;
  const diagnostics = files.flatMap((each) => each.diagnostics);
  if (diagnostics.length > 0) {
    out(`${renderDiagnostics(diagnostics, { color: outColor, width })}\n`);
  }
  const { bold } = colorsFor(outColor);
  const found = `${counted(errors, "error")}, ${counted(warnings, "warning")}`;
  out(`${bold(`${found} in ${counted(files.length, "file")}`)}\n`);
}
