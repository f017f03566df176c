import { InsertTextFormat, type CompletionItem, type TextEdit } from "vscode-languageserver";
import { expect, test } from "vitest";
import { completion } from "../../../src/lsp/services/completion/completion.js";
import { applyTextEdits } from "../applied.js";
import { marked } from "../marked.js";

const others = {
  "parts.resnet":
    "/// A part.\nblock Part(width) { conv 3x3, width }\n\nnetwork Whole(n) { input 8x8x3 }\n",
};

function at(text: string, snippets = true): readonly CompletionItem[] {
  const { project, path, position } = marked(text, others);
  return completion(project, path, position, { snippets, standard: ["std/blocks"] });
}

function labels(text: string): string[] {
  return [...at(text)]
    .sort((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1))
    .map(({ label }) => label);
}

const head = `import { Basic } from "std/blocks"

block Own(width, Inner, stride = 1) {
  conv 3x3, width
}

`;

/** A text with a cursor, what must be offered there, and what must not be. */
type Row = [text: string, offered: readonly string[], not?: readonly string[]];

const table: Row[] = [
  ["§", ["import", "block", "network", "train"], ["conv", "input"]],
  ["im§", ["import"]],
  ['import { § } from "./parts"', ["Part", "Whole"], ["Basic"]],
  ["import { § }", ["Basic", "Bottleneck", "Part"]],
  ['import { Part } from "§"', ["std/blocks", "./parts"]],
  ['import { Part } from "./pa§', ["std/blocks", "./parts"]],
  ["import { Part } §", ["from"]],
  ["import { Part } from §", ["std/blocks"]],
  [
    `${head}network Net {\n  §\n}`,
    ["input", "stem", "stage", "head", "expect", "residual", "conv", "Basic", "Own", "Part"],
    ["train"],
  ],
  [`${head}network Net {\n  input §\n}`, ["224x224x3", "[H, W, 3]"], ["conv"]],
  [`${head}network Net {\n  stage conv2: §\n}`, ["Basic", "Own", "Part"], ["conv", "input"]],
  [`${head}network Net {\n  stage conv2: 2 x §\n}`, ["Basic", "Own"], ["conv"]],
  [`${head}network Net {\n  stage conv2: 2 §\n}`, ["x"], ["conv"]],
  [
    `${head}network Net {\n  stem {\n    §\n  }\n}`,
    ["conv", "batchnorm", "relu", "residual", "Basic"],
    ["input", "stage"],
  ],
  [`${head}network Net {\n  stem { conv 3x3, 16 -> § }\n}`, ["batchnorm", "relu"], ["input"]],
  [`${head}network Net {\n  stem { conv 3x3, 16 -> bat§`, ["batchnorm"], ["input"]],
  [
    `${head}network Net {\n  stem { conv 3x3, § }\n}`,
    ["channels:", "/2", "pad:", "groups:", "bias:"],
    ["kernel:", "relu"],
  ],
  [`${head}network Net {\n  stem { conv 3x3, 16, bias: § }\n}`, ["true", "false"], ["pad:"]],
  [`${head}network Net {\n  stem { conv 3x3, 16 § }\n}`, ["as"], ["input"]],
  [
    `${head}network Net {\n  stem {\n    residual {\n      relu\n    }\n    §\n  }\n}`,
    ["shortcut"],
    ["conv"],
  ],
  [
    `${head}network Net {\n  stem {\n    residual { relu }\n    shortcut §\n  }\n}`,
    ["identity", "project", "project always", "pad", "none"],
    ["conv"],
  ],
  [`${head}network Net {\n  branches §\n}`, ["sum", "concat"], ["conv"]],
  [
    `${head}network Net {\n  conv 3x3, 4 as early\n  stage conv2: Basic(4)\n  from §\n  stage late: Basic(4)\n}`,
    ["early", "conv2"],
    ["late", "conv"],
  ],
  [`${head}network Net {\n  stage a: Basic(§)\n}`, ["width:", "option:", "/2"], ["conv"]],
  [`${head}network Net {\n  stage a: Basic(8, option: §)\n}`, ["identity", "project"], ["width:"]],
  [`${head}network Net {\n  stage a: Basic(8), §\n}`, ["/2"], ["width:", "conv"]],
  [`${head}network Net(classes) {\n  head classify { dense § }\n}`, ["classes"], ["width"]],
  [`${head}block More(depth, Kind) {\n  §\n}`, ["Kind", "Basic", "residual"], ["More", "depth"]],
  [`${head}block More(depth) where §`, ["depth", "len"]],
  [`${head}network Net {\n  input [H, W, 3] where §\n}`, ["H", "W"], ["identity", "len"]],
  [`${head}network Net {\n  input [S, S, 3] where S > 8, §\n}`, ["S"], ["true"]],
  [`${head}network Net(p = 32) {\n  input [H, W, 3] where H % §\n}`, ["p"]],
  [
    `${head}network Net {\n  expect {\n    §\n  }\n}`,
    ["params", "macs", "receptive_field"],
    ["conv"],
  ],
  [
    `${head}network Net {\n  head classify { relu }\n  expect {\n    output(§)\n  }\n}`,
    ["classify", "at:"],
    ["conv"],
  ],
  [`${head}network Net {\n  expect {\n    macs(§)\n  }\n}`, ["at:"], ["conv"]],
  [`${head}network Net = §`, ["Whole"], ["Basic", "Net"]],
  [`${head}network Base(n) { input 8x8x3 }\nnetwork Net = Base(§)`, ["n:", "Basic"], ["conv"]],
  [`${head}network Net = Base(4) {\n  §\n}`, ["expect"], ["conv"]],
  [`${head}train quick §`, ["for"]],
  [`${head}network Base { input 8x8x3 }\ntrain quick for §`, ["Base"], ["Basic"]],
  [
    `${head}train quick for Base {\n  batch 3\n  §\n}`,
    ["data", "optimizer", "epochs"],
    ["batch", "conv"],
  ],
  [`${head}train quick for Base {\n  optimizer §\n}`, ["sgd", "adam", "adamw", "lamb"], ["cosine"]],
  [
    `${head}train quick for Base {\n  optimizer sgd(§)\n}`,
    ["rate:", "momentum:", "nesterov:"],
    ["beta1:"],
  ],
  [
    `${head}train quick for Base {\n  optimizer sgd(0.1, nesterov: §)\n}`,
    ["true", "false"],
    ["rate:"],
  ],
  [`${head}train quick for Base {\n  data §\n}`, ["cifar10", "folder", "shapes"]],
  [`${head}train quick for Base {\n  data shapes(§)\n}`, ["size:", "classes:"], ["path:"]],
  [`${head}train quick for Base {\n  augment { § }\n}`, ["flip", "crop", "mixup"], ["conv"]],
  [`${head}train quick for Base {\n  augment { flip -> crop 32, § }\n}`, ["pad:"], ["size:"]],
  [`${head}train quick for Base {\n  shuffle §\n}`, ["true", "false"]],
  [
    `${head}network Base { input 8x8x3\n stem { relu }\n stage conv2: Basic(3) }\ntrain quick for Base {\n  freeze §\n}`,
    ["true", '"stem"', '"conv2"'],
  ],
  ...[
    "freeze [§]",
    'freeze ["stem", §]',
    "rates within(§)",
    "rates within([§",
    'rates within(["stem", §], 0.1)',
    "rates within(places: [§], factors: 0.1)",
  ].map((setting): Row => [
    `${head}network Base { input 8x8x3\n stem { relu }\n stage conv2: Basic(3) }\ntrain quick for Base {\n  ${setting}\n}`,
    ['"conv2"'],
    ["conv"],
  ]),
  [
    `${head}network Base { input 8x8x3\n stage conv2: Basic(3) }\ntrain quick for Base {\n  rates within(["conv2"], §)\n}`,
    [],
    ['"conv2"'],
  ],
  ["// a comment §", [], ["import"]],
];

test.each(table)("completion %#: %s", (text, offered, not: readonly string[] = []) => {
  const found = labels(text);
  expect(found).toEqual(expect.arrayContaining([...offered]));
  for (const each of not) expect(found).not.toContain(each);
});

test("a block of another file brings its import, into one that is there or on a line of its own", () => {
  const text = `import { Basic } from "std/blocks"\n\nnetwork Net {\n  §\n}\n`;
  const { text: plain } = marked(text, others);
  const offer = (label: string): TextEdit[] => {
    const item = at(text).find((each) => each.label === label);
    expect(item?.additionalTextEdits).toHaveLength(1);
    return item?.additionalTextEdits ?? [];
  };
  expect(applyTextEdits(plain, offer("Bottleneck"))).toContain(
    'import { Basic, Bottleneck } from "std/blocks"',
  );
  expect(applyTextEdits(plain, offer("Part"))).toContain(
    '"std/blocks"\nimport { Part } from "./parts"\n',
  );
  const first = at("network Net {\n  §\n}").find(({ label }) => label === "Basic");
  expect(applyTextEdits("network Net {\n  \n}", first?.additionalTextEdits ?? [])).toBe(
    'import { Basic } from "std/blocks"\n\nnetwork Net {\n  \n}',
  );
});

test("placeholders only where the editor fills them in", () => {
  const text = `${head}network Net {\n  stem { con§ }\n}`;
  const conv = (snippets: boolean): CompletionItem | undefined =>
    at(text, snippets).find(({ label }) => label === "conv");
  expect(conv(true)).toMatchObject({
    insertTextFormat: InsertTextFormat.Snippet,
    textEdit: { newText: "conv ${1:3x3}, ${2:64}" },
  });
  expect(conv(false)).toMatchObject({
    insertTextFormat: InsertTextFormat.PlainText,
    textEdit: { newText: "conv" },
  });
});

test("what is inserted replaces the word before the cursor", () => {
  const text = `${head}network Net {\n  stem { con§ }\n}`;
  const { text: plain } = marked(text);
  const item = at(text, false).find(({ label }) => label === "conv");
  expect(applyTextEdits(plain, [item?.textEdit as TextEdit])).toContain("stem { conv }");
});

test("at every place of a spec completion answers", () => {
  const whole = `${head}network Net(n) where n > 1 {\n  input [H, W, 3] where H % 2 == 0\n  residual { relu } shortcut { conv 1x1, 3 }\n  branches sum { { relu } { relu } } as b\n  head h { globalavgpool }\n}\ntrain t for Net {\n  augment { flip }\n  batch 4\n}\n`;
  for (let offset = 0; offset <= whole.length; offset++) {
    for (const rest of [whole.slice(offset), ""]) {
      expect(() => at(`${whole.slice(0, offset)}§${rest}`)).not.toThrow();
    }
  }
});

test.each(["__proto__", "constructor", "toString"])(
  "nothing is offered of a setting %s",
  (name) => {
    const { project, path, position } = marked(`train t for Net {\n  ${name} §\n}`);
    const items = completion(project, path, position, { snippets: true, standard: [] });
    expect(items.filter(({ label }) => label === "flip" || label === "sgd")).toEqual([]);
  },
);
