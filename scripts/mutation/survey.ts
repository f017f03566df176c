/**
 * What the checker says of the mutants of specs: whether each is found out, where its first error stands,
 * and how many errors there are.
 */
import { check } from "../../src/check/check.js";
import { OverlayHost } from "../../src/check/overlay-host.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { NodeHost } from "../../src/host/node-host.js";
import type { Span } from "../../src/source/source.js";
import { kinds, mutantsOf, type Kind, type Mutant } from "./mutants.js";

/** A sound file that is broken, and the specs that are checked then. */
export interface Source {
  readonly path: string;
  readonly specs: readonly string[];
}

export type Verdict =
  /** Nothing is in error: the change made another sound spec. */
  | "valid"
  /** Only an expectation fails: a sound network that is not the one expected. */
  | "expectation"
  /** The first error is on the changed line. */
  | "line"
  /**
   * The first error is at the merge that the change breaks, or at the setting of a recipe that does not fit the network
   * any more, and points at the changed line.
   */
  | "merge"
  /** It is somewhere else. */
  | "elsewhere";

export interface Judged {
  readonly source: Source;
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  readonly errors: readonly Diagnostic[];
}

/** The codes of merges that do not fit; what they stand at is the merge. */
const merges: ReadonlySet<string> = new Set("R0301 R0302 R0306 R0307 R0308 R0309".split(" "));

/** The codes of recipes that do not fit their networks, and say which part of these. */
const misfits: ReadonlySet<string> = new Set("R0510 R0511 R0513 R0515".split(" "));

const expectations: ReadonlySet<string> = new Set(["R0401"]);

const host = new NodeHost();

/** The mutants of a file. */
export function mutantsOfFile({ path }: Source): readonly Mutant[] {
  const { file, problem } = host.read(path);
  if (file === undefined) throw new Error(problem.message);
  return mutantsOf(file.text);
}

/** What the checker makes of one mutant. */
export function judge(source: Source, mutant: Mutant): Judged {
  const texts = new Map([[source.path, mutant.text]]);
  const errors: Diagnostic[] = [];
  const seen = new Set<string>();
  for (const spec of source.specs) {
    for (const each of check(spec, new OverlayHost(host, texts)).diagnostics) {
      const key = `${each.code} ${each.span?.file.path} ${each.span?.start} ${each.span?.end}`;
      if (each.severity === "error" && !seen.has(key)) errors.push(each);
      seen.add(key);
    }
  }
  return { source, mutant, verdict: verdictOf(source, mutant, errors), errors };
}

function verdictOf(source: Source, mutant: Mutant, errors: readonly Diagnostic[]): Verdict {
  const [first] = errors;
  if (first === undefined) return "valid";
  if (errors.every(({ code }) => expectations.has(code))) return "expectation";
  const { span, code, related } = first;
  const isChanged = ({ file, start }: Span): boolean =>
    file.path === source.path && mutant.lines.has(file.position(start).line);
  if (span && isChanged(span)) return "line";
  const pointsThere = misfits.has(code) && related.some((label) => isChanged(label.span));
  return merges.has(code) || pointsThere ? "merge" : "elsewhere";
}

/** One row of the table. */
export interface Row {
  readonly kind: Kind | "all";
  readonly mutants: number;
  readonly valid: number;
  readonly expectation: number;
  readonly invalid: number;
  readonly line: number;
  readonly merge: number;
  readonly few: number;
}

/** The most errors that one mistake may give. */
export const mostErrors = 2;

/** The least share of invalid mutants whose first error is where the mistake is, of all and of each kind. */
export const leastLocated = 0.99;

/** The table by kind, with a last row for all. */
export function tally(judged: readonly Judged[]): readonly Row[] {
  const row = (kind: Row["kind"], of: readonly Judged[]): Row => {
    const count = (...verdicts: readonly Verdict[]): number =>
      of.filter(({ verdict }) => verdicts.includes(verdict)).length;
    const invalid = of.filter(isInvalid);
    return {
      kind,
      mutants: of.length,
      valid: count("valid"),
      expectation: count("expectation"),
      invalid: invalid.length,
      line: count("line"),
      merge: count("merge"),
      few: invalid.filter(({ errors }) => errors.length <= mostErrors).length,
    };
  };
  return [
    ...kinds.map((kind) =>
      row(
        kind,
        judged.filter(({ mutant }) => mutant.kind === kind),
      ),
    ),
    row("all", judged),
  ];
}

/** Whether the change made a spec that is none. */
export function isInvalid({ verdict }: Judged): boolean {
  return verdict === "line" || verdict === "merge" || verdict === "elsewhere";
}
