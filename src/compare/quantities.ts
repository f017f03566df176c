/** What two graphs come to, as a whole and part by part: shapes, parameters, multiply-adds, memory, what is seen. */
import { activationBytes, graphCost, partCost } from "../graph/cost.js";
import type { Graph, Node } from "../graph/graph.js";
import { lastMapField, receptiveFields, seenThrough, type Sees } from "../graph/receptive-field.js";
import { nodesByName, typeNear, type Sizes } from "../graph/traversal.js";
import { printType, type TensorType } from "../shapes/index.js";
import type { Pair } from "./alignment.js";
import { nodesOf, type Part } from "./part.js";

export interface Quantities {
  /** As the language writes it: `56x56x64`. */
  readonly output: string;
  /** Trainable numbers. */
  readonly parameters: number;
  /** Multiply-adds for one image; absent where the size is symbolic and not given. */
  readonly macs?: number;
  /** Bytes of its activations for one image in float32; absent likewise. */
  readonly memory?: number;
  /** Pixels of the input that one output sees, [height, width]; "all" where it sees the whole image. */
  readonly field: Sees;
}

export interface PartQuantities extends Pair<Quantities> {
  /** What it is called after the change, or was called where it is gone. */
  readonly name: string;
}

/** The quantities of one graph, at sizes for the symbols of its input. */
export class Measure {
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #fields: ReturnType<typeof receptiveFields>;

  constructor(
    private readonly graph: Graph,
    private readonly sizes: Sizes,
  ) {
    this.#nodes = nodesByName(graph);
    this.#fields = receptiveFields(graph);
  }

  shape(type: TensorType): string {
    return printType(typeNear(type, this.sizes));
  }

  /** Those of the whole; its output is that of its first head. */
  whole(): Quantities {
    const { parameters, macs, activations } = graphCost(this.graph, this.sizes);
    const head = this.#nodes.get(this.graph.outputs[0]?.node ?? "");
    return {
      output: head === undefined ? "" : this.shape(head.type),
      parameters,
      ...(macs !== undefined && { macs }),
      ...(activations !== undefined && { memory: activationBytes(activations, 1) }),
      field: seenThrough(lastMapField(this.graph).size),
    };
  }

  part(part: Part): Quantities {
    const nodes = nodesOf(part);
    const { parameters, macs, activations } = partCost(this.#nodes, nodes, this.sizes);
    const last = nodes.at(-1);
    return {
      output: last === undefined ? "" : this.shape(last.type),
      parameters,
      ...(macs !== undefined && { macs }),
      ...(activations !== undefined && { memory: activationBytes(activations, 1) }),
      field: seenThrough((last && this.#fields.get(last.name)?.size) ?? [1, 1]),
    };
  }
}

/** The parts at the top, measured on both sides; the input is not one of them. */
export function partQuantities(
  parts: readonly Pair<Part>[],
  before: Measure,
  after: Measure,
): readonly PartQuantities[] {
  return parts
    .filter(({ before: one, after: other }) => (other ?? one)?.node?.op !== "input")
    .map((pair) => ({
      name: (pair.after ?? pair.before)?.name ?? "",
      ...(pair.before && { before: before.part(pair.before) }),
      ...(pair.after && { after: after.part(pair.after) }),
    }));
}

/** Whether both sides are there and come to the same. */
export function areEqual({ before, after }: Pair<Quantities>): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}
