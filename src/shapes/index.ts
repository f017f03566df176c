/** Symbolic extents and tensor types: the whole of what the other rooms may use. */
export type { Extent, Step, SymbolicExtent } from "./extent.js";
export type { Condition, Domain } from "./domain.js";
export type { TensorType } from "./tensor-type.js";
