import { expect, test } from "vitest";
import { Pace } from "../../src/train/pace.js";

test("a steady pace is right from the first observation on", () => {
  const pace = new Pace();
  expect(pace.rate).toBeUndefined();
  for (let i = 0; i < 100; i++) {
    pace.observe(64, 0.5);
    expect(pace.rate).toBeCloseTo(128, 9);
  }
});

test("a new pace is taken up within a minute, and one slow step does not upset it", () => {
  const pace = new Pace();
  for (let i = 0; i < 100; i++) pace.observe(100, 1);
  pace.observe(100, 3);
  expect(pace.rate).toBeGreaterThan(75);
  for (let i = 0; i < 60; i++) pace.observe(50, 1);
  expect(pace.rate).toBeCloseTo(50, 0);
});
