import { expect, test } from "vitest";
import { largest, least } from "../../src/diagram/extremes.js";

test("of more values than a call takes arguments, and of none", () => {
  const values = Array.from({ length: 500_000 }, (_, index) => index);
  expect([least(values), largest(values)]).toEqual([0, 499_999]);
  expect([least([]), largest([])]).toEqual([Infinity, -Infinity]);
});
