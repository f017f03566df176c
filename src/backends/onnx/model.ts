/** An ONNX model as plain data: what `protobuf.ts` writes to bytes, and tests read without decoding. */

/** The element types that resnetc's programs need. */
export type ElementType = "float32" | "int32" | "uint32" | "int64" | "bool";

export type TensorData = Float32Array | Int32Array | Uint32Array | BigInt64Array | Uint8Array;

/** Constant numbers under a name, row-major. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly text: string };

export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  /** "" is ONNX's own. */
  readonly domain: string;
  /** "" is an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A name is a symbol: an extent that the caller chooses. */
export type Dimension = number | string;

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly Dimension[];
  /** A sequence of such tensors instead of one. */
  readonly sequence?: boolean;
}

export interface OnnxModel {
  readonly name: string;
  readonly documentation: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
  /** Free pairs of text, such as the names of the classes. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** The operator sets of the pinned runtime that a model may use, by domain. */
export const opsets: Readonly<Record<string, number>> = {
  "": 22,
  "com.microsoft": 1,
  "com.microsoft.nchwc": 1,
};
