/** `diff` of a whole repository: every spec that differs between two git revisions, or between one and now. */
import { KeptFiles } from "../check/kept-files.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { GitHost } from "../host/git-host.js";
import { NodeHost } from "../host/node-host.js";
import { changedSpecs, type ChangedSpec } from "./changed-specs.js";
import { reportOf } from "./check.js";
import { compareSides, sizesIfAny, type DiffReport } from "./diff.js";
import { asUsage, type Side } from "./diff-side.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { checkSize } from "./given-size.js";

export interface DiffFilesOptions {
  /** Height and width for symbolic inputs; a network that is not for them is compared without. */
  readonly at?: readonly [number, number] | undefined;
}

const diffFilesOptions: OptionTable<DiffFilesOptions> = { at: "open" };

/** A network of a spec that is on one side alone. */
export interface LoneNetwork {
  readonly name: string;
  readonly parameters: number;
  /** Multiply-adds for one image; absent where the input's size is symbolic. */
  readonly macs?: number;
}

export interface FileDiff extends ChangedSpec {
  /** Whether its networks and recipes are what they were; never of a file that was added or deleted. */
  readonly same: boolean;
  /** What changed, where both sides are sound. */
  readonly diff?: DiffReport;
  /** The networks, where there is nothing to compare them with. */
  readonly networks?: readonly LoneNetwork[];
  /** What is in error now; nothing is compared then. */
  readonly errors?: readonly Diagnostic[];
  /** Whether it was in error before, and is not now. */
  readonly mended?: boolean;
}

export interface DiffFilesReport {
  /** The revisions; the second is absent for the files as they are now. */
  readonly before: string;
  readonly after?: string;
  /** Whether no file was added or deleted, and no network or recipe is another. */
  readonly same: boolean;
  /** Whether a spec is in error on the second side. */
  readonly ok: boolean;
  readonly files: readonly FileDiff[];
}

/**
 * Compares every spec that differs, or imports one that does.
 *
 * @param range `A..B`, `A...B` from where B parted from A, or `A` against the files as they are now.
 * @param patterns files, folders and patterns; the working folder where there are none.
 * @throws UsageError where git cannot answer, or a pattern fits no spec.
 */
export async function diffFiles(
  range: string,
  patterns: readonly string[] = [],
  options: DiffFilesOptions = {},
): Promise<DiffFilesReport> {
  checkOptions("diffFiles", options, diffFilesOptions);
  const { at } = options;
  if (at !== undefined) checkSize(at);
  const { revisions, specs } = await changedSpecs(range, patterns);
  const { before, after } = revisions;
  const [first] = specs;
  const sides =
    first === undefined
      ? undefined
      : ([before, after].map((revision) => opener(first.file, revision)) as [Open, Open]);
  const files = sides === undefined ? [] : specs.map((spec) => diffOf(spec, sides, at));
  return {
    before,
    ...(after !== undefined && { after }),
    same: files.every(({ same }) => same),
    ok: files.every(({ errors }) => errors === undefined),
    files,
  };
}

/** Checks a file of one side. */
type Open = (file: string) => Side;

/** @param file any of the repository. */
function opener(file: string, revision: string | undefined): Open {
  const host =
    revision === undefined ? new NodeHost() : asUsage(() => wholeRevision(file, revision));
  const kept = new KeptFiles(host);
  return (path) => {
    const shown = host instanceof GitHost ? host.at(path) : path;
    const place = { file: path, ...(revision !== undefined && { revision }) };
    return { place, shown, report: reportOf({ file: shown }, { host: kept.recording() }, false) };
  };
}

function wholeRevision(file: string, revision: string): GitHost {
  const host = new GitHost(file, revision);
  host.readAll();
  return host;
}

function diffOf(
  spec: ChangedSpec,
  [openBefore, openAfter]: readonly [Open, Open],
  at: DiffFilesOptions["at"],
): FileDiff {
  const { kind, file, from = file } = spec;
  if (kind === "deleted") {
    return { ...spec, same: false, networks: networksOf(openBefore(file)) };
  }
  const after = openAfter(file);
  const { ok, diagnostics } = after.report;
  if (!ok) return { ...spec, same: false, errors: diagnostics };
  if (kind === "added") return { ...spec, same: false, networks: networksOf(after) };
  const before = openBefore(from);
  if (!before.report.ok) {
    return { ...spec, same: false, mended: true, networks: networksOf(after) };
  }
  const diff = compareSides(before, after, sizesIfAny, at);
  return { ...spec, same: diff.same && kind !== "renamed", diff };
}

function networksOf({ report }: Side): readonly LoneNetwork[] {
  return report.networks.map(({ name, parameters, macs }) => ({
    name,
    parameters,
    ...(macs !== undefined && { macs }),
  }));
}
