/** `resnetc diff A B`: what changed between two specs, for a person, a pull request or a program. */
import { diffSpecs, type DiffReport } from "../api/diff.js";
import { sidePlace, sidesOfRange, type SidePlace } from "../api/diff-side.js";
import { UsageError } from "../api/errors.js";
import { diffMarkdown } from "./diff-markdown.js";
import { diffText } from "./diff-text.js";
import { assignments, sizeOf, type SpecFlags } from "./given.js";
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";

export interface DiffFlags extends SpecFlags {
  /** Two revisions of one file: `HEAD~1..HEAD`. */
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
  const [before, after] = sidesOf(specs, flags.git);
  const at = flags.at === undefined ? undefined : sizeOf(flags.at);
  const report = await diffSpecs(before, after, {
    parameters: assignments("--set", flags.set),
    ...(at && { at }),
    ...(flags.checkpoint !== undefined && { checkpoint: flags.checkpoint }),
  });
  terminal.out(written(report, flags, terminal));
  const differs = !report.same || report.checkpoint?.verdict === "breaks";
  return flags.exitCode && differs ? status.found : status.fine;
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
      "name two, or one with `--git A..B`",
    );
  }
  if (range !== undefined) {
    if (second === undefined) return sidesOfRange(range, first);
    throw new UsageError(
      `\`--git ${range}\` is of one file, and two are given`,
      `leave ${second} out, or write the revisions behind the files: \`${first}@REVISION\``,
    );
  }
  if (second !== undefined) return [sidePlace(first), sidePlace(second)];
  throw new UsageError(
    `diff compares two specs, and ${first} is one`,
    `name a second, or a revision: \`resnetc diff ${first}@HEAD ${first}\``,
  );
}
