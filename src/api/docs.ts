/** `docs` for programs: a page for every spec, for all that they import, and an index of them. */
import { join } from "node:path";
import type { SourceHost } from "../check/host.js";
import { NodeHost } from "../host/node-host.js";
import type { DocumentedNetwork } from "../pages/documented-file.js";
import { sitePages, type SitePage } from "../pages/site.js";
import { documentedFiles, namesOf } from "./documented-files.js";
import { writeExport } from "./export-file.js";
import { requireTexts } from "./errors.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { checkSize } from "./given-size.js";

export interface DocsOptions {
  /** The folder that pages are written to, made where it is not there; none is written where left out. */
  readonly folder?: string | undefined;
  /** Height and width at which networks with a symbolic input are shown, with what they cost there. */
  readonly at?: readonly [number, number] | undefined;
  /** Where specs are read from; the file system where left out. */
  readonly host?: SourceHost | undefined;
}

const docsOptions: OptionTable<DocsOptions> = { folder: "text", at: "open", host: "open" };

export interface Docs {
  /** The index first. */
  readonly pages: readonly SitePage[];
  /** What a reader may miss: networks that are not for the size that is given, and so keep their symbols. */
  readonly notes: readonly string[];
}

/**
 * The pages of specs; of the specs below a folder, of those that a pattern matches.
 *
 * @param patterns the working folder where there is none.
 * @throws SpecError with all that is wrong with any of them.
 * @throws UsageError where there is no spec, or a size that none of their networks takes.
 * @throws WriteError where a page cannot be written.
 */
export async function docsOfSpecs(
  patterns: readonly string[] = [],
  options: DocsOptions = {},
): Promise<Docs> {
  requireTexts("specs", patterns);
  checkOptions("docs", options, docsOptions);
  const { folder, at, host = new NodeHost() } = options;
  if (at !== undefined) checkSize(at);
  const files = await documentedFiles(patterns, host, at);
  const pages = sitePages(files, namesOf);
  if (folder !== undefined) {
    for (const { name, text } of pages) await writeExport(join(folder, name), [Buffer.from(text)]);
  }
  return { pages, notes: files.flatMap(({ networks }) => networks.flatMap(refusal)) };
}

function refusal({ name, refused }: DocumentedNetwork): string[] {
  return refused === undefined ? [] : [`${name} keeps its symbols: ${refused}`];
}
