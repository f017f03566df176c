/** How diagnostics are laid out: whatever stands in the source, lines fit and marks stand right. */
import { describe, expect, it } from "vitest";
import { Collector, diagnostic, finding, type Help } from "../../src/diagnostics/diagnostic.js";
import { columns, visible, wrap } from "../../src/diagnostics/display-width.js";
import { diagnosticsToJson } from "../../src/diagnostics/json.js";
import { renderDiagnostics } from "../../src/diagnostics/pretty.js";
import { SourceFile } from "../../src/source/source.js";

function at(text: string, marked: string, label?: string): string {
  const file = new SourceFile("spec.resnet", text);
  const start = text.indexOf(marked);
  const span = file.span(start, start + marked.length);
  const found = diagnostic("R0102", span, { what: "it" }, label === undefined ? {} : { label });
  return renderDiagnostics([found], { color: false, width: 60 });
}

describe("the layout", () => {
  it("marks the text, tabs as four columns", () => {
    expect(at("one\n\tconv 3x3 @\n", "@", "here")).toBe(
      [
        "error[R0102]: it has no meaning here",
        " --> spec.resnet:2:11",
        "  |",
        "2 |     conv 3x3 @",
        "  |              ^ here",
        "",
      ].join("\n"),
    );
  });

  it.each([
    ["wide characters", "日本 @ x", 5],
    ["an emoji", "🚀 @ x", 3],
    ["combining marks", "e\u0301 @ x", 2],
    ["a control character", "\u0007 @ x", 2],
  ])("stands right after %s", (_title, text, column) => {
    const mark = at(text, "@").split("\n")[4];
    expect(mark).toBe(`  | ${" ".repeat(column)}^`);
  });

  it("lets nothing through that moves a cursor", () => {
    const rendered = at("a\u001b[31mred\u202e @\u0085\u0000", "@");
    expect(rendered).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it.each([10, 100, 100_000])("cuts a line of %i words around its mark", (words) => {
    const text = `${"relu -> ".repeat(words)}@ -> ${"relu -> ".repeat(words)}`;
    for (const line of at(text, "@").split("\n")) expect(columns(line)).toBeLessThanOrEqual(60);
    expect(at(text, "@")).toMatch(/@[\s\S]*\^/);
  });

  it("puts a long label below its mark, and wraps it", () => {
    const rendered = at(
      "conv 3x3, 64 @",
      "@",
      "a label that is much too long for what is left of it",
    );
    for (const line of rendered.split("\n")) expect(columns(line)).toBeLessThanOrEqual(60);
    expect(rendered.replace(/\s+\|?\s*/g, " ")).toContain("much too long for what is left of it");
  });

  it("shows what is marked at the end of the file, and of an empty one", () => {
    const file = new SourceFile("spec.resnet", "");
    const found = diagnostic("R0006", file.span(0, 0), { path: "spec.resnet" });
    expect(renderDiagnostics([found], { color: false, width: 20 })).toMatch(/1 \|\n {2}\| \^\n/);
  });

  it("colours if asked, and says the same", () => {
    const file = new SourceFile("spec.resnet", "conv @");
    const found = diagnostic("R0102", file.span(5, 6), { what: "`@`" }, { help: "delete it" });
    const plain = renderDiagnostics([found], { color: false, width: 80 });
    const coloured = renderDiagnostics([found], { color: true, width: 80 });
    expect(coloured).not.toBe(plain);
    expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(plain);
  });

  it("shows places in other files after its own", () => {
    const [one, other] = [
      new SourceFile("one.resnet", "conv 3x3"),
      new SourceFile("b.resnet", "x\ny"),
    ];
    const related = [{ span: other.span(2, 3), text: "from here" }];
    const found = diagnostic("R0202", one.span(0, 4), { name: "conv" }, { related });
    expect(renderDiagnostics([found], { color: false, width: 80 })).toBe(
      [
        "error[R0202]: `conv` is declared twice",
        " --> one.resnet:1:1",
        "  |",
        "1 | conv 3x3",
        "  | ^^^^",
        " ::: b.resnet:2:1",
        "  |",
        "2 | y",
        "  | - from here",
        "",
      ].join("\n"),
    );
  });
});

describe("display width", () => {
  it.each([
    ["abc", 3],
    ["日本", 4],
    ["e\u0301", 1],
    ["\t", 4],
    ["\u0000", 1],
    ["🚀", 2],
  ])("of %j is %i", (text, width) => expect(columns(text)).toBe(width));

  it("shows control characters as pictures", () => {
    expect(visible("a\u0000\u001b\n")).toBe("a\u2400\u241b\u240a");
  });

  it("wraps at spaces and leaves long words whole", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("incomprehensibilities a", 5)).toEqual(["incomprehensibilities", "a"]);
  });
});

describe("the collector", () => {
  const file = new SourceFile("a.resnet", "one two\nthree");
  const other = new SourceFile("b.resnet", "four");
  const twice = (start: number, name: string, of = file) =>
    diagnostic("R0202", of.span(start, start + 1), { name });

  it("keeps a code once at a place, in the order of the text", () => {
    const found = new Collector();
    expect(found.add(twice(4, "x"))).toBe(true);
    expect(found.add(twice(0, "y"))).toBe(true);
    expect(found.add(twice(4, "z"))).toBe(false);
    found.add(twice(0, "w", other));
    found.add(diagnostic("R0001", undefined, { path: "c" }));
    expect(found.all.map(({ message }) => message.match(/`(.)`/)?.[1])).toEqual([
      undefined,
      "y",
      "x",
      "w",
    ]);
    expect(found.errorCount).toBe(4);
    expect(found.hasErrors).toBe(true);
  });
});

it("gives programs plain data with places from 1", () => {
  const file = new SourceFile("a.resnet", "one\nconv @");
  const edits = [{ span: file.span(9, 10), text: "" }];
  const found = diagnostic(
    "R0102",
    file.span(9, 10),
    { what: "`@`" },
    { help: { text: "delete it", edits } },
  );
  const place = {
    file: "a.resnet",
    start: { offset: 9, line: 2, column: 6 },
    end: { offset: 10, line: 2, column: 7 },
  };
  expect(JSON.parse(JSON.stringify(diagnosticsToJson([found])))).toEqual([
    {
      code: "R0102",
      severity: "error",
      message: "`@` has no meaning here",
      place,
      related: [],
      notes: [],
      help: { text: "delete it", edits: [{ place, text: "" }], applicability: "safe" },
    },
  ]);
});

it("other ways to mend it are a line each, and data for programs", () => {
  const file = new SourceFile("a.resnet", "shortcut identity");
  const span = file.span(9, 17);
  const help = (text: string): Help => ({ text, edits: [{ span, text }] });
  const found = diagnostic(
    "R0106",
    span,
    {},
    {
      help: help("project"),
      alternatives: [help("pad"), { ...help("none"), applicability: "unsafe" }],
    },
  );
  const rendered = renderDiagnostics([found], { color: false, width: 80 });
  expect(rendered.split("\n").slice(-5)).toEqual([
    "  |",
    "  = help: project",
    "  = or: pad",
    "  = or: none",
    "",
  ]);
  const [json] = diagnosticsToJson([found]);
  expect(json?.alternatives?.map(({ text, applicability }) => [text, applicability])).toEqual([
    ["pad", "safe"],
    ["none", "unsafe"],
  ]);
});

describe("a flood", () => {
  it("is shown as far as anyone reads, and counted", () => {
    const file = new SourceFile("spec.resnet", "@\n".repeat(1700));
    const all = Array.from({ length: 1700 }, (_, line) =>
      diagnostic("R0102", file.span(2 * line, 2 * line + 1), { what: "it" }),
    );
    const text = renderDiagnostics(all, { color: false, width: 80 });
    expect(text.match(/^error/gm)).toHaveLength(500);
    expect(text.endsWith("\n\n… and 1,200 errors more\n")).toBe(true);
    expect(renderDiagnostics(all.slice(0, 500), { color: false, width: 80 })).not.toContain("more");
  });

  it("of warnings hides no error, and says what the rest are", () => {
    const file = new SourceFile("spec.resnet", "@\n".repeat(1703));
    const all = Array.from({ length: 1703 }, (_, line) => {
      const severity = line === 0 || line >= 1200 ? "error" : "warning";
      return finding("some-rule", severity, `number ${line}`, file.span(2 * line, 2 * line + 1));
    });
    const shown = (from: number, to = all.length): string =>
      renderDiagnostics(all.slice(from, to), { color: false, width: 80 });
    expect(shown(0).match(/^error/gm)).toHaveLength(500);
    expect(shown(0)).not.toMatch(/^warning/m);
    expect(shown(0).endsWith("\n\n… and 4 errors and 1,199 warnings more\n")).toBe(true);
    const few = shown(0, 1300);
    expect(few.match(/^error/gm)).toHaveLength(101);
    expect(few.match(/number \d+$/gm)?.slice(0, 3)).toEqual(["number 0", "number 1", "number 2"]);
    expect(few.endsWith("\n\n… and 800 warnings more\n")).toBe(true);
  });
});
