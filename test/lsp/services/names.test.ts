import { resolve } from "node:path";
import { expect, test } from "vitest";
import type { Location } from "vscode-languageserver";
import { applyEdits, editsByPath } from "../../../src/diagnostics/edits.js";
import { NodeHost } from "../../../src/host/node-host.js";
import { Locations } from "../../../src/lsp/project/locations.js";
import { definition, highlights, references } from "../../../src/lsp/services/navigation.js";
import { prepareRename, rename, RenameRefused } from "../../../src/lsp/services/rename.js";
import { marked, type Marked } from "../marked.js";

const folder = resolve("/project");
const locations = new Locations(new NodeHost(folder));

const files = {
  "parts.resnet": `/// A part; \`width\` is its channels.
block Part(width, stride = 1) {
  conv 3x3, width, /stride
}

block Wrapper(Inner, width) {
  Inner(width)
}
`,
  "other.resnet": `import { Part as Piece } from "./parts"
import { Wrapper } from "./parts"

network Other {
  input 8x8x3
  stage a: Piece(width: 4)
  stage b: Piece(8), /2
  stage c: Wrapper(Piece, 4)
  head h { globalavgpool }
}
`,
};

const spec = `import { Part } from "./parts"
import { Basic } from "std/blocks"

network Net(classes = 10) {
  input [H, W, 3] where H % 2 == 0
  stem { conv 3x3, 16 as early }
  stage conv2: 2 x Part(16)
  stage conv3: Basic(32), /2
  branches concat { { from conv2 -> maxpool 2x2, /2 } { relu } }
  head classify { globalavgpool -> dense classes }
  expect {
    output(classify) == 10
  }
}

network Small = Net(classes: 4)

train quick for Small {
  data shapes
  optimizer sgd(0.1)
  freeze ["conv2.part"]
  rates within(["conv2.part"], 0.1)
  batch 8
  epochs 1
}
`;

function at(place: string, text = spec): Marked {
  const plain = place.replace("§", "");
  if (!text.includes(plain)) throw new Error(`There is no ${plain}.`);
  return marked(text.replace(plain, place), files);
}

/** "parts.resnet:2:7": file, line and column of a location. */
function shown({ uri, range }: Location): string {
  const path = locations.pathOf(uri);
  return `${path}:${range.start.line + 1}:${range.start.character + 1}`;
}

const definitions: readonly (readonly [place: string, ...found: string[]])[] = [
  ["P§art(16)", "parts.resnet:2:7"],
  ["{ Pa§rt }", "parts.resnet:2:7"],
  ['"./pa§rts"', "parts.resnet:1:1"],
  ['"std/blo§cks"', "std/blocks.resnet:1:1"],
  ["Bas§ic(32)", "std/blocks.resnet:3:7"],
  ["dense cl§asses", "spec.resnet:4:13"],
  ["Net(cl§asses: 4)", "spec.resnet:4:13"],
  ["from con§v2", "spec.resnet:7:9"],
  ["where §H", "spec.resnet:5:10"],
  ["output(clas§sify)", "spec.resnet:10:8"],
  ["= N§et(", "spec.resnet:4:9"],
  ["for Sma§ll", "spec.resnet:16:9"],
  ['["con§v2.part"]', "spec.resnet:7:9"],
  ["glo§balavgpool"],
];

test.each(definitions)("the definition of %s", (place, ...found) => {
  const { project, path, position } = at(place);
  expect(definition(project, locations, path, position).map(shown)).toEqual(found);
});

test("the definition of an alias is what it stands for", () => {
  const { project } = at("P§art(16)");
  const found = definition(project, locations, "other.resnet", { line: 5, character: 12 });
  expect(found.map(shown)).toEqual(["parts.resnet:2:7"]);
});

test("references are found in every file, through imports and aliases", () => {
  const { project, path, position } = at("P§art(16)");
  const found = references(project, locations, path, position, true).map(shown);
  expect(found.sort()).toEqual([
    "other.resnet:1:10",
    "other.resnet:1:18",
    "other.resnet:6:12",
    "other.resnet:7:12",
    "other.resnet:8:20",
    "parts.resnet:2:7",
    "spec.resnet:1:10",
    "spec.resnet:7:20",
  ]);
  const uses = references(project, locations, path, position, false).map(shown);
  expect(uses).not.toContain("parts.resnet:2:7");
});

test("highlights are of the same document alone", () => {
  const { project, path, position } = at("stage con§v2");
  const lines = highlights(project, path, position).map(({ range }) => range.start.line + 1);
  expect(lines).toEqual([7, 9, 21, 22]);
});

const ours = (path: string): boolean => !path.startsWith("std/");

/** The texts of all files after a rename. */
function renamed(
  { project, path, position }: Marked,
  to: string,
): Readonly<Record<string, string>> {
  const edits = rename(project, path, position, to, ours);
  return Object.fromEntries(
    [...editsByPath(edits)].map(([file, own]) => [
      file,
      applyEdits(own[0]?.span.file.text ?? "", own),
    ]),
  );
}

test("a block is renamed where it is declared, imported and used; aliases stay", () => {
  const after = renamed(at("P§art(16)"), "Chunk");
  expect(after["parts.resnet"]).toContain("block Chunk(width");
  expect(after["other.resnet"]).toContain('import { Chunk as Piece } from "./parts"');
  expect(after["other.resnet"]).toContain("Piece(8), /2");
  expect(after["spec.resnet"]).toContain('import { Chunk } from "./parts"');
  expect(after["spec.resnet"]).toContain("2 x Chunk(16)");
});

test("an alias is renamed in its file alone", () => {
  const { project } = at("P§art(16)");
  const edits = rename(project, "other.resnet", { line: 5, character: 12 }, "Bit", ours);
  expect(edits.map(({ span }) => span.file.path)).toEqual(Array(4).fill("other.resnet"));
});

test("a parameter is renamed in its body, its docs, and where it is given by name", () => {
  const { project } = at("P§art(16)");
  const edits = rename(project, "parts.resnet", { line: 1, character: 12 }, "channels", ours);
  const own = edits.filter(({ span }) => span.file.path === "parts.resnet");
  const [first] = own;
  expect(applyEdits(first?.span.file.text ?? "", own)).toContain(
    "/// A part; `channels` is its channels.\nblock Part(channels, stride = 1) {\n  conv 3x3, channels, /stride",
  );
  expect(edits.filter(({ span }) => span.file.path === "other.resnet")).toHaveLength(1);
});

test("a stage is renamed in recipes too, a size in its conditions", () => {
  const after = renamed(at("stage con§v2"), "first");
  expect(after["spec.resnet"]).toContain("stage first: 2 x");
  expect(after["spec.resnet"]).toContain("from first ->");
  expect(after["spec.resnet"]).toContain('freeze ["first.part"]');
  expect(after["spec.resnet"]).toContain('rates within(["first.part"], 0.1)');
  expect(renamed(at("where §H"), "Height")["spec.resnet"]).toContain(
    "[Height, W, 3] where Height % 2",
  );
});

test("what can be renamed says its range and its name", () => {
  const { project, path, position } = at("stage con§v2");
  expect(prepareRename(project, path, position, ours)).toEqual({
    range: { start: { line: 6, character: 8 }, end: { line: 6, character: 13 } },
    placeholder: "conv2",
  });
});

const refused: readonly (readonly [place: string, to: string, because: string])[] = [
  ["Bas§ic(32)", "Plain", "is not part of this project"],
  ["glo§balavgpool", "pool", "there is no name here"],
  ["P§art(16)", "2nd", "is no name"],
  ["P§art(16)", "stage", "is a word of the language"],
  ["P§art(16)", "conv", "is an operation"],
  ["P§art(16)", "pad", "is a value"],
  ["P§art(16)", "Basic", "there is a block `Basic` already, at spec.resnet:2"],
  ["P§art(16)", "Wrapper", "there is a block `Wrapper` already, at parts.resnet:6"],
  ["N§et(classes: 4)", "Small", "there is a network `Small` already"],
  ["stage con§v2", "conv3", "there is a stage `conv3` already, at spec.resnet:8"],
  ["stage con§v2", "classify", "there is a head `classify` already"],
  ["dense cl§asses", "H", "there is a size `H` already"],
  ["dense cl§asses", "Part", "there is a block `Part` already"],
];

test.each(refused)("renaming %s to %s is refused", (place, to, because) => {
  const { project, path, position } = at(place);
  const change = (): unknown => rename(project, path, position, to, ours);
  expect(change).toThrow(RenameRefused);
  expect(change).toThrow(because);
});

test("a stride that is given with a slash keeps its name", () => {
  const { project } = at("P§art(16)");
  const change = (): unknown =>
    rename(project, "parts.resnet", { line: 1, character: 20 }, "step", ours);
  expect(change).toThrow("the stride at other.resnet:7 is given to `stride` with a slash");
});

test("a parameter that is given by name through a parameter keeps its name", () => {
  const through = `block A(width) { conv 1x1, width }
block B(Inner) { Inner(width: 4) }
network N {
  input 8x8x3
  B(A)
  head h { globalavgpool }
}
`;
  const { project, path, position } = marked(through.replace("A(wi", "A(wi§"), {});
  expect(() => rename(project, path, position, "channels", ours)).toThrow(
    "`width` is given at spec.resnet:2 to whatever block a parameter holds",
  );
});
