/** `resnetc docs`: a page for every spec and an index, as files that link to each other. */
import { join } from "node:path";
import { writeExport } from "../api/export-file.js";
import { counted } from "../diagnostics/numbers.js";
import { sitePages } from "../pages/site.js";
import { documentedFiles, namesOf } from "./documented-files.js";
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";

export interface DocsFlags {
  readonly output?: string;
  readonly json?: boolean;
}

/** @returns the exit status. */
export async function docsCommand(
  patterns: readonly string[],
  { output = join("build", "docs"), json = false }: DocsFlags,
  terminal: Terminal,
): Promise<number> {
  const files = await documentedFiles(patterns);
  const pages = sitePages(files, namesOf);
  for (const { name, text } of pages) await writeExport(join(output, name), [Buffer.from(text)]);
  const index = join(output, "index.html");
  if (json) {
    const answer = { folder: output, pages: pages.map(({ name }) => name) };
    terminal.out(`${JSON.stringify(answer, undefined, 2)}\n`);
  } else terminal.out(`${index}  ${counted(pages.length, "page")}\n`);
  return status.fine;
}
