/** The measures that an `expect` can speak of, taken from a graph: `macs(at: 224x224)`. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.js";
import { activationBytes, graphCost } from "../graph/cost.js";
import type { Graph } from "../graph/graph.js";
import { lastMapField } from "../graph/receptive-field.js";
import { refusedSizes } from "../graph/refused-sizes.js";
import { inputOf, isSized, nodesByName, typeAt, type Sizes } from "../graph/traversal.js";
import { admits, printDomain, printType } from "../shapes/index.js";
import { textOf } from "../source/source.js";
import type { Argument, Call } from "../syntax/ast.js";
import { matchArguments } from "./arguments.js";
import { type Slot } from "./slots.js";
import { evaluate } from "./evaluate.js";
import { unknownName, type Scope } from "./scope.js";
import { exampleSize } from "./size-names.js";
import { grouped } from "../diagnostics/numbers.js";
import { describeValue } from "./value.js";

export const measures = ["params", "macs", "memory", "receptive_field", "output"] as const;
export type Measure = (typeof measures)[number];

function slot(name: string, positional = false): Slot {
  return { name, positional, required: false };
}

/** What each measure can be given. */
export const measureSlots: Readonly<Record<Measure, readonly Slot[]>> = {
  params: [],
  macs: [slot("at")],
  memory: [slot("at"), slot("batch")],
  receptive_field: [],
  output: [slot("head", true), slot("at")],
};

/** One measure of one graph; what is wrong with how it is asked for is reported. */
export class Measuring {
  readonly #arguments: ReadonlyMap<string, Argument>;
  #whole: boolean;

  constructor(
    private readonly graph: Graph,
    private readonly measure: Measure,
    private readonly call: Call,
    private readonly scope: Scope,
  ) {
    const match = matchArguments(call, `\`${measure}\``, measureSlots[measure]);
    this.#arguments = match.arguments;
    this.#whole = match.problems.length === 0;
    for (const problem of match.problems) this.#report(problem);
  }

  /** A number, or a shape as text; undefined where that is in error. */
  value(): number | string | undefined {
    const value = this.#taken();
    if (typeof value !== "number" || value <= Number.MAX_SAFE_INTEGER) return value;
    if (this.measure === "receptive_field") return value;
    // Beyond it numbers are rounded, and `==` would no longer be exact.
    const limit = grouped(Number.MAX_SAFE_INTEGER);
    const holes = { what: `\`${this.measure}\``, value: value.toPrecision(3), limit };
    return this.#report(diagnostic("R0602", this.call.span, holes));
  }

  #taken(): number | string | undefined {
    this.scope.budget.spend(this.graph.nodes.length);
    const sizes = this.#sizes();
    const batch = this.#batch();
    if (!this.#whole) return undefined;
    switch (this.measure) {
      case "params":
        return graphCost(this.graph).parameters;
      case "macs":
        return this.#known(graphCost(this.graph, sizes).macs);
      case "memory": {
        const activations = this.#known(graphCost(this.graph, sizes).activations);
        return activations === undefined ? undefined : activationBytes(activations, batch);
      }
      case "receptive_field": {
        const [height, width] = lastMapField(this.graph).size;
        return height === width ? height : `${height}x${width}`;
      }
      case "output":
        return this.#output(sizes);
    }
  }

  #report(found: Diagnostic): undefined {
    this.#whole = false;
    this.scope.found.add({ ...found, notes: [...found.notes, ...this.scope.notes] });
  }

  /** A value that depends on the input's size needs one. */
  #known<T>(value: T | undefined): T | undefined {
    if (value !== undefined) return value;
    const head = this.#arguments.get("head")?.value;
    const before = head === undefined ? "" : `${textOf(head.span)}, `;
    const call = `${this.measure}(${before}at: ${exampleSize(this.graph, 224).join("x")})`;
    const edits = [{ span: this.call.span, text: call }];
    const help = { text: "say at which size, and expect what it comes to there", edits };
    const holes = { what: this.measure, call };
    return this.#report(diagnostic("R0403", this.call.span, holes, { help }));
  }

  #batch(): number {
    const given = this.#arguments.get("batch");
    const value = given && evaluate(given.value, this.scope);
    if (given === undefined) return 1;
    if (value?.kind === "number" && Number.isInteger(value.value) && value.value >= 1) {
      return value.value;
    }
    this.#whole = false;
    if (value) {
      const holes = { expected: "a whole number of at least 1", found: describeValue(value) };
      this.#report(diagnostic("R0212", given.value.span, holes));
    }
    return 1;
  }

  /** `at: 224x224`: the sizes of the input's symbols. */
  #sizes(): Sizes {
    const none: Sizes = new Map();
    const given = this.#arguments.get("at");
    if (given === undefined) return none;
    const value = evaluate(given.value, this.scope);
    this.#whole &&= value !== undefined;
    if (value === undefined) return none;
    const [height, width, ...more] = value.kind === "dimensions" ? value.values : [];
    if (height === undefined || width === undefined || more.length > 0) {
      const holes = { expected: "height and width, such as 224x224", found: describeValue(value) };
      this.#report(diagnostic("R0212", given.value.span, holes));
      return none;
    }
    const sizes = this.#assign([height, width]);
    if (sizes) return sizes;
    const { type } = inputOf(this.graph);
    const conditions = this.graph.domains.map(printDomain).join(", ");
    const takes = `${printType(type)}${conditions === "" ? "" : ` where ${conditions}`}`;
    const holes = { size: `${height}x${width}`, takes };
    const help = refusedSizes(this.graph, [height, width]).join("; ");
    this.#report(diagnostic("R0404", given.value.span, holes, { help }));
    return none;
  }

  /** @returns undefined where the input cannot be of this size. */
  #assign(size: readonly [number, number]): Sizes | undefined {
    const sizes = new Map<string, number>();
    for (const [axis, extent] of inputOf(this.graph).type.spatial.entries()) {
      const wanted = size[axis] ?? 0;
      const fixed = typeof extent === "number" ? extent : sizes.get(extent.symbol);
      if (fixed !== undefined && fixed !== wanted) return undefined;
      if (typeof extent !== "number") sizes.set(extent.symbol, wanted);
    }
    const { domains } = this.graph;
    const admissible = domains.every((domain) => admits(domain, sizes.get(domain.symbol) ?? 0));
    return admissible ? sizes : undefined;
  }

  /** `output == 1000`, or `output(classify) == 1000` where there are several heads. */
  #output(sizes: Sizes): string | undefined {
    const { outputs } = this.graph;
    const given = this.#arguments.get("head")?.value;
    if (given && given.kind !== "name") {
      const holes = { expected: "the name of a head", found: "another expression" };
      return this.#report(diagnostic("R0212", given.span, holes));
    }
    const head = given ? outputs.find((output) => output.name === given.name.text) : outputs.at(-1);
    if (head === undefined) {
      const heads = outputs.map((output) => output.name);
      return given && this.#report(unknownName(given.name, "head", heads));
    }
    const type = nodesByName(this.graph).get(head.node)?.type;
    if (type === undefined) return undefined;
    return this.#known(isSized(type, sizes) ? printType(typeAt(type, sizes)) : undefined);
  }
}
