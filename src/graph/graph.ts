/**
 * The checked graph as plain data: JSON in, JSON out, no methods, no cycles. Nodes stand in
 * topological order and are referred to by name; names are hierarchical and stable
 * (`conv3.block1.residual.conv2`). Every node carries the type that its operation's shape rule gives.
 */
import type { OpAttributes, OpName } from "../ops/attributes.js";
import type { Domain } from "../shapes/domain.js";
import type { SizeSet } from "../shapes/size-set.js";
import type { TensorType } from "../shapes/tensor-type.js";

/** Where in the source a node was written; offsets as in `Span`, without the file's text. */
export interface Origin {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export type NodeOf<K extends OpName> = {
  readonly name: string;
  readonly op: K;
  readonly attributes: OpAttributes[K];
  /** Names of the nodes that feed this one, in the order of the operation's operands. */
  readonly inputs: readonly string[];
  readonly type: TensorType;
  readonly origin?: Origin;
};

export type Node = { [K in OpName]: NodeOf<K> }[OpName];

/** A named stretch of the graph that a reader of the spec knows: the stem, a stage, a head. */
export interface Region {
  readonly kind: "stem" | "stage" | "head";
  /** Prefix of the names of its nodes: `conv3` covers `conv3.block1.add`. */
  readonly name: string;
  /** How many blocks a stage has; 1 for the others. */
  readonly count: number;
  /** How the stage's block is written, parameters as their values: `Bottleneck(128)`. */
  readonly block?: string;
}

export interface Output {
  /** The head's name. */
  readonly name: string;
  readonly node: string;
}

/** The sizes of one symbol of the input, as exact sets. */
export interface SymbolSizes {
  readonly symbol: string;
  /** The sizes that the network takes, in words: `H ≡ 0 (mod 32)`. */
  readonly text: string;
  /** The sizes that the network takes: those that are declared. */
  readonly admitted: SizeSet;
  /**
   * The sizes for which this very graph would be sound if nothing were declared; of a sound spec all
   * that are admitted, and more where a condition is tighter than it needs to be.
   */
  readonly sound: SizeSet;
}

export interface Graph {
  readonly format: "resnetc-graph";
  readonly version: 1;
  /** The network's name, as declared. */
  readonly name: string;
  /** The admissible sizes of each input symbol; empty where the input is of one size. */
  readonly domains: readonly Domain[];
  /**
   * What the domains come to, and what the nodes need; follows from both (`graphSizes`). Absent where the
   * input is of one size, and in graphs of earlier versions.
   */
  readonly sizes?: readonly SymbolSizes[];
  readonly nodes: readonly Node[];
  readonly outputs: readonly Output[];
  readonly regions: readonly Region[];
}
