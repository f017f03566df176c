/**
 * The least time that the work of a node can take on a machine: its operations at the peak rate or its bytes
 * at the peak bandwidth, whichever is longer (Williams, Waterman and Patterson 2009, "Roofline").
 */
import type { Peaks, WorkKind } from "../engines/step-profile.js";
import { nodeCost } from "../graph/cost.js";
import type { Graph, Node } from "../graph/graph.js";
import { nodesByName, typeAt, type Sizes } from "../graph/traversal.js";
import type { TensorType } from "../shapes/index.js";

/** What a node's work in one pass of a batch takes at the very least. */
export interface Demand {
  /** Additions and multiplications. */
  readonly operations: number;
  /** Read and written, each tensor once. */
  readonly bytes: number;
}

const bytesOfNumber = 4;

export class Demands {
  readonly #nodes: ReadonlyMap<string, Node>;

  /** @param batch images. */
  constructor(
    graph: Graph,
    private readonly batch: number,
    private readonly sizes: Sizes,
  ) {
    this.#nodes = nodesByName(graph);
  }

  /** Numbers in a node's output for the batch. */
  activations(name: string): number {
    const node = this.#nodes.get(name);
    return node === undefined ? 0 : this.batch * numbersIn(node.type, this.sizes);
  }

  /** How many weights a node trains. */
  weights(name: string): number {
    const node = this.#nodes.get(name);
    return node === undefined ? 0 : nodeCost(this.#nodes, node, this.sizes).parameters;
  }

  /**
   * A convolution's gradients cost what its forward pass does, each. What has no multiply-adds reads its
   * operands and writes its result; backward it also reads its operands again.
   */
  of(name: string, backward: boolean, kind: WorkKind): Demand {
    const node = this.#nodes.get(name);
    if (node === undefined) return { operations: 0, bytes: 0 };
    const { parameters, macs = 0 } = nodeCost(this.#nodes, node, this.sizes);
    const inputs = node.inputs.reduce((sum, input) => sum + this.activations(input), 0);
    const maps = inputs + this.activations(name);
    if (macs > 0) {
      // Of a dense layer, or where both gradients are one time, two products.
      const products = backward && (kind === "dense" || kind === "convolution, gradients") ? 2 : 1;
      const bytes = products * bytesOfNumber * (maps + parameters);
      return { operations: products * 2 * macs * this.batch, bytes };
    }
    return { operations: 0, bytes: bytesOfNumber * (backward ? maps + inputs : maps) };
  }
}

function numbersIn(type: TensorType, sizes: Sizes): number {
  const { spatial, channels } = typeAt(type, sizes);
  return spatial.reduce<number>((product, extent) => product * Number(extent), channels);
}

/** In milliseconds. */
export function leastTime({ operations, bytes }: Demand, { gigaflops, gigabytes }: Peaks): number {
  return Math.max(operations / gigaflops, bytes / gigabytes) / 1e6;
}
