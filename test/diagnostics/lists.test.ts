import { describe, expect, test } from "vitest";
import { bracketed, enumerated, listed } from "../../src/diagnostics/lists.js";

describe("a list", () => {
  test("that is short enough is written out", () => {
    expect(listed(["a", "b", "c"], 3)).toBe("a, b, c");
    expect(listed(["a"], 3)).toBe("a");
    expect(listed([], 3)).toBe("");
    expect(listed(["a b", "c d"], 3, ";")).toBe("a b; c d");
  });

  test("that is longer says how many there are besides", () => {
    expect(listed(["a", "b", "c", "d"], 3)).toBe("a, b, c and 1 more");
    expect(listed(["a", "b", "c"], 1)).toBe("a and 2 more");
    const many = Array.from({ length: 1235 }, (_, index) => `n${index}`);
    expect(listed(many, 1)).toBe("n0 and 1,234 more");
  });

  test("of clauses keeps its semicolon before the rest", () => {
    expect(listed(["a is 1", "b is 2", "c is 3"], 2, ";")).toBe("a is 1; b is 2; and 1 more");
  });
});

test("a whole list has a word before its last item", () => {
  expect(enumerated([], "and")).toBe("");
  expect(enumerated(["a"], "and")).toBe("a");
  expect(enumerated(["a", "b"], "or")).toBe("a or b");
  expect(enumerated(["a", "b", "c"], "and")).toBe("a, b and c");
});

test("extents stand in brackets", () => {
  expect(bracketed([3, 3, 64])).toBe("[3, 3, 64]");
  expect(bracketed(["N", 3])).toBe("[N, 3]");
  expect(bracketed([])).toBe("[]");
});
