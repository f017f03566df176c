import { expect, test } from "vitest";
import { renderDiagnostics } from "../../src/diagnostics/pretty.js";
import { SourceFile } from "../../src/source/source.js";
import { parse } from "../../src/syntax/parse.js";
import { drawFrom, sentence } from "./sentences.js";

const seeds = Array.from({ length: 400 }, (_, seed) => seed);

test("the parser takes every sentence of the grammar", () => {
  let longest = 0;
  for (const seed of seeds) {
    const text = sentence(drawFrom(seed), 8 + (seed % 12));
    longest = Math.max(longest, text.length);
    const { diagnostics } = parse(new SourceFile(`seed-${seed}.resnet`, text));
    expect(renderDiagnostics(diagnostics, { color: false, width: 100 })).toBe("");
  }
  expect(longest).toBeGreaterThan(500);
});

test("sentences with words missing, doubled, exchanged or strange never make it throw", () => {
  for (const seed of seeds) {
    const draw = drawFrom(seed);
    const words = sentence(draw, 12).split(/(?<=\s)/);
    const at = Math.floor(draw() * words.length);
    const other = words[Math.floor(draw() * words.length)] ?? "";
    const word = words[at] ?? "";
    for (const instead of [[], [word, word], [other], ["{"], ["}"], ["("], ['"'], ["\u0000"]]) {
      const text = [...words.slice(0, at), ...instead, ...words.slice(at + 1)].join("");
      const file = new SourceFile(`seed-${seed}.resnet`, text);
      const { unit, diagnostics } = parse(file);
      expect(Array.isArray(unit.declarations)).toBe(true);
      for (const { span } of diagnostics) {
        expect(span?.end).toBeLessThanOrEqual(text.length);
        expect(span?.start).toBeLessThanOrEqual(span?.end ?? 0);
      }
    }
  }
});
