import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SourceFile, textOf } from "../../src/source/source.js";
import type { Expression } from "../../src/syntax/ast.js";
import { parseValue } from "../../src/syntax/parse.js";
import { parenthesised } from "./reading.js";

describe("operators", () => {
  test.each([
    ["a || b && c", "(a || (b && c))"],
    ["a && b == c", "(a && (b == c))"],
    ["a == b + c", "(a == (b + c))"],
    ["a + b * c", "(a + (b * c))"],
    ["a * b + c", "((a * b) + c)"],
    ["a - b - c", "((a - b) - c)"],
    ["a / b / c", "((a / b) / c)"],
    ["a % b * c", "((a % b) * c)"],
    ["a < b == c", "((a < b) == c)"],
    ["-a * b", "((-a) * b)"],
    ["a * -b", "(a * (-b))"],
    ["- - a", "(-(-a))"],
    ["!a && !b", "((!a) && (!b))"],
    ["-a[0]", "(-a[0])"],
    ["a[0][1 + 2]", "a[0][(1 + 2)]"],
    ["(a + b) * c", "((a + b) * c)"],
    ["min(a, b + 1) * 2", "(min(a, (b + 1)) * 2)"],
    ["[1 + 2, [a]]", "[(1 + 2), [a]]"],
    ["f(a, k: b || c)", "f(a, k: (b || c))"],
  ])("%s is %s", (text, wanted) => {
    expect(parenthesised(text)).toBe(wanted);
  });
});

describe("a slash", () => {
  test("with spaces on both sides or on none divides", () => {
    expect(parenthesised("64 / 2")).toBe("(64 / 2)");
    expect(parenthesised("64/2")).toBe("(64 / 2)");
    expect(parenthesised("64/ 2")).toBe("(64 / 2)");
  });

  test("with a space before it alone is no division", () => {
    expect(() => parenthesised("64 /2")).toThrow("expected nothing more, found `/`");
  });
});

const operators = ["||", "&&", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%"];
const leaf = fc.constantFrom("a", "b", "64", "3x3", '"t"', "f(a)", "[a, b]", "l[0]", "-a", "!b");
const tree = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    leaf,
    fc
      .tuple(tie("node"), fc.constantFrom(...operators), tie("node"))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
  ),
})).node;

test("written with all its parentheses, an expression is what it was", () => {
  const text = fc.array(fc.tuple(tree, fc.constantFrom(...operators)), { minLength: 1 });
  fc.assert(
    fc.property(text, tree, (pairs, last) => {
      const written = `${pairs.map(([operand, operator]) => `${operand} ${operator}`).join(" ")} ${last}`;
      const once = parenthesised(written);
      expect(parenthesised(once)).toBe(once);
    }),
    { seed: 11, numRuns: 300 },
  );
});

test("a span covers its expression, from the first operand to the last", () => {
  const text = "  1 + (2 * 3) - f(4)[5]  ";
  const { expression } = parseValue(new SourceFile("value.resnet", text));
  expect(expression && textOf(expression.span)).toBe(text.trim());
  const left = (expression as Extract<Expression, { kind: "binary" }>).left;
  expect(textOf(left.span)).toBe("1 + (2 * 3)");
});
