/** What the lowering of an operation is told, and how it names what a node computes. */
import type { NodeOf } from "../../graph/graph.js";
import type { OpName } from "../../ops/attributes.js";
import type { ParameterName } from "../../ops/operation.js";
import type { ProgramBuilder } from "../program/builder.js";
import type { Value } from "../program/program.js";

/** Which way the passes of a network differ. */
export type Pass =
  /** Batch norm with the moving statistics, no dropout. */
  | { readonly kind: "inference" }
  | {
      readonly kind: "training";
      readonly seed: number;
      /** The optimizer step, i32; with the seed it names the dropout masks. */
      readonly step: Value;
      /**
       * How many images of the step's batch stand before these ones (gradient accumulation); i32 where it is
       * only known when the program runs.
       */
      readonly imagesBefore: number | Value;
      /** The nodes that are not trained: their batch norms keep the moving statistics, and take them. */
      readonly frozen: ReadonlySet<string>;
    };

export interface Place<K extends OpName> {
  readonly b: ProgramBuilder;
  readonly node: NodeOf<K>;
  /** Maps are (N, C, H, W), vectors (N, C). */
  readonly inputs: readonly Value[];
  readonly pass: Pass;
  /** A parameter's value; kernels are (Cout, Cin / groups, KH, KW), or (Cin, Cout) of a dense one. */
  parameter(name: ParameterName): Value;
  /** Says what a moving statistic becomes. */
  move(name: "moving_mean" | "moving_variance", value: Value): void;
}

export type Lower<K extends OpName> = (place: Place<K>) => Value;

/** The operand of an operation that has one. @throws RangeError for a broken graph. */
export function only({ inputs, node }: Place<OpName>): Value {
  const [x] = inputs;
  if (x === undefined) throw new RangeError(`${node.name} has no input`);
  return x;
}
