import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diagnostic, type Edit } from "../../src/diagnostics/diagnostic.js";
import {
  allEdits,
  applyEdits,
  compatible,
  editedTexts,
  mendable,
  Moves,
  withoutEdits,
} from "../../src/diagnostics/edits.js";
import { SourceFile } from "../../src/source/source.js";

const file = new SourceFile("a.resnet", "conv 3x3, 16 -> relu\n");
const edit = (start: number, end: number, text: string): Edit => ({
  span: file.span(start, end),
  text,
});
const found = (...edits: readonly Edit[]): ReturnType<typeof diagnostic> =>
  diagnostic("R0106", edits[0]?.span, {}, { help: { text: "so", edits } });

describe("a text with edits made", () => {
  test("takes them in any order", () => {
    const edits = [edit(16, 20, "batchnorm"), edit(0, 4, "dense"), edit(5, 10, "")];
    expect(applyEdits(file.text, edits)).toBe("dense 16 -> batchnorm\n");
  });

  test("puts an insertion before what is replaced at the same place", () => {
    expect(applyEdits(file.text, [edit(0, 4, "pool"), edit(0, 0, "max")])).toBe(
      "maxpool 3x3, 16 -> relu\n",
    );
  });

  test("refuses edits that overlap", () => {
    expect(() => applyEdits(file.text, [edit(0, 4, ""), edit(3, 6, "")])).toThrow(RangeError);
  });

  test("is made for every file of its own", () => {
    const other = new SourceFile("b.resnet", "relu");
    const texts = editedTexts([edit(0, 4, "dense"), { span: other.span(0, 4), text: "gelu" }]);
    expect([...texts]).toEqual([
      ["a.resnet", "dense 3x3, 16 -> relu\n"],
      ["b.resnet", "gelu"],
    ]);
  });
});

describe("which diagnostics are mended together", () => {
  test("all edits of a diagnostic, or none", () => {
    const first = found(edit(0, 4, "dense"));
    const both = found(edit(2, 3, "x"), edit(16, 20, "gelu"));
    const last = found(edit(16, 20, "elu"));
    const chosen = compatible(mendable([first, both, last], false));
    expect(chosen.map(({ diagnostic: each }) => each)).toEqual([first, last]);
  });

  test("edits that only touch wait for the next round", () => {
    const chosen = compatible(mendable([found(edit(0, 4, "x")), found(edit(4, 4, "y"))], false));
    expect(chosen).toHaveLength(1);
  });

  test("the same edit, asked for twice, is made once", () => {
    const chosen = compatible(mendable([found(edit(0, 4, "x")), found(edit(0, 4, "x"))], false));
    expect(chosen).toHaveLength(2);
    expect(allEdits(chosen)).toHaveLength(1);
  });

  test("unsafe ones only where they are asked for", () => {
    const help = { text: "so", edits: [edit(0, 4, "x")], applicability: "unsafe" as const };
    const unsafe = diagnostic("R0106", file.span(0, 4), {}, { help });
    expect(mendable([unsafe], false)).toEqual([]);
    expect(mendable([unsafe], true)).toHaveLength(1);
  });
});

/** Edits of a text that do not touch each other. */
const editsOf = (text: string): fc.Arbitrary<Edit[]> =>
  fc
    .uniqueArray(fc.nat(text.length), { maxLength: 8 })
    .chain((cuts) => {
      const sorted = [...cuts].sort((a, b) => a - b);
      const pairs = sorted.flatMap((cut, index) =>
        index % 2 === 0 && index + 1 < sorted.length ? [[cut, sorted[index + 1] ?? cut]] : [],
      );
      return fc.tuple(
        ...pairs.map((pair) => fc.tuple(fc.constant(pair), fc.string({ maxLength: 4 }))),
      );
    })
    .map((made) => made.map(([[start = 0, end = 0], put]) => edit(start, end, put)));

test("a place outside of all edits is where its text has gone", () => {
  fc.assert(
    fc.property(editsOf(file.text), fc.nat(file.text.length), (edits, offset) => {
      fc.pre(edits.every(({ span }) => offset < span.start || offset >= span.end));
      const after = applyEdits(file.text, edits);
      const left = file.text.slice(offset);
      const tail = applyEdits(
        left,
        edits
          .filter(({ span }) => span.start > offset)
          .map(({ span, text }) => edit(span.start - offset, span.end - offset, text)),
      );
      expect(after.slice(new Moves(edits).of(offset))).toBe(tail);
    }),
  );
});

test("a diagnostic without its edits says the same, of the other ways as well", () => {
  const other = { text: "or so", edits: [edit(5, 8, "1x1")], applicability: "unsafe" } as const;
  const both = { ...found(edit(0, 4, "dense")), alternatives: [other] };
  const bare = withoutEdits(both);
  expect(bare).toEqual({ ...both, help: { text: "so" }, alternatives: [{ text: "or so" }] });
  const plain = diagnostic("R0106", undefined, {});
  expect(withoutEdits(plain)).toEqual(plain);
});
