/** `resnetc docs`: a page for every spec and an index, as files that link to each other. */
import { join } from "node:path";
import { docsOfSpecs } from "../api/docs.js";
import { wrap } from "../diagnostics/display-width.js";
import { counted } from "../diagnostics/numbers.js";
import { sizeOf } from "./given.js";
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";

export interface DocsFlags {
  readonly output?: string;
  /** Sizes for symbolic inputs: `224x224`. */
  readonly at?: string;
  readonly json?: boolean;
}

/** @returns the exit status. */
export async function docsCommand(
  patterns: readonly string[],
  { output = join("build", "docs"), at, json = false }: DocsFlags,
  { out, err, width }: Terminal,
): Promise<number> {
  const options = { folder: output, at: sizeOf(at) };
  const { pages, notes } = await docsOfSpecs(patterns, options);
  if (json) {
    const answer = { folder: output, pages: pages.map(({ name }) => name), notes };
    out(`${JSON.stringify(answer, undefined, 2)}\n`);
    return status.fine;
  }
  out(`${join(output, "index.html")}  ${counted(pages.length, "page")}\n`);
  for (const note of notes) err(`${wrap(`note: ${note}`, width).join("\n")}\n`);
  return status.fine;
}
