/** What the elaboration of one network carries through all its parts. */
import { diagnostic, type Collector, type Diagnostic } from "../diagnostics/diagnostic.js";
import type { GraphBuilder, Tensor } from "../graph/builder.js";
import type { Origin } from "../graph/graph.js";
import type { OpAttributes, OpName } from "../ops/attributes.js";
import type { ShapeProblem } from "../ops/operation.js";
import type { Span } from "../source/source.js";
import {
  decideEqual,
  printExtent,
  printType,
  smallestSize,
  smallestSizeReaching,
  extentAt,
  type Domain,
  type Equality,
  type Extent,
  type TensorType,
} from "../shapes/index.js";
import { sizeLimit } from "./arguments.js";
import type { Guessed } from "./place.js";

export interface Elaboration {
  readonly builder: GraphBuilder;
  readonly found: Collector;
  readonly domainOf: (symbol: string) => Domain;
  /** Once an error has been reported the graph is not handed out. */
  failed: boolean;
}

/** Reports an error of this network, with where it happened. */
export function report(into: Elaboration, notes: readonly string[], found: Diagnostic): undefined {
  into.failed = true;
  into.found.add({ ...found, notes: [...found.notes, ...notes] });
}

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
    const sure = problem.kind === "groups" ? !site.guessed.channels : !site.guessed.spatial;
    if (sure) report(into, site.notes, shapeDiagnostic(site, problem));
    return undefined;
  }
  const fault = sizeFault(into, site, types, type);
  if (fault) {
    if (!site.guessed.spatial) report(into, site.notes, fault);
    return undefined;
  }
  return into.builder.add(site.name, op, attributes, operands, type, originOf(site.span));
}

function shapeDiagnostic(site: Site, problem: ShapeProblem): Diagnostic {
  switch (problem.kind) {
    case "needs-vector": {
      const holes = {
        operation: site.shown,
        expected: "a vector",
        found: `the map ${printType(problem.found)}`,
      };
      const help = "put `globalavgpool` before it";
      return diagnostic("R0304", site.span, holes, { help });
    }
    case "needs-map": {
      const isMap = problem.found.spatial.length > 0;
      const holes = {
        operation: site.shown,
        expected: isMap ? "a map of one known size" : "a map (height, width, channels)",
        found: isMap ? printType(problem.found) : `the vector ${printType(problem.found)}`,
      };
      return diagnostic("R0304", site.span, holes);
    }
    case "groups": {
      const { channels, groups, side } = problem;
      const divisors = [groups - 1, groups - 2, groups + 1, groups + 2].filter(
        (count) => count > 1 && channels % count === 0,
      );
      const help =
        divisors.length > 0
          ? `${channels} can be split into ${divisors.join(" or ")} groups`
          : `the channels must be a multiple of ${groups}`;
      return diagnostic("R0305", site.span, { channels, side, groups }, { help });
    }
    case "too-few-channels": {
      const holes = {
        shortcut: printType(problem.found),
        residual: `${problem.channels} channels`,
      };
      return diagnostic("R0307", site.span, holes);
    }
    case "disagree": {
      const holes = {
        first: printType(problem.first),
        verb: "added to",
        other: printType(problem.other),
      };
      return diagnostic("R0302", site.span, holes);
    }
  }
}

/** An extent that falls below 1 for an admissible size, or grows past what can be counted. */
function sizeFault(
  into: Elaboration,
  site: Site,
  operands: readonly TensorType[],
  type: TensorType,
): Diagnostic | undefined {
  for (const [axis, extent] of type.spatial.entries()) {
    const symbol = typeof extent === "number" ? undefined : extent.symbol;
    const domain = symbol === undefined ? undefined : into.domainOf(symbol);
    const least = domain ? smallestSize(domain) : undefined;
    const value =
      typeof extent === "number" ? extent : least === undefined ? 1 : extentAt(extent, least);
    if (value < 1) {
      return vanishing(site, operands, type, axis === 0 ? "height" : "width", domain, least);
    }
    if (value > sizeLimit) {
      const holes = { what: `the ${axis === 0 ? "height" : "width"}`, value, limit: sizeLimit };
      return diagnostic("R0602", site.span, holes);
    }
  }
  if (type.channels <= sizeLimit * 1000) return undefined;
  const holes = { what: "the number of channels", value: type.channels, limit: sizeLimit * 1000 };
  return diagnostic("R0602", site.span, holes);
}

function vanishing(
  site: Site,
  operands: readonly TensorType[],
  type: TensorType,
  axis: "height" | "width",
  domain: Domain | undefined,
  least: number | undefined,
): Diagnostic {
  const before = operands[0]?.spatial[axis === "height" ? 0 : 1] ?? 0;
  const after = type.spatial[axis === "height" ? 0 : 1] ?? 0;
  const at = least ?? 1;
  const shown = (extent: Extent): string =>
    typeof extent === "number"
      ? String(extent)
      : `${printExtent(extent)} = ${extentAt(extent, at)}`;
  const holes = {
    axis,
    operation: site.shown,
    input: shown(before),
    output: typeof after === "number" ? String(after) : String(extentAt(after, at)),
  };
  if (domain === undefined || least === undefined) {
    const help = "the window is larger than the map: a smaller window, padding, or a larger input";
    return diagnostic("R0303", site.span, holes, { help });
  }
  const enough = smallestSizeReaching(after, 1, domain);
  const help =
    enough === undefined
      ? "no admissible size is large enough: a smaller window, or padding"
      : `limit the input: where ${domain.symbol} >= ${enough}`;
  const label = `at ${domain.symbol} = ${least}, the smallest admissible size`;
  return diagnostic("R0303", site.span, holes, { help, label });
}

/** Height and width that differ for an admissible size, if there are any. */
export interface Disagreement {
  readonly axis: "height" | "width";
  readonly left: Extent;
  readonly right: Extent;
  readonly equality: Exclude<Equality, { kind: "equal" }>;
}

/** The first axis on which two maps differ for some admissible size. */
export function disagreement(
  domainOf: (symbol: string) => Domain,
  left: TensorType,
  right: TensorType,
): Disagreement | undefined {
  for (const [index, axis] of (["height", "width"] as const).entries()) {
    const [one, other] = [left.spatial[index], right.spatial[index]];
    if (one === undefined || other === undefined) continue;
    const equality = decideEqual(one, other, domainOf);
    if (equality.kind !== "equal") return { axis, left: one, right: other, equality };
  }
  return undefined;
}

/** "at H = 33: 17 against 16": the smallest failing size in words. */
export function describeFailure({ equality, axis }: Disagreement): string | undefined {
  if (equality.kind !== "differ" || equality.sizes.size === 0) return undefined;
  const sizes = [...equality.sizes].map(([symbol, size]) => `${symbol} = ${size}`).join(", ");
  return `the smallest size that fails is ${sizes}: the ${axis} is ${equality.left} against ${equality.right}`;
}
