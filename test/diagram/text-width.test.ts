import { expect, test } from "vitest";
import { shortened, textWidth } from "../../src/diagram/text-width.js";

test("a text that fits stays, and of another as much as fits stands before the ellipsis", () => {
  expect(shortened("stem", 100, 12)).toBe("stem");
  const text = "a long name of a stage";
  for (const width of [20, 40, 80, 120]) {
    const short = shortened(text, width, 12);
    expect(textWidth(short, 12)).toBeLessThanOrEqual(width);
    expect(text.startsWith(short.slice(0, -1))).toBe(true);
    const longer = `${text.slice(0, short.length + 1)}…`;
    expect(textWidth(longer, 12)).toBeGreaterThan(width);
  }
  expect(shortened("name", 1, 12)).toBe("…");
});

test("a name of a hundred thousand letters is shortened at once", () => {
  const before = performance.now();
  expect(shortened("N".repeat(100_000), 120, 12)).toMatch(/^N{5,20}…$/);
  expect(performance.now() - before).toBeLessThan(2000);
});
