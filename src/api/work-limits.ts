/**
 * The least time that the work of a node can take on a machine: its operations at the peak rate or its bytes
 * at the peak bandwidth, whichever is longer (Williams, Waterman and Patterson 2009, "Roofline").
 */
import type { Peaks, WorkKind } from "../engines/step-profile.js";
import { nodeCost } from "../graph/cost.js";
import type { Graph, Node } from "../graph/graph.js";
import { nodesByName, typeAt, type Sizes } from "../graph/traversal.js";
import type { TensorType } from "../shapes/index.js";

/** What a node's work in one pass of a batch, of all its parts, takes at the very least. */
export interface Demand {
  /** Additions and multiplications. */
  readonly operations: number;
  /** Read and written, each tensor once. */
  readonly bytes: number;
}

const bytesOfNumber = 4;

export class Demands {
  readonly #nodes: ReadonlyMap<string, Node>;

  /** @param parts the images of each part of a batch; they are passed one after the other. */
  constructor(
    graph: Graph,
    private readonly parts: readonly number[],
    private readonly sizes: Sizes,
  ) {
    this.#nodes = nodesByName(graph);
  }

  /** Images of a batch. */
  get batch(): number {
    return this.parts.reduce((sum, images) => sum + images, 0);
  }

  /** Numbers in a node's output that training keeps at once: those of one part, the largest. */
  kept(name: string): number {
    return Math.max(...this.parts) * this.#numbers(name);
  }

  /** Numbers in a node's output for an image. */
  #numbers(name: string): number {
    const node = this.#nodes.get(name);
    return node === undefined ? 0 : numbersIn(node.type, this.sizes);
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
    const { batch } = this;
    const inputs = node.inputs.reduce((sum, input) => sum + batch * this.#numbers(input), 0);
    const maps = inputs + batch * this.#numbers(name);
    if (macs > 0) {
      // Of a dense layer, or where both gradients are one time, two products.
      const products = backward && (kind === "dense" || kind === "convolution, gradients") ? 2 : 1;
      const bytes = products * bytesOfNumber * (maps + this.parts.length * parameters);
      return { operations: products * 2 * macs * batch, bytes };
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
