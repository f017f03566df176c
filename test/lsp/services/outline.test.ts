import { resolve } from "node:path";
import { SymbolKind, type DocumentSymbol } from "vscode-languageserver";
import { expect, test } from "vitest";
import { NodeHost } from "../../../src/host/node-host.js";
import { Locations } from "../../../src/lsp/project/locations.js";
import { foldingRanges, selectionRanges } from "../../../src/lsp/services/ranges.js";
import { legend, semanticTokens } from "../../../src/lsp/services/semantic-tokens.js";
import {
  documentSymbols,
  flatSymbols,
  workspaceSymbols,
} from "../../../src/lsp/services/symbols.js";
import { marked, projectOf } from "../marked.js";

const spec = `// One.
// Two.
import { Basic } from "std/blocks"
import { Part } from "./parts"

/// A network.
network Net(classes = 10) {
  input 32x32x3
  stem {
    conv 3x3, 16
    relu
  }
  stage conv2: 2 x Basic(16)
  stage conv3: 2 x Part(32), /2
  head classify { globalavgpool -> dense classes }
}

network Small = Net(classes: 4)

train quick for Small {
  data shapes(size: 32)
  optimizer sgd(0.1)
  batch 8
  epochs 1
}
`;
const others = { "parts.resnet": "block Part(width, stride = 1) { conv 3x3, width, /stride }\n" };
const project = projectOf({ ...others, "spec.resnet": spec });

function outline(symbols: readonly DocumentSymbol[], indent = ""): string[] {
  return symbols.flatMap(({ name, detail, children }) => [
    `${indent}${name}${detail ? ` (${detail})` : ""}`,
    ...outline(children ?? [], `${indent}  `),
  ]);
}

test("the outline has stages with their shapes, and settings", () => {
  expect(outline(documentSymbols(project, "spec.resnet"))).toEqual([
    "Net (classes)",
    "  input (32x32x3)",
    "  stem (32x32x16)",
    "  conv2 (2 x Basic(16): 32x32x16)",
    "  conv3 (2 x Part(32), /2: 16x16x32)",
    "  classify (10)",
    "Small (Net(classes: 4))",
    "quick (for Small)",
    "  data (shapes(size: 32))",
    "  optimizer (sgd(0.1))",
    "  batch (8)",
    "  epochs (1)",
  ]);
});

test("selections lie within the ranges of their symbols", () => {
  const check = ({ range, selectionRange, children }: DocumentSymbol): void => {
    expect(selectionRange.start.line).toBeGreaterThanOrEqual(range.start.line);
    expect(selectionRange.end.line).toBeLessThanOrEqual(range.end.line);
    children?.forEach(check);
  };
  documentSymbols(project, "spec.resnet").forEach(check);
});

test("an editor without levels gets a list with containers", () => {
  const flat = flatSymbols(documentSymbols(project, "spec.resnet"), "file:///spec.resnet");
  expect(flat.find(({ name }) => name === "conv2")).toMatchObject({
    kind: SymbolKind.Field,
    containerName: "Net",
  });
});

test("the project's declarations are found by some of their letters", () => {
  const locations = new Locations(new NodeHost(resolve("/project")));
  const names = (query: string): string[] =>
    workspaceSymbols(project, locations, query).map(({ name }) => name);
  expect(names("").sort()).toEqual(["Net", "Part", "Small", "quick"]);
  expect(names("prt")).toEqual(["Part"]);
  expect(names("zzz")).toEqual([]);
});

test("bodies, comments and imports fold, with the closing brace left in sight", () => {
  const folds = foldingRanges(project, "spec.resnet").map(
    ({ startLine, endLine, kind }) => `${startLine}-${endLine}${kind ? ` ${kind}` : ""}`,
  );
  expect(folds).toEqual(["0-1 comment", "2-3 imports", "6-14", "8-10", "19-23"]);
});

test("a selection grows from the word to the whole text", () => {
  const {
    project: one,
    path,
    position,
    text,
  } = marked(spec.replace("3x3, 16", "3x3, 1§6"), others);
  let range = selectionRanges(one, path, [position])[0];
  const lines = text.split("\n");
  const shown: string[] = [];
  for (; range; range = range.parent) {
    const { start, end } = range.range;
    shown.push(
      start.line === end.line
        ? (lines[start.line] ?? "").slice(start.character, end.character)
        : `${start.line}-${end.line}`,
    );
  }
  expect(shown).toEqual(["16", "conv 3x3, 16", "8-11", "8-11", "6-15", `0-${lines.length - 1}`]);
});

test("words are coloured by what they mean", () => {
  const { data } = semanticTokens(project, "spec.resnet");
  const lines = spec.split("\n");
  const words: string[] = [];
  let [line, character] = [0, 0];
  for (let index = 0; index < data.length; index += 5) {
    const [down = 0, right = 0, length = 0, type = 0, bits = 0] = data.slice(index, index + 5);
    line += down;
    character = down > 0 ? right : character + right;
    const text = lines[line]?.slice(character, character + length);
    const modifiers = legend.tokenModifiers.filter((_each, bit) => bits & (2 ** bit));
    words.push([text, legend.tokenTypes[type], ...modifiers].join(" "));
  }
  expect(words).toEqual(
    expect.arrayContaining([
      "// One. comment",
      "/// A network. comment documentation",
      "network keyword",
      "Net class declaration",
      "classes parameter declaration",
      "classes parameter",
      "Basic function",
      "conv2 variable declaration",
      "conv function defaultLibrary",
      "3x3 number",
      "x keyword",
      "-> operator",
      "batch property",
      "quick event declaration",
      '"std/blocks" string',
    ]),
  );
});
