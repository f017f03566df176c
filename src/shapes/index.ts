/** Symbolic extents and tensor types: the whole of what the other rooms may use. */
export { domainFault, smallestSize } from "./admissible.js";
export { smallestBelow, smallestSizeReaching } from "./bounds.js";
export { admits, type Condition, type Domain } from "./domain.js";
export { decideEqual, type Equality } from "./equality.js";
export { extentAt } from "./evaluation.js";
export {
  applyStep,
  sameExtent,
  symbolExtent,
  type Extent,
  type Step,
  type SymbolicExtent,
} from "./extent.js";
export { printDomain, printExtent, printType } from "./print.js";
export { sameType, type TensorType } from "./tensor-type.js";
