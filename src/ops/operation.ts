/**
 * What an operation is: its arguments as the language writes them, the attributes they come to, the
 * shape rule, the parameters and the multiply-adds. Everything that needs to know an operation's
 * meaning (the checker, hover, the cost model, the graph verifier) asks here; no backend is known.
 */
import type { TensorType } from "../shapes/index.js";
import type { OpAttributes, OpName, Pair } from "./attributes.js";

/** What an argument must be. Pairs are [height, width]; one number stands for both. */
export type ArgumentKind =
  /** A pair of whole numbers >= 1: `3x3`, `3`, `[3, 5]`. */
  | "window"
  /** A whole number >= 1. */
  | "count"
  /** A pair of whole numbers >= 0. */
  | "padding"
  /** true or false. */
  | "flag"
  /** A number >= 0. */
  | "number"
  /** A number in [0, 1). */
  | "rate";

export interface ArgumentSignature {
  readonly name: string;
  readonly kind: ArgumentKind;
  /** Arguments without a name fill the positional ones from left to right. */
  readonly positional: boolean;
  readonly required: boolean;
  readonly docs: string;
}

/** Arguments by name, each already of its kind; absent where the spec leaves it out. */
export type BoundArguments = ReadonlyMap<string, number | boolean | Pair>;

/** Why operands do not fit an operation. Extents that fall below 1 are not reported here. */
export type ShapeProblem =
  | { readonly kind: "needs-map"; readonly found: TensorType }
  | { readonly kind: "needs-vector"; readonly found: TensorType }
  | {
      readonly kind: "groups";
      readonly groups: number;
      readonly channels: number;
      readonly side: "input" | "output";
    }
  /** Windows that would lie in the padding alone have no maximum and no mean. */
  | { readonly kind: "padding"; readonly kernel: Pair; readonly padding: Pair }
  | { readonly kind: "too-few-channels"; readonly channels: number; readonly found: TensorType }
  | {
      readonly kind: "disagree";
      readonly first: TensorType;
      readonly other: TensorType;
      /** Position of `other` among the operands. */
      readonly operand: number;
      readonly axis: "rank" | "channels" | "height" | "width";
    };

export type ShapeResult =
  | { readonly type: TensorType; readonly problem?: undefined }
  | { readonly type?: undefined; readonly problem: ShapeProblem };

export type ParameterName =
  "kernel" | "bias" | "gamma" | "beta" | "moving_mean" | "moving_variance";

/** How a parameter starts. */
export type Initial =
  /** Normal with standard deviation sqrt(2 / fanIn) (He et al. 2015, "Delving Deep", eq. 10). */
  | { readonly kind: "he-normal"; readonly fanIn: number }
  /** Uniform over +-1 / sqrt(fanIn). */
  | { readonly kind: "uniform"; readonly fanIn: number }
  | { readonly kind: "constant"; readonly value: number };

export interface ParameterDefinition {
  readonly name: ParameterName;
  /** A convolution's kernel is (KH, KW, Cin / groups, Cout); a dense one (Cin, Cout). */
  readonly shape: readonly number[];
  readonly trainable: boolean;
  /** Whether weight decay applies: kernels only. */
  readonly decays: boolean;
  readonly initial: Initial;
}

/** Decides whether two extents are equal wherever the spec may run. */
export type SameExtents = (left: TensorType, right: TensorType) => "height" | "width" | undefined;

export interface Operation<K extends OpName> {
  readonly name: K;
  /** Whether a spec can write it by name; the others are made by the language's constructs. */
  readonly written: boolean;
  /** One line, as in hover. */
  readonly summary: string;
  /** How many values it takes; "several" is two or more. */
  readonly operands: 0 | 1 | 2 | "several";
  readonly signature: readonly ArgumentSignature[];
  /** The attributes that bound arguments come to, defaults filled in. */
  attributes(given: BoundArguments): OpAttributes[K];
  /** The shape rule. `same` decides the equality of extents for operations that join values. */
  type(
    attributes: OpAttributes[K],
    operands: readonly TensorType[],
    same: SameExtents,
  ): ShapeResult;
  parameters(
    attributes: OpAttributes[K],
    operands: readonly TensorType[],
  ): readonly ParameterDefinition[];
  /** Multiply-adds for one image; the extents of `result` are numbers here. */
  macs(attributes: OpAttributes[K], operands: readonly TensorType[], result: TensorType): number;
  /** The window that one output sees, for the receptive field; absent where it sees one pixel or all. */
  window?(attributes: OpAttributes[K]): Window;
}

export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

/** No parameters. */
export function noParameters(): readonly ParameterDefinition[] {
  return [];
}

/** No multiply-adds. */
export function noMacs(): number {
  return 0;
}

/** The operand at `index`. @throws RangeError where the caller passed too few: a broken graph. */
export function operandAt(operands: readonly TensorType[], index: number): TensorType {
  const operand = operands[index];
  if (operand === undefined) throw new RangeError(`operand ${index} is missing`);
  return operand;
}
