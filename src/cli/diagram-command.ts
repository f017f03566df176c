/** `resnetc diagram SPEC`: the network as a picture, on standard output or in a file. */
import { extname } from "node:path";
import { drawSpec, pictureSize, type DiagramFormat } from "../api/diagram.js";
import { UsageError } from "../api/errors.js";
import { writeExport } from "../api/export-file.js";
import { wrap } from "../diagnostics/display-width.js";
import type { ViewName } from "../diagram/diagram.js";
import type { Direction } from "../diagram/direction.js";
import type { ThemeName } from "../diagram/theme.js";
import { assignments, sizeOf, withOutput, type SpecFlags } from "./given.js";
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";

export interface DiagramFlags extends SpecFlags {
  readonly output?: string;
  readonly format?: DiagramFormat | "png";
  readonly view?: ViewName;
  /** `--expand` or `--no-expand`. */
  readonly expand?: boolean;
  readonly at?: string;
  readonly direction?: Direction;
  readonly theme?: ThemeName;
}

/** @returns the exit status. */
export async function diagramCommand(
  spec: string,
  flags: DiagramFlags,
  terminal: Terminal,
): Promise<number> {
  const { output, format = formatOf(output), view, expand, direction, theme } = withOutput(flags);
  const at = sizeOf(flags.at);
  const isPng = format === "png";
  if (isPng && output === undefined) {
    throw new UsageError("a PNG does not go to a terminal", "name its file: `-o network.png`");
  }
  const { text, notes } = drawSpec(spec, {
    parameters: assignments("--set", flags.set),
    format: isPng ? "svg" : format,
    view,
    expand,
    at,
    direction,
    // A PNG has one look, whatever its reader's screen.
    theme: isPng && theme === "auto" ? "light" : theme,
  });
  if (output === undefined) terminal.out(text);
  else {
    await writeExport(output, [isPng ? await png(text) : Buffer.from(text)]);
    terminal.out(`${output}\n`);
  }
  for (const note of notes) terminal.err(`${wrap(`note: ${note}`, terminal.width).join("\n")}\n`);
  return status.fine;
}

async function png(svg: string): Promise<Uint8Array> {
  const { rasterise } = await import("../pages/raster.js");
  return rasterise(svg, pictureSize(svg));
}

const byExtension: Readonly<Record<string, DiagramFormat | "png">> = {
  ".svg": "svg",
  ".png": "png",
  ".mmd": "mermaid",
  ".mermaid": "mermaid",
  ".dot": "dot",
  ".gv": "dot",
};

/** @throws UsageError for a file whose name does not say what it is to be. */
function formatOf(output: string | undefined): DiagramFormat | "png" {
  if (output === undefined) return "svg";
  const extension = extname(output).toLowerCase();
  const format = byExtension[extension];
  if (format !== undefined) return format;
  const known = Object.keys(byExtension).join(", ");
  throw new UsageError(
    `${output} does not say what it is to be`,
    `name a format with \`--format\`, or end the name with ${known}`,
  );
}
