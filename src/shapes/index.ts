/** Symbolic extents and tensor types: the whole of what the other rooms may use. */
export { domainFault, smallestSize } from "./admissible.js";
export { smallestBelow, smallestSizeReaching } from "./bounds.js";
export { admits, type Condition, type Domain } from "./domain.js";
export { elementCount } from "./element-count.js";
export { decideEqual, type Equality } from "./equality.js";
export {
  applyStep,
  extentAt,
  sameExtent,
  symbolExtent,
  type Extent,
  type SymbolicExtent,
} from "./extent.js";
export { asFactor, printDomain, printExtent, printExtents, printType } from "./print.js";
export { printExtentsWhere, printExtentWhere, printTypeWhere } from "./plain-text.js";
export type { Step } from "./step.js";
export { sameType, type TensorType } from "./tensor-type.js";
export { intersectAll, intersectSizes } from "./intersection.js";
export type { Range } from "./ranges.js";
export {
  everySize,
  hasSize,
  isEndless,
  listSizes,
  noSize,
  sameSizes,
  sizeFrom,
  sizeUpTo,
  type SizeSet,
} from "./size-set.js";
export { conditionsOf, printFirstSizes, printSizeSet } from "./size-set-print.js";
export { sizesAgreeing, sizesOfDomain, sizesReaching } from "./solution.js";
