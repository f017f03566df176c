import { expect, test } from "vitest";
import { Series } from "../../src/report/series.js";

test("few points stay as they are", () => {
  const series = new Series(4);
  for (const x of [1, 2, 3]) series.add(x, 10 * x);
  expect(series.points().map(({ x, y }) => [x, y])).toEqual([
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
});

test("of many, neighbours are merged to their means, from the first to the last", () => {
  const series = new Series(64);
  for (let x = 0; x < 10_000; x++) series.add(x, 2 * x);
  const points = series.points();
  expect(points.length).toBeLessThanOrEqual(64);
  expect(points.length).toBeGreaterThan(30);
  for (const { x, y } of points) expect(y).toBeCloseTo(2 * x, 6);
  expect(points.map(({ x }) => x)).toEqual(points.map(({ x }) => x).toSorted((a, b) => a - b));
  expect(points[0]?.x).toBeLessThan(200);
  expect(points.at(-1)?.x).toBeGreaterThan(9_800);
  expect(series.points(10).length).toBeLessThanOrEqual(10);
  expect(series.latest).toEqual({ x: 9_999, y: 19_998 });
});

test("a value that is not finite is left out", () => {
  const series = new Series();
  series.add(1, NaN);
  series.add(2, Infinity);
  expect(series.points()).toEqual([]);
  expect(series.latest).toBeUndefined();
});
