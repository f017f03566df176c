/** Where a node is lowered: its operands as symbolic tensors and the means to apply layers. */
import type { layers, SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { NodeOf } from "../../graph/graph.js";
import type { OpName } from "../../ops/attributes.js";
import type { TensorType } from "../../shapes/index.js";
import type { Unsupported } from "./unsupported.js";

export type Layer = layers.Layer;

export interface Place<K extends OpName> {
  readonly node: NodeOf<K>;
  readonly inputs: readonly SymbolicTensor[];
  readonly types: readonly TensorType[];
  /** Whether only stock layers will do, as for a model that is written. */
  readonly stock: boolean;
  /** Whether the first operand is provably never negative. */
  readonly nonNegative: boolean;
  /** The name of the layer that stands for the node, or of an auxiliary one of `role`. */
  name(role?: string): string;
  /** Applies a layer and remembers the application. */
  apply(layer: Layer, inputs: SymbolicTensor | readonly SymbolicTensor[]): SymbolicTensor;
}

export type Lower<K extends OpName> = (place: Place<K>) => SymbolicTensor | Unsupported;

/** The first operand. @throws RangeError where there is none: a broken graph. */
export function only(place: {
  readonly inputs: readonly SymbolicTensor[];
  readonly types: readonly TensorType[];
}): { readonly x: SymbolicTensor; readonly type: TensorType } {
  const [x] = place.inputs;
  const [type] = place.types;
  if (x === undefined || type === undefined) throw new RangeError("the first operand is missing");
  return { x, type };
}
