/** What the elaboration of one network carries through all its parts, and how an operation is added. */
import {
  diagnostic,
  type Collector,
  type Diagnostic,
  type Help,
  type Label,
} from "../diagnostics/diagnostic.js";
import type { GraphBuilder, Tensor } from "../graph/builder.js";
import type { Origin } from "../graph/graph.js";
import type { OpAttributes, OpName } from "../ops/attributes.js";
import type { ShapeProblem } from "../ops/operation.js";
import type { Span } from "../source/source.js";
import { extentAt, smallestSizeReaching, type Extent, type TensorType } from "../shapes/index.js";
import { channelLimit, sizeLimit } from "./bound-operation.js";
import type { Budget } from "./budget.js";
import type { InputLimits } from "./input-limits.js";
import { reportGroups, type Grouped, type GroupsProblem } from "./group-findings.js";
import type { Flow, Guessed } from "./place.js";
import type { Scope } from "./scope.js";
import type { NetworkTrace } from "./trace.js";
import { onVector } from "./vector-findings.js";
import { grouped } from "../diagnostics/numbers.js";

export interface Elaboration {
  readonly builder: GraphBuilder;
  readonly found: Collector;
  readonly limits: InputLimits;
  readonly budget: Budget;
  /** Once an error has been found the graph is not handed out. */
  failed: boolean;
  /** Whether the sizes of a merge differ so that no limit on the input mends them, whatever its channels are. */
  disagrees?: boolean;
  /** Whether that is all that is wrong there: what made them so may leave too little of small inputs as well. */
  missized?: boolean;
  /** How many mends may still be tried by elaborating a part anew: none where this is such a trial. */
  trialsLeft?: number;
  /** Where it is noted what flows, if anyone asks. */
  readonly trace?: NetworkTrace;
}

/** Takes note of what flowed through the syntax at `span`. @param first how many nodes there were before. */
export function traceFlow(
  into: Elaboration,
  span: Span,
  scope: Scope,
  first: number,
  before: Flow,
  after: Flow,
): void {
  const { trace, builder } = into;
  if (trace === undefined) return;
  const { spatial, channels, rank } = after.guessed;
  trace.trace.pass(span, {
    network: trace.network,
    before: before.value.type,
    after: after.value.type,
    node: after.value.node,
    nodes: [first, builder.nodeCount],
    blocks: trace.blocks,
    guessed: spatial || channels || rank,
    values: scope.values,
    notes: scope.notes,
  });
}

/** Reports an error of this network, with where it happened. */
export function report(into: Elaboration, notes: readonly string[], found: Diagnostic): undefined {
  into.failed = true;
  into.found.add({ ...found, notes: [...found.notes, ...notes] });
}

/** A span as a graph carries it. */
export function originOf(span: Span): Origin {
  return { file: span.file.path, start: span.start, end: span.end };
}

/** Where an operation is added: its name, where it was written, and what is around it. */
export interface Site {
  readonly name: string;
  readonly span: Span;
  /** How the operation is called in a message: `conv 3x3`. */
  readonly shown: string;
  readonly notes: readonly string[];
  /** What of the operands' shapes is only a guess: nothing is reported that rests on it. */
  readonly guessed: Guessed;
  /** Where the operand's size comes from. */
  readonly sizeOrigin?: () => readonly Label[];
  /** The call as it is written, and where its channels come from: of operations that may have groups. */
  readonly grouped?: Grouped;
}

/**
 * Adds an operation if its operands fit and nothing shrinks to nothing.
 * @returns undefined where it does not fit, which has been reported.
 */
export function addOperation<K extends OpName>(
  into: Elaboration,
  site: Site,
  op: K,
  attributes: OpAttributes[K],
  operands: readonly Tensor[],
): Tensor | undefined {
  const types = operands.map((operand) => operand.type);
  const { type, problem } = into.builder.typeOf(op, attributes, types);
  if (problem) {
    into.failed = true;
    if (isSure(problem, site.guessed)) {
      if (problem.kind !== "groups") {
        const onVectors = (): Help => onVector(op, attributes, site.grouped);
        report(into, site.notes, shapeDiagnostic(site, problem, into.limits, onVectors));
      } else if (site.grouped) reportGroups(site.grouped, problem);
    }
    return undefined;
  }
  if (!isCountable(into, site, types, type)) return undefined;
  return into.builder.add(site.name, op, attributes, operands, type, originOf(site.span));
}

function isSure(problem: ShapeProblem, guessed: Guessed): boolean {
  switch (problem.kind) {
    case "groups":
      return problem.side === "output" || !guessed.channels;
    case "needs-vector":
    case "needs-map":
      return !guessed.rank;
    case "padding":
      return true;
    default:
      return !guessed.rank && !guessed.spatial && !guessed.channels;
  }
}

function shapeDiagnostic(
  site: Site,
  problem: Exclude<ShapeProblem, GroupsProblem>,
  limits: InputLimits,
  onVectors: () => Help,
): Diagnostic {
  const sized = { related: site.sizeOrigin?.() ?? [] };
  switch (problem.kind) {
    case "needs-vector": {
      const found = describeType(problem.found, limits);
      const holes = { operation: site.shown, expected: "a vector", found };
      const { file, start } = site.span;
      const edits = [{ span: file.span(start, start), text: "globalavgpool -> " }];
      const help = { text: "put `globalavgpool ->` before it", edits };
      return diagnostic("R0304", site.span, holes, { ...sized, help });
    }
    case "needs-map":
      return needsMap(site, problem.found, limits, onVectors);
    case "padding": {
      const [kernel, found] = [problem.kernel.join("x"), problem.padding.join("x")];
      const expected = `less than the window, ${kernel}, as no window may see padding alone`;
      return diagnostic("R0209", site.span, { name: "pad", callee: site.shown, expected, found });
    }
    case "too-few-channels": {
      const shortcut = limits.print(problem.found);
      return diagnostic("R0307", site.span, { shortcut, residual: `${problem.channels} channels` });
    }
    case "disagree": {
      const holes = {
        first: limits.print(problem.first),
        verb: "added to",
        other: limits.print(problem.other),
      };
      return diagnostic("R0302", site.span, holes);
    }
  }
}

/** @param onVectors what takes a vector in its place. */
function needsMap(
  site: Site,
  found: TensorType,
  limits: InputLimits,
  onVectors: () => Help,
): Diagnostic {
  const isMap = found.spatial.length > 0;
  const expected = isMap ? "a map of one known size" : "a map (height, width, channels)";
  const holes = { operation: site.shown, expected, found: describeType(found, limits) };
  const help = isMap ? (limits.asOneSize ?? ofAnySize(site)) : onVectors();
  return diagnostic("R0304", site.span, holes, { related: site.sizeOrigin?.() ?? [], help });
}

/** What makes a vector of a map of any size: of one number per channel, which is another network. */
function ofAnySize({ span }: Site): Help {
  return {
    text: "give the input one size, such as `input 32x32x3`; `globalavgpool` makes a vector of a map of any size, of the mean of every channel",
    edits: [{ span, text: "globalavgpool" }],
    applicability: "unsafe",
  };
}

/** "the map 32x32x64", "a vector of 64". */
function describeType(type: TensorType, limits: InputLimits): string {
  return type.spatial.length === 0
    ? `a vector of ${type.channels}`
    : `the map ${limits.print(type)}`;
}

/** Whether every extent is from 1 to what can be counted, for every admissible size. */
function isCountable(
  into: Elaboration,
  site: Site,
  operands: readonly TensorType[],
  type: TensorType,
): boolean {
  const tooLarge = (what: string, value: number, limit: number): boolean => {
    into.failed = true;
    if (site.guessed.spatial) return false;
    const holes = { what, value: grouped(value), limit: grouped(limit) };
    report(
      into,
      site.notes,
      diagnostic("R0602", site.span, holes, { related: site.sizeOrigin?.() ?? [] }),
    );
    return false;
  };
  for (const [axis, extent] of type.spatial.entries()) {
    const name = axis === 0 ? "height" : "width";
    if (!isLeft(into, site, operands[0]?.spatial[axis] ?? 0, extent, name)) return false;
    const least = typeof extent === "number" ? extent : atLeast(into, extent);
    if (least > sizeLimit) return tooLarge(`the ${name}`, least, sizeLimit);
  }
  if (type.channels <= channelLimit) return true;
  return tooLarge("the number of channels", type.channels, channelLimit);
}

/** The extent at the smallest size that is admissible. */
function atLeast(into: Elaboration, extent: Exclude<Extent, number>): number {
  return extentAt(extent, into.limits.leastOf(extent.symbol));
}

/** Whether something is left of an extent; where it is for the larger sizes only, these are asked for. */
function isLeft(
  into: Elaboration,
  site: Site,
  before: Extent,
  after: Extent,
  axis: "height" | "width",
): boolean {
  const value = typeof after === "number" ? after : atLeast(into, after);
  if (value >= 1) return true;
  into.failed = true;
  if (site.guessed.spatial) return false;
  const at = typeof before === "number" ? undefined : into.limits.leastOf(before.symbol);
  const input =
    typeof before === "number" || at === undefined || before.steps.length === 0
      ? String(typeof before === "number" ? before : at)
      : `${into.limits.printExtent(before)} = ${extentAt(before, at)}`;
  // No window fits: none is left, and never fewer than none.
  const holes = { axis, operation: site.shown, input, output: Math.max(0, value) };
  const related = site.sizeOrigin?.() ?? [];
  if (typeof after === "number" || at === undefined) {
    const help = "the window is larger than the map: a smaller window, padding, or a larger input";
    report(into, site.notes, diagnostic("R0303", site.span, holes, { related, help }));
    return false;
  }
  const label = `at ${after.symbol} = ${at}, the smallest admissible size`;
  const enough = smallestSizeReaching(after, 1, into.limits.domainOf(after.symbol));
  const { notes } = site;
  if (enough === undefined) {
    const help = "no admissible size is large enough: a smaller window, or padding";
    report(into, notes, diagnostic("R0303", site.span, holes, { label, related, help }));
    return false;
  }
  const found = diagnostic("R0303", site.span, holes, { label, related, notes });
  const least = { kind: "compare", relation: ">=", value: enough } as const;
  if (!fitsWhole(into, before, after, at)) into.limits.windowTooLarge = true;
  into.limits.limit("least", new Map([[after.symbol, [least]]]), site.span, found);
  return true;
}

/** Whether an operation would leave something of the smallest input itself, had nothing before made it smaller. */
function fitsWhole(into: Elaboration, before: Extent, after: Extent, smallest: number): boolean {
  if (typeof before === "number" || typeof after === "number") return true;
  const domain = into.limits.domainOf(before.symbol);
  const size = smallestSizeReaching(before, smallest, domain);
  return size !== undefined && extentAt(after, size) >= 1;
}
