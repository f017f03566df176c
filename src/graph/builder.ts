/**
 * Builds a graph node by node. Names are hierarchical, unique and stable: the first of its kind at a
 * place has the plain name, the next ones are numbered from 2, so that adding one renames none before
 * it. A node's type is what its operation's shape rule says.
 */
import type { OpAttributes, OpName } from "../ops/attributes.js";
import type { SameExtents, ShapeResult } from "../ops/operation.js";
import { operations } from "../ops/registry.js";
import type { Domain, TensorType } from "../shapes/index.js";
import { graphSizes } from "./sizes.js";
import type { Graph, Node, Origin, Output, Region } from "./graph.js";

/** A node's output, as the next operations see it. */
export interface Tensor {
  readonly node: string;
  readonly type: TensorType;
}

/** What one operation counts for beside the evaluation of one value. */
const operationWork = 10;

/** How many operations a network may have. */
export const operationLimit = 100_000;

/** Thrown when a network grows past `operationLimit`. */
export class GraphTooLarge extends Error {
  override readonly name = "GraphTooLarge";
}

export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #outputs: Output[] = [];
  readonly #regions: Region[] = [];
  readonly #taken = new Map<string, number>();
  #spent = 0;

  /** @param budget is told of every operation. */
  constructor(
    private readonly same: SameExtents,
    private readonly budget: { spend(work: number): void } = { spend: () => undefined },
  ) {}

  /** Counts work that adds no node. @throws GraphTooLarge past the limit. */
  spend(): void {
    this.budget.spend(operationWork);
    if (++this.#spent > operationLimit) throw new GraphTooLarge();
  }

  /** A name not taken yet: `prefix.base`, `prefix.base2`, … */
  fresh(prefix: string, base: string): string {
    const plain = prefix === "" ? base : `${prefix}.${base}`;
    const count = (this.#taken.get(plain) ?? 0) + 1;
    this.#taken.set(plain, count);
    if (count === 1) return plain;
    const numbered = `${plain}${count}`;
    this.#taken.set(numbered, (this.#taken.get(numbered) ?? 0) + 1);
    return this.#taken.get(numbered) === 1 ? numbered : this.fresh(prefix, base);
  }

  /** The shape rule's answer, without adding anything. */
  typeOf<K extends OpName>(
    op: K,
    attributes: OpAttributes[K],
    operands: readonly TensorType[],
  ): ShapeResult {
    return operations[op].type(attributes, operands, this.same);
  }

  /** Adds the input of declared type. */
  input(name: string, type: TensorType, origin?: Origin): Tensor {
    return this.#push(name, "input", {}, [], type, origin);
  }

  /** Adds a node whose operands are known to fit, with the type that the shape rule gave. */
  add<K extends OpName>(
    name: string,
    op: K,
    attributes: OpAttributes[K],
    operands: readonly Tensor[],
    type: TensorType,
    origin?: Origin,
  ): Tensor {
    return this.#push(
      name,
      op,
      attributes,
      operands.map((operand) => operand.node),
      type,
      origin,
    );
  }

  get nodeCount(): number {
    return this.#nodes.length;
  }

  /** The names of the nodes added since there were `count`. */
  namesSince(count: number): string[] {
    return this.#nodes.slice(count).map((node) => node.name);
  }

  output(name: string, value: Tensor): void {
    this.#outputs.push({ name, node: value.node });
  }

  region(region: Region): void {
    this.#regions.push(region);
  }

  /** The finished graph. */
  build(name: string, domains: readonly Domain[]): Graph {
    const sizes = graphSizes({ domains, nodes: this.#nodes });
    return {
      format: "resnetc-graph",
      version: 1,
      name,
      domains,
      ...(sizes.length > 0 && { sizes }),
      nodes: this.#nodes,
      outputs: this.#outputs,
      regions: this.#regions,
    };
  }

  #push<K extends OpName>(
    name: string,
    op: K,
    attributes: OpAttributes[K],
    inputs: readonly string[],
    type: TensorType,
    origin: Origin | undefined,
  ): Tensor {
    this.spend();
    const node = { name, op, attributes, inputs, type, ...(origin && { origin }) };
    this.#nodes.push(node as unknown as Node);
    return { node: name, type };
  }
}
