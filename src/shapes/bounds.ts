/**
 * Where an extent lies below or reaches a bound within a domain. Extents never decrease, so both
 * answers are exact and take no search over sizes.
 */
import { firstSizeFrom, progressionOf, smallestSize } from "./admissible.js";
import type { Domain } from "./domain.js";
import { extentAt, type Extent } from "./extent.js";
import { firstReaching } from "./step.js";

/**
 * The smallest admissible size at which the extent is below the bound; undefined where there is
 * none.
 * @throws RangeError where the domain has a `domainFault`.
 */
export function smallestBelow(extent: Extent, bound: number, domain: Domain): number | undefined {
  const size = smallestSize(domain);
  if (size === undefined) return undefined;
  return extentAt(extent, size) < bound ? size : undefined;
}

/**
 * The smallest admissible size from which on the extent is at least the bound; undefined where
 * there is none.
 * @throws RangeError where the domain has a `domainFault`.
 */
export function smallestSizeReaching(
  extent: Extent,
  bound: number,
  domain: Domain,
): number | undefined {
  const sizes = progressionOf(domain);
  if (sizes === undefined) return undefined;
  if (typeof extent === "number") return extent >= bound ? firstSizeFrom(sizes, 0) : undefined;
  const size = firstReaching(extent.steps, bound);
  const index = Math.max(0, Math.ceil((size - sizes.start) / sizes.stride));
  return firstSizeFrom(sizes, index);
}
