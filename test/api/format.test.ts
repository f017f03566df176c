import { expect, test } from "vitest";
import { SpecError } from "../../src/api/errors.js";
import { formatEdits, formatSpec } from "../../src/api/format.js";
import { applyEdits } from "../../src/diagnostics/edits.js";
import { drawFrom, sentence } from "../grammar/sentences.js";

const untidy = "block A(w) {\n  relu\n conv 3x3,w\n  relu\n}\n\n\nblock B {\n  relu\n   relu\n}\n";
const tidy = "block A(w) {\n  relu\n  conv 3x3, w\n  relu\n}\n\nblock B {\n  relu\n  relu\n}\n";

test("a text is formatted, 100 columns wide or as wide as asked", async () => {
  expect(await formatSpec(untidy)).toBe(tidy);
  expect(await formatSpec("block A { relu -> relu }", { printWidth: 20 })).toBe(
    "block A {\n  relu -> relu\n}\n",
  );
});

test("a text with errors is a SpecError that names the file", async () => {
  const found = await formatSpec("block A {\n conv 3x3, }", { path: "a.resnet" }).catch(
    (error: unknown) => error,
  );
  expect(found).toBeInstanceOf(SpecError);
  const { diagnostics } = found as SpecError;
  expect(diagnostics[0]).toMatchObject({ code: "R0101" });
  expect(diagnostics[0]?.span?.file.path).toBe("a.resnet");
});

test("edits are small, and make the formatted text", async () => {
  const edits = await formatEdits(untidy);
  expect(edits.map(({ span, text }) => [untidy.slice(span.start, span.end), text])).toEqual([
    ["conv 3x3,", " conv 3x3, "],
    ["\n", ""],
    [" ", ""],
  ]);
  expect(applyEdits(untidy, edits)).toBe(tidy);
  expect(await formatEdits(tidy)).toEqual([]);
});

test("edits of a range are those that touch it", async () => {
  const at = untidy.indexOf("conv");
  const edits = await formatEdits(untidy, {}, { start: at, end: at });
  expect(applyEdits(untidy, edits)).toBe(untidy.replace(" conv 3x3,w", "  conv 3x3, w"));
  expect(await formatEdits(untidy, {}, { start: 0, end: 3 })).toEqual([]);
});

test("edits of a range never tear a comment from its place", async () => {
  const text = "block A {\n  gate // why\n  {\n  relu\n  }\n}\n";
  const edits = await formatEdits(text, {}, { start: 30, end: 31 });
  expect(applyEdits(text, edits).match(/why/g)).toHaveLength(1);
});

test("edits of generated texts make the formatted text", async () => {
  for (let seed = 0; seed < 25; seed++) {
    const text = sentence(drawFrom(seed), 14);
    expect(applyEdits(text, await formatEdits(text)), text).toBe(await formatSpec(text));
  }
});

test("line ends of the text are met by the edits", async () => {
  const text = untidy.replaceAll("\n", "\r\n");
  const edits = await formatEdits(text, { endOfLine: "auto" });
  expect(applyEdits(text, edits)).toBe(tidy.replaceAll("\n", "\r\n"));
  expect(edits.length).toBe(3);
});

test("a long text that differs nearly everywhere is one edit", async () => {
  const relus = "  relu  ->  relu\n".repeat(3000);
  const text = `network Net {\n  input 8x8x3\n${relus}  head { globalavgpool }\n}\n`;
  const edits = await formatEdits(text);
  expect(edits).toHaveLength(1);
  expect(applyEdits(text, edits)).toBe(await formatSpec(text));
});
