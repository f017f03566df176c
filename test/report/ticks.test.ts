import { expect, test } from "vitest";
import { decimal, epochTicks, scaleOf, tickText } from "../../src/report/ticks.js";

test("an axis has round numbers that cover the range", () => {
  expect(scaleOf(0.81, 1.91, 5).ticks).toEqual([0.5, 1, 1.5, 2]);
  expect(scaleOf(0, 0.1, 3).ticks).toEqual([0, 0.05, 0.1]);
  const { low, high } = scaleOf(3e-7, 9e-7, 3);
  expect(low).toBeLessThanOrEqual(3e-7);
  expect(high).toBeGreaterThanOrEqual(9e-7);
});

test("a range of one value still has an axis around it", () => {
  for (const value of [0, 1, 2.5, 1e-6]) {
    const { low, high, ticks } = scaleOf(value, value, 4);
    expect(high).toBeGreaterThan(low);
    expect(ticks.length).toBeGreaterThan(1);
    expect(value).toBeGreaterThanOrEqual(low);
    expect(value).toBeLessThanOrEqual(high);
  }
});

test("epochs are marked by whole numbers, few enough to be read", () => {
  expect(epochTicks(1, 8)).toEqual([0, 1]);
  expect(epochTicks(4, 8)).toEqual([0, 1, 2, 3, 4]);
  expect(epochTicks(200, 8)).toEqual([0, 50, 100, 150, 200]);
});

test("values are written as people read them", () => {
  expect(tickText(0.6000000000001, "share")).toBe("60%");
  expect(tickText(250_000_000, "bytes")).toBe("250 MB");
  expect(tickText(12_000, "pace")).toBe("12k");
  expect(tickText(0.05, "number")).toBe("0.05");
  expect([0, 2.302585, 0.0412345, 1e-6].map(decimal)).toEqual(["0", "2.303", "0.0412", "1.0e-6"]);
});
