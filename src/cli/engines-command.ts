/** `resnetc engines`: what can run tensors here, and what to do to get the rest. */
import { engines, selectEngine } from "../engines/registry.js";
import { wrap } from "../diagnostics/display-width.js";
import { status } from "./status.js";
import { colorsFor, type Terminal } from "./terminal.js";

/** @returns the exit status. */
export async function enginesCommand(
  { json }: { readonly json?: boolean },
  { out, outColor, width }: Terminal,
): Promise<number> {
  const rows = await Promise.all(
    engines.map(async ({ name, description, probe }) => ({
      name,
      description,
      ...(await probe()),
    })),
  );
  const { engine, why } = await selectEngine("auto");
  if (json) {
    out(`${JSON.stringify({ engines: rows, auto: engine.name, why }, undefined, 2)}\n`);
    return status.fine;
  }
  const colors = colorsFor(outColor);
  const indent = " ".repeat(10);
  const paragraph = (text: string): string =>
    wrap(text, Math.min(width, 100) - indent.length).join(`\n${indent}`);
  for (const { name, description, available, detail, remedy } of rows) {
    const state = available ? colors.green("ready") : colors.yellow("not available");
    out(`${colors.bold(name.padEnd(9))} ${state}: ${paragraph(`${detail}`)}\n`);
    out(`${indent}${colors.dim(paragraph(description))}\n`);
    if (remedy !== undefined) out(`${indent}to get it: ${paragraph(remedy)}\n`);
  }
  out(`\n--engine auto: ${wrap(why, Math.min(width, 100) - 15).join("\n               ")}\n`);
  return status.fine;
}
