/** Which parts of a long line are shown: what is underlined is what is marked, and no more. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diagnostic, type Label } from "../../src/diagnostics/diagnostic.js";
import { excerptsOf } from "../../src/diagnostics/excerpts.js";
import { columns } from "../../src/diagnostics/display-width.js";
import { renderDiagnostics } from "../../src/diagnostics/pretty.js";
import { SourceFile } from "../../src/source/source.js";

const words = ["conv 3x3, 16", "relu", "batchnorm", "日本", "{", "}", "maxpool 2x2, /2", "é"];

const line = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 60 })
  .map((each) => each.join(" -> "));

/** A line, and stretches of it in the order in which they begin. */
const marked = line.chain((text) => {
  const place = fc.nat({ max: text.length });
  const stretch = fc.tuple(place, place).map(([one, other]) => ({
    start: Math.min(one, other),
    end: Math.max(one, other),
  }));
  const ordered = fc
    .array(stretch, { minLength: 1, maxLength: 5 })
    .map((all) => all.sort((a, b) => a.start - b.start));
  return fc.tuple(fc.constant(text), ordered, fc.integer({ min: 30, max: 100 }));
});

/** The text of columns `from` to `from + length` of what is shown. */
function above(text: string, from: number, length: number): string {
  let [at, part] = [0, ""];
  for (const character of text) {
    if (at >= from && at < from + length) part += character;
    at += columns(character);
  }
  return part;
}

describe("the excerpts of a line", () => {
  it("show what is marked, and underline the beginning of it or all", () => {
    fc.assert(
      fc.property(marked, ([text, stretches, room]) => {
        const shown = excerptsOf(text, stretches, room);
        expect(shown.flatMap(({ marked }) => marked.map(({ stretch }) => stretch))).toEqual(
          stretches,
        );
        for (const excerpt of shown) {
          expect(columns(excerpt.text)).toBeLessThanOrEqual(room);
          for (const { stretch, column, length } of excerpt.marked) {
            const all = text.slice(stretch.start, stretch.end);
            if (all === "") continue;
            const under = above(excerpt.text, column, length);
            expect(all.startsWith(under) && under !== "").toBe(true);
            if (columns(all) <= room - 2) expect(under).toBe(all);
            expect(column + length).toBeLessThanOrEqual(columns(excerpt.text));
          }
        }
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it("are one where the line fits", () => {
    const [only, ...more] = excerptsOf("relu -> relu", [{ start: 8, end: 12 }], 12);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ text: "relu -> relu", marked: [{ column: 8, length: 4 }] });
  });
});

describe("marks of one long line", () => {
  const filler = "batchnorm -> relu -> ";
  const text = `stem { conv 3x3, 16 -> ${filler.repeat(3)}maxpool 2x2 -> ${filler.repeat(4)}conv 7x7, 32 }`;
  const file = new SourceFile("long.resnet", text);
  const spanOf = (what: string) => {
    const start = text.indexOf(what);
    return file.span(start, start + what.length);
  };
  const render = (at: string, related: readonly Label[]): string =>
    renderDiagnostics(
      [diagnostic("R0202", spanOf(at), { name: "it" }, { label: "here", related })],
      { color: false, width: 70 },
    );

  it("stand below what they are of, in the parts of it that hold them", () => {
    const related = [
      { span: spanOf("conv 3x3, 16"), text: "first" },
      { span: spanOf("maxpool 2x2"), text: "second" },
    ];
    expect(render("conv 7x7, 32", related)).toBe(
      [
        "error[R0202]: `it` is declared twice",
        " --> long.resnet:1:186",
        "  |",
        "1 | stem { conv 3x3, 16 -> batchnorm -> relu -> batchnorm -> relu -> …",
        "  |        ------------ first",
        "1 | …atchnorm -> relu -> maxpool 2x2 -> batchnorm -> relu -> batchnor…",
        "  |                      ----------- second",
        "1 | …relu -> batchnorm -> relu -> batchnorm -> relu -> conv 7x7, 32 }",
        "  |                                                    ^^^^^^^^^^^^",
        "  |                                                    here",
        "",
      ].join("\n"),
    );
  });
});
