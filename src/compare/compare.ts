/** What changed between two checked networks, as plain data: everything that a reader of a change asks. */
import type { Graph } from "../graph/graph.js";
import { inputOf, type Sizes } from "../graph/traversal.js";
import { printDomain, printType } from "../shapes/index.js";
import type { Pair } from "./alignment.js";
import { Measure, partQuantities, type PartQuantities, type Quantities } from "./quantities.js";
import { foldRepetition } from "./repetition.js";
import { compareStructure, type Change } from "./structure.js";
import { compareWeights, type WeightFit } from "./weights.js";

/** A value on both sides. */
export interface Both<T> {
  readonly before: T;
  readonly after: T;
}

export interface HeadChange extends Pair<string> {
  readonly name: string;
}

export interface NetworkComparison {
  readonly name: Both<string>;
  /** Whether the two compute the same on the same images, from weights of the same names. */
  readonly same: boolean;
  readonly input: Both<string>;
  /** The sizes of a symbolic input that are admitted, in words; none where the input is of one size. */
  readonly sizes: Both<readonly string[]>;
  readonly whole: Both<Quantities>;
  /** Stem, stages, heads, and operations between them, in order. */
  readonly parts: readonly PartQuantities[];
  /** The outputs of the heads. */
  readonly heads: readonly HeadChange[];
  readonly changes: readonly Change[];
  /** A checkpoint of the one under the other. */
  readonly weights: WeightFit;
}

/** Sizes for symbolic inputs, on both sides. */
export type BothSizes = Both<Sizes>;

/** Compares two graphs; quantities that depend on a symbolic size are absent where it is not given. */
export function compareNetworks(before: Graph, after: Graph, sizes: BothSizes): NetworkComparison {
  const [one, other] = [new Measure(before, sizes.before), new Measure(after, sizes.after)];
  const { changes, parts, became } = compareStructure(before, after);
  const input = {
    before: printType(inputOf(before).type),
    after: printType(inputOf(after).type),
  };
  const taken = { before: sizesText(before), after: sizesText(after) };
  const weights = compareWeights(before, after, became);
  const heads = headsOf(before, after, one, other);
  const moved = weights.renamed.length > 0;
  return {
    name: { before: before.name, after: after.name },
    same:
      changes.length === 0 &&
      !moved &&
      input.before === input.after &&
      taken.before.join() === taken.after.join() &&
      heads.every((head) => head.before === head.after),
    input,
    sizes: taken,
    whole: { before: one.whole(), after: other.whole() },
    parts: partQuantities(parts, one, other),
    heads,
    changes: foldRepetition(changes),
    weights,
  };
}

function sizesText({ sizes, domains }: Graph): readonly string[] {
  return domains.map(
    (domain) => sizes?.find(({ symbol }) => symbol === domain.symbol)?.text ?? printDomain(domain),
  );
}

/** Heads by name, in the order of the new graph, those that are gone last. */
function headsOf(before: Graph, after: Graph, one: Measure, other: Measure): readonly HeadChange[] {
  const outputs = (graph: Graph, measure: Measure): ReadonlyMap<string, string> =>
    new Map(
      graph.outputs.flatMap(({ name, node }) => {
        const found = graph.nodes.find((each) => each.name === node);
        return found ? [[name, measure.shape(found.type)] as const] : [];
      }),
    );
  const [from, to] = [outputs(before, one), outputs(after, other)];
  return [...new Set([...to.keys(), ...from.keys()])].map((name) => {
    const [was, is] = [from.get(name), to.get(name)];
    return {
      name,
      ...(was !== undefined && { before: was }),
      ...(is !== undefined && { after: is }),
    };
  });
}
