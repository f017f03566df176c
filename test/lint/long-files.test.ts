/** What a long file takes to lint grows with its length, and not with the square of it. */
import { expect, test } from "vitest";
import { suppress, suppressionsOf } from "../../src/lint/suppression.js";
import { finding } from "../../src/diagnostics/diagnostic.js";
import { SourceFile } from "../../src/source/source.js";
import { parse } from "../../src/syntax/parse.js";
import { justRules, lintText } from "./lint-text.js";

/** In seconds: of time that grew with the square, each would take several times that. */
const patience = 8;

function secondsOf<T>(work: () => T): readonly [seconds: number, result: T] {
  const start = performance.now();
  const result = work();
  return [(performance.now() - start) / 1000, result];
}

test("of thousands of convolutions with a bias each", () => {
  const steps = "  conv 3x3, 8, bias: true\n  batchnorm\n".repeat(7000);
  const text = `network Net {\n  input 8x8x8\n${steps}  head h { globalavgpool -> dense 10 }\n}\n`;
  const rules = justRules("bias-before-batchnorm");
  const [seconds, found] = secondsOf(() => lintText(text, { rules }));
  expect(found).toHaveLength(7000);
  expect(seconds).toBeLessThan(patience);
});

test.each([
  ["a comment for each", "// resnetc-ignore some-rule: why\nx\n", 30_000],
  ["comments in a row", "// resnetc-ignore some-rule: why\n", 30_000],
])("of thousands of findings with %s", (_, lines, count) => {
  const file = new SourceFile("long.resnet", `${lines.repeat(count)}y\n`);
  const { comments } = parse(file).unit;
  const places = [...file.text.matchAll(/[xy]\n/g)].map(({ index }) => file.span(index, index + 1));
  const found = places.map((span) => finding("some-rule", "warning", "it is", span));
  const [seconds, { suppressed, findings }] = secondsOf(() =>
    suppress(found, suppressionsOf(comments), ["some-rule"], () => "warning"),
  );
  expect(comments).toHaveLength(count);
  expect(suppressed.length + findings.length).toBe(places.length);
  expect(suppressed.length).toBeGreaterThan(0);
  expect(seconds).toBeLessThan(patience);
});

test("a comment is of the next line with something on it, however many stand between", () => {
  const text =
    "// resnetc-ignore a-b: why\n\n// resnetc-ignore c-d: why\n  // more\n\ninput\n// resnetc-ignore e-f: why\n";
  const { comments } = parse(new SourceFile("short.resnet", text)).unit;
  expect(suppressionsOf(comments).map(({ line }) => line)).toEqual([6, 6, 8]);
});
