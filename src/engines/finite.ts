/** Whether numbers are finite, fast enough to be asked of every batch. */

/**
 * Whether none is NaN or infinite: their sum is finite then, as doubles have room for any sum of floats. Two
 * sums, of four numbers at a time, since each addition waits for the one before: 0.1 ms for a megabyte.
 */
export function areFinite(values: Float32Array): boolean {
  let [sum, other] = [0, 0];
  let i = 0;
  for (; i + 8 <= values.length; i += 8) {
    sum += (values[i] ?? 0) + (values[i + 1] ?? 0) + ((values[i + 2] ?? 0) + (values[i + 3] ?? 0));
    other +=
      (values[i + 4] ?? 0) + (values[i + 5] ?? 0) + ((values[i + 6] ?? 0) + (values[i + 7] ?? 0));
  }
  for (; i < values.length; i++) sum += values[i] ?? 0;
  return Number.isFinite(sum + other);
}
