/** The least and the largest of any number of values: an argument for each would be too many for a call. */

/** Infinity where there are no values. */
export function least(values: Iterable<number>): number {
  let found = Infinity;
  for (const value of values) found = Math.min(found, value);
  return found;
}

/** -Infinity where there are no values. */
export function largest(values: Iterable<number>): number {
  let found = -Infinity;
  for (const value of values) found = Math.max(found, value);
  return found;
}
