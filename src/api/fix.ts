/** `check --fix` for programs: what mending would make of specs, and writing it. */
import { resolve, sep } from "node:path";
import type { SourceHost } from "../check/host.js";
import { KeptFiles } from "../check/kept-files.js";
import { OverlayHost } from "../check/overlay-host.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Texts } from "../diagnostics/edits.js";
import { mend, type Mend } from "../diagnostics/mending.js";
import { isGivenPath, NodeHost, packageRoot } from "../host/node-host.js";
import { replaceTexts, type TextReplacement } from "../storage/text-replacement.js";
import { checkingOptions, checkReport, type CheckOptions, type CheckReport } from "./check.js";
import { specPlace } from "./spec.js";
import { requireTexts, UsageError } from "./errors.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { isRecord, written } from "./written-value.js";

export interface FixOptions extends CheckOptions {
  /** Whether mends are made as well that may change what was meant, as of an expectation. */
  readonly unsafe?: boolean | undefined;
}

const fixOptions: OptionTable<FixOptions> = { ...checkingOptions, unsafe: "flag" };

export interface FixReport {
  /** The files that mending changes, with their texts; `writeFixes` writes them. */
  readonly files: readonly TextReplacement[];
  /** By file, then by line. */
  readonly mends: readonly FixedPlace[];
  /** What `check` says of each spec after that. */
  readonly reports: readonly CheckReport[];
  /** How many findings that are left `unsafe` would mend. */
  readonly unsafe: number;
  /** How many mends were tried and not kept, as another error would have come of them. */
  readonly refused: number;
}

/** One change, with the line of the mended text that it is in. */
export interface FixedPlace {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly was: string;
  readonly now: string;
}

/**
 * What mending makes of specs and the files that they import; nothing is written. The blocks that ship
 * with the compiler are changed only where a spec names their file.
 *
 * @throws UsageError if a file has no network of the name that a spec asks for.
 */
export function fixSpecs(specs: readonly string[], options: FixOptions = {}): FixReport {
  requireTexts("specs", specs);
  checkOptions("fix", options, fixOptions);
  const { host: given = new NodeHost(), unsafe = false, ...checked } = options;
  // Read once: what is written must be what was mended, and not what has come to the disk since.
  const host = new KeptFiles(given).recording();
  const set = new SpecSet(specs, host, checked);
  const { texts, mends, ...left } = mend(set.find, { unsafe, mayChange: set.mayChange });
  return {
    files: changedTexts(texts, host),
    mends: mends.map((each) => placed(each, texts)).sort(byPlace),
    reports: set.reports(texts),
    unsafe: left.unsafe,
    refused: left.refused,
  };
}

/**
 * Writes what mending changed, each file whole or not at all.
 *
 * @throws ReplacementError where a file is read-only or has changed since; then none is written.
 * @throws UsageError for what is no such report.
 */
export async function writeFixes(report: Pick<FixReport, "files">): Promise<void> {
  const files: unknown = isRecord(report) ? report.files : undefined;
  if (!Array.isArray(files) || !files.every(isReplacement)) {
    throw new UsageError(
      `these are no fixes to write: ${written(report)}`,
      "give what `fix` or `fixLint` came to",
    );
  }
  await replaceTexts(files);
}

function isReplacement(given: unknown): given is TextReplacement {
  if (!isRecord(given)) return false;
  const { path, before, after } = given;
  return [path, before, after].every((part) => typeof part === "string");
}

/** Of mended texts those that differ from what the host has. */
export function changedTexts(texts: Texts, host: SourceHost): readonly TextReplacement[] {
  return [...texts]
    .map(([path, after]) => ({ path, before: host.read(path).file?.text ?? "", after }))
    .filter(({ before, after }) => before !== after);
}

/** A mend with its line in the mended text. */
export function placed({ path, offset, code, was, now }: Mend, texts: Texts): FixedPlace {
  const above = (texts.get(path) ?? "").slice(0, offset);
  const line = above.split(/\r\n|\n|\r/).length;
  return { file: path, line, code, was, now };
}

/** By file, then by line. */
export function byPlace(one: FixedPlace, other: FixedPlace): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line;
}

interface Checked {
  readonly report: CheckReport;
  /** What each file held that the check read. */
  readonly read: ReadonlyMap<string, string | undefined>;
}

/** Specs that are checked together, each anew only when a file has changed that it reads. */
class SpecSet {
  readonly #last = new Map<string, Checked>();
  readonly #named: ReadonlySet<string>;

  constructor(
    private readonly specs: readonly string[],
    private readonly host: SourceHost,
    private readonly options: CheckOptions,
  ) {
    this.#named = new Set(specs.map((spec) => resolve(specPlace(spec).file)));
  }

  readonly find = (texts: Texts): readonly Diagnostic[] =>
    this.reports(texts).flatMap(({ diagnostics }) => diagnostics);

  readonly mayChange = (path: string): boolean => {
    if (isGivenPath(path)) return false;
    const own = resolve(packageRoot(), "std") + sep;
    return this.#named.has(resolve(path)) || !resolve(path).startsWith(own);
  };

  reports(texts: Texts): readonly CheckReport[] {
    return this.specs.map((spec) => this.#check(spec, texts).report);
  }

  #check(spec: string, texts: Texts): Checked {
    const last = this.#last.get(spec);
    if (last && [...last.read].every(([path, text]) => texts.get(path) === text)) return last;
    const host = new OverlayHost(this.host, texts);
    const report = checkReport(spec, { ...this.options, host });
    const read = new Map([...host.paths].map((path) => [path, texts.get(path)]));
    const checked = { report, read };
    this.#last.set(spec, checked);
    return checked;
  }
}
