/** `resnetc engines`: what can run tensors here, and what to do to get the rest. */
import { engineReport } from "../api/engines.js";
import { wrap } from "../diagnostics/display-width.js";
import { status } from "./status.js";
import { colorsFor, type Terminal } from "./terminal.js";

const widest = 100;
const indent = "          ";

/** @returns the exit status. */
export async function enginesCommand(
  { json }: { readonly json?: boolean },
  { out, outColor, width }: Terminal,
): Promise<number> {
  const report = await engineReport();
  if (json) {
    out(`${JSON.stringify(report, undefined, 2)}\n`);
    return status.fine;
  }
  const colors = colorsFor(outColor);
  const room = Math.min(width, widest) - indent.length;
  const paragraph = (text: string, paint = (line: string): string => line): void => {
    for (const line of wrap(text, room)) out(`${indent}${paint(line)}\n`);
  };
  for (const { name, description, available, detail, remedy, passedBy } of report.engines) {
    const state = available ? colors.green("ready") : colors.yellow("not available");
    out(`${colors.bold(name.padEnd(indent.length))}${state}\n`);
    paragraph(description, colors.dim);
    paragraph(detail);
    if (remedy !== undefined) paragraph(`to get it: ${remedy}`);
    if (passedBy !== undefined) paragraph(`auto passes it by: ${passedBy}`);
    out("\n");
  }
  out(`${colors.bold("auto".padEnd(indent.length))}takes ${colors.bold(report.auto.name)}\n`);
  return status.fine;
}
