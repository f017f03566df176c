/**
 * The order of channels in networks whose shortcuts pad with zeros on both sides of the channels
 * (akamaster/pytorch_resnet_cifar10, `LambdaLayer`), where ours append all zeros at the end, as He et al.
 * 2015, option A, leave open. Along the stream of a stage the channels are the same but for their order,
 * so weights of the one network, reordered, are weights of the other.
 */
import type { Graph, Node } from "../../graph/graph.js";
import { nodesByName } from "../../graph/traversal.js";
import { elementCount } from "../../shapes/index.js";
import type { Tensor } from "./layout.js";

/** Which channel there each of our channels is; undefined where the order is the same. */
type Order = readonly number[] | undefined;

export class CentredPadding {
  readonly #nodes: ReadonlyMap<string, Node>;
  /** Of every convolution that ends a residual, the shortcut to which it is added. */
  readonly #partners = new Map<string, string>();
  readonly #orders = new Map<string, Order>();

  constructor(graph: Graph) {
    this.#nodes = nodesByName(graph);
    for (const node of graph.nodes) {
      if (node.op !== "add") continue;
      const [residual = "", shortcut = ""] = node.inputs;
      const conv = this.#convolutionBefore(residual);
      if (conv !== undefined) this.#partners.set(conv, shortcut);
    }
    // In the graph's order, so that no chain of look-ups grows long.
    for (const { name } of graph.nodes) this.#orderOf(name);
  }

  /** Whether a graph has shortcuts of that kind, and nothing whose channels cannot be reordered. */
  static isIn({ nodes }: Graph): boolean {
    return (
      nodes.some(({ op }) => op === "padchannels") &&
      nodes.every((node) => node.op !== "conv" || node.attributes.groups === 1)
    );
  }

  /** A tensor of a node in our order, from one in our layout and their order. */
  fromThere(name: string, tensor: Tensor): Tensor {
    return this.#reordered(name, tensor, (order) => order);
  }

  /** A tensor of a node in their order and our layout, from ours. */
  toThere(name: string, tensor: Tensor): Tensor {
    return this.#reordered(name, tensor, inverse);
  }

  #reordered(name: string, tensor: Tensor, way: (order: Order) => Order): Tensor {
    const node = this.#node(name);
    const outputs = node.op === "dense" ? undefined : this.#orderOf(name);
    const last = tensor.shape.length - 1;
    const reordered = take(tensor, last, way(outputs));
    if (last === 0) return reordered;
    return take(reordered, last - 1, way(this.#orderOf(node.inputs[0] ?? "")));
  }

  #orderOf(name: string): Order {
    if (this.#orders.has(name)) return this.#orders.get(name);
    const order = this.#deriveOrder(this.#node(name));
    this.#orders.set(name, order);
    return order;
  }

  #deriveOrder(node: Node): Order {
    const [first] = node.inputs;
    if (first === undefined || node.op === "dense") return undefined;
    if (node.op === "conv") {
      const partner = this.#partners.get(node.name);
      return partner === undefined ? undefined : this.#orderOf(partner);
    }
    if (node.op !== "padchannels") return this.#orderOf(first);
    const given = this.#node(first).type.channels;
    const before = Math.floor((node.attributes.channels - given) / 2);
    const inner = this.#orderOf(first);
    const kept = Array.from({ length: given }, (_, i) => before + (inner?.[i] ?? i));
    const zeros = Array.from({ length: node.attributes.channels }, (_, i) => i).filter(
      (i) => i < before || i >= before + given,
    );
    return [...kept, ...zeros];
  }

  /** The convolution whose values come to a node unmixed, through a batch norm. */
  #convolutionBefore(name: string): string | undefined {
    for (let node = this.#nodes.get(name); node !== undefined;) {
      if (node.op === "conv") return node.name;
      if (node.inputs.length !== 1) return undefined;
      node = this.#nodes.get(node.inputs[0] ?? "");
    }
    return undefined;
  }

  #node(name: string): Node {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new RangeError(`the graph has no node ${name}`);
    return node;
  }
}

function inverse(order: Order): Order {
  if (order === undefined) return undefined;
  const back = new Array<number>(order.length).fill(0);
  order.forEach((there, here) => (back[there] = here));
  return back;
}

/** The tensor whose slice i along `axis` is the slice `order[i]` of the one given. */
function take({ shape, data }: Tensor, axis: number, order: Order): Tensor {
  if (order === undefined) return { shape, data };
  const extent = shape[axis] ?? 0;
  const inner = elementCount(shape.slice(axis + 1));
  const result = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += extent * inner) {
    order.forEach((from, to) => {
      const slice = data.subarray(start + from * inner, start + (from + 1) * inner);
      result.set(slice, start + to * inner);
    });
  }
  return { shape, data: result };
}
