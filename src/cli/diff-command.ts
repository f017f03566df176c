/** `resnetc diff`: what changed between two specs, or in all of a repository; for a person, a pull request or a program. */
import { existsSync } from "node:fs";
import { diffFiles, type DiffFilesReport } from "../api/diff-files.js";
import { diffSpecs, type DiffReport } from "../api/diff.js";
import { sidePlace, sidesOfRange, type SidePlace } from "../api/diff-side.js";
import { UsageError } from "../api/errors.js";
import { isFolder } from "../host/folders.js";
import { partsOf } from "../host/spec-files.js";
import { diagnosticsToJson } from "../diagnostics/json.js";
import { diffFilesMarkdown } from "./diff-files-markdown.js";
import { diffFilesText } from "./diff-files-text.js";
import { diffMarkdown } from "./diff-markdown.js";
import { diffText } from "./diff-text.js";
import { assignments, sizeOf, type SpecFlags } from "./given.js";
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";

export interface DiffFlags extends SpecFlags {
  /** Two revisions, of one file or of all: `HEAD~1..HEAD`. */
  readonly git?: string;
  readonly checkpoint?: string;
  /** Sizes for a symbolic input: `224x224`. */
  readonly at?: string;
  readonly exitCode?: boolean;
  readonly markdown?: boolean;
}

/** @returns the exit status: with `--exit-code` 1 where something changed, or where the checkpoint breaks. */
export async function diffCommand(
  specs: readonly string[],
  flags: DiffFlags,
  terminal: Terminal,
): Promise<number> {
  if (flags.git !== undefined && !isOneFile(specs)) {
    return filesCommand(flags.git, specs, flags, terminal);
  }
  const [before, after] = sidesOf(specs, flags.git);
  const at = sizeOf(flags.at);
  const report = await diffSpecs(before, after, {
    parameters: assignments("--set", flags.set),
    at,
    checkpoint: flags.checkpoint,
  });
  terminal.out(written(report, flags, terminal));
  const differs = !report.same || report.checkpoint?.verdict === "breaks";
  return flags.exitCode && differs ? status.found : status.fine;
}

/** Whether one spec is named by its own path, and not a folder, a pattern, several or none. */
function isOneFile(specs: readonly string[]): boolean {
  const [first = ""] = specs;
  const plain = partsOf(first).file;
  const isFile = !isFolder(plain) && (existsSync(plain) || plain.endsWith(".resnet"));
  return specs.length === 1 && isFile && (existsSync(plain) || !/[*?[\]{}]/.test(plain));
}

async function filesCommand(
  range: string,
  patterns: readonly string[],
  flags: DiffFlags,
  { out, width, outColor }: Terminal,
): Promise<number> {
  for (const [option, given] of [
    ["--checkpoint", flags.checkpoint],
    ["--set", flags.set],
  ]) {
    if (given === undefined) continue;
    throw new UsageError(
      `${String(option)} is for one spec, and all that changed are compared`,
      `name the spec: \`resnetc diff --git ${range} FILE ${String(option)} …\``,
    );
  }
  const at = sizeOf(flags.at);
  const report = await diffFiles(range, patterns, { at });
  if (flags.json) out(`${JSON.stringify(asData(report), undefined, 2)}\n`);
  else if (flags.markdown) out(diffFilesMarkdown(report));
  else {
    const style = { color: outColor, width: Math.min(width, 100), at };
    out(diffFilesText(report, style));
  }
  return !report.ok || (flags.exitCode && !report.same) ? status.found : status.fine;
}

function asData({ files, ...report }: DiffFilesReport): object {
  return {
    ...report,
    files: files.map(({ errors, ...file }) => ({
      ...file,
      ...(errors && { errors: diagnosticsToJson(errors) }),
    })),
  };
}

function written(report: DiffReport, flags: DiffFlags, { width, outColor }: Terminal): string {
  if (flags.json) return `${JSON.stringify(report, undefined, 2)}\n`;
  if (flags.markdown) return diffMarkdown(report);
  return diffText(report, { color: outColor, width: Math.min(width, 100) });
}

function sidesOf(
  specs: readonly string[],
  range: string | undefined,
): readonly [SidePlace, SidePlace] {
  const [first = "", second, third] = specs;
  if (third !== undefined) {
    throw new UsageError(
      `diff compares two specs, and ${specs.length} are given`,
      "name two, or any number with `--git A..B`",
    );
  }
  if (range !== undefined) return sidesOfRange(range, first);
  if (specs.length === 0) {
    throw new UsageError(
      "diff compares two specs, and none is named",
      "name two, or write `--git REVISION` for all that changed since",
    );
  }
  if (second !== undefined) return [sidePlace(first), sidePlace(second)];
  throw new UsageError(
    `diff compares two specs, and ${first} is one`,
    `name a second, or a revision: \`resnetc diff ${first}@HEAD ${first}\``,
  );
}
