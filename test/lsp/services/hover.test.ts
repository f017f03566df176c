import type { MarkupContent } from "vscode-languageserver";
import { expect, test } from "vitest";
import { DocumentHost } from "../../../src/lsp/project/document-host.js";
import { Project } from "../../../src/lsp/project/project.js";
import { hover } from "../../../src/lsp/services/hover.js";
import { MemoryHost } from "../../check/memory-host.js";
import { marked } from "../marked.js";

const spec = `import { Basic } from "std/blocks"

/// A block of its own.
/// \`width\` is how many channels come out.
block Own(width, stride = 1) where width % 2 == 0 {
  residual {
    conv 3x3, width, /stride -> batchnorm -> relu
    conv 3x3, 2 * width -> batchnorm
  }
  shortcut project
  relu as end
}

/// A small network.
network Net(classes = 10) {
  input 32x32x3
  stem { conv 3x3, 16 -> batchnorm -> relu }
  stage conv2: 2 x Basic(16)
  stage conv3: 2 x Own(16), /2
  branches concat { { from conv2 -> maxpool 2x2, /2 } { relu } }
  head classify { globalavgpool -> dense classes }
  expect {
    params <= 1M
    output(classify) == 10
  }
}

train quick for Net {
  data shapes(size: 32, classes: 8)
  augment { flip -> crop 32, pad: 4 }
  optimizer sgd(0.1, momentum: 0.9)
  freeze ["stem"]
  batch 64
  epochs 4
}
`;

/** The hover text where `needle` is first found, at the `|` in it. */
function at(needle: string, text = spec): string {
  const plain = needle.replace("|", "");
  if (!text.includes(plain)) throw new Error(`There is no ${plain}.`);
  const { project, path, position } = marked(text.replace(plain, needle));
  return (hover(project, path, position)?.contents as MarkupContent | undefined)?.value ?? "";
}

const table: readonly (readonly [place: string, ...says: string[]])[] = [
  [
    "co|nv 3x3, 16 ->",
    "32x32x3 → **32x32x16**, receptive field 3",
    "432 parameters, 442,368 multiply-adds",
    "convolution",
  ],
  ["conv 3|x3, 16", "**kernel** of `conv`: height and width of the filters"],
  ["conv 3x3, 1|6", "**channels** of `conv`"],
  ["rel|u }", "**32x32x16**, receptive field 3"],
  ["sta|ge conv3", "32x32x16 → **16x16x32**, after 4 blocks, receptive field 25"],
  ["stage con|v3", "stage conv3", "**16x16x32**, after 4 blocks"],
  ["x Ow|n(16)", "block Own(width, /stride = 1)", "A block of its own.", "after 4 blocks"],
  ["block O|wn", "A block of its own.", "the first of 2 times"],
  ["Own(wi|dth", "of block Own", "here `16`", "`width` is how many channels come out."],
  ["3x3, wi|dth, /stride", "in this place `16`"],
  ["2 *| width", "**channels** of `conv`", "in this place `32`"],
  ["/st|ride ->", "in this place `2`, `1`"],
  ["shortcut pro|ject", "option B of the paper"],
  ["short|cut project", "32x32x16 → **16x16x32**", "how x is brought"],
  ["re|sidual", "H(x) = F(x) + x"],
  ["branches con|cat", "joins the channels"],
  ["from con|v2", "stage conv2", "**32x32x16**, after 2 blocks"],
  ["in|put 32", "**32x32x3**"],
  ["hea|d classify", "**10**"],
  ["network N|et", "A small network.", "multiply-adds", "4 blocks"],
  ["dense cla|sses", "of network Net", "here `10`"],
  ["pa|rams <=", "trainable numbers"],
  ["output(class|ify)", "head classify"],
  ["expe|ct", "unit test"],
  ["Bas|ic }", "The basic block"],
  ["train qu|ick", "4 epochs at batch 64"],
  ["quick for N|et", "A small network."],
  ["bat|ch 64", "images in one step", "a whole number from 1", "in images"],
  ["batch 6|4", "images in one step"],
  ["sg|d(0.1", "stochastic gradient descent", "sgd(rate, momentum: 0"],
  ["sgd(0.|1", "**rate** of `sgd`: the learning rate"],
  ["mome|ntum: 0.9", "**momentum** of `sgd`", "`0` where left out"],
  ["pa|d: 4", "pixels of black"],
  ["fl|ip ->", "mirrors left and right"],
  ["sha|pes(size", "coloured shapes"],
  ["si|ze: 32", "height and width of the images in pixels"],
  ['["st|em"]', ""],
];

test.each(table)("hover at %s", (place, ...says) => {
  const text = at(place);
  for (const each of says) expect(text).toContain(each);
});

test("a code or a rule in a comment tells what its page says first", () => {
  const code = at("R03|01", `// see R0301\n${spec}`);
  expect(code).toContain("The shortcut and the residual do not have one shape");
  expect(code).toContain("docs/errors/R0301.md");
  const rule = at("before|-batchnorm:", `// resnetc-ignore bias-before-batchnorm: so\n${spec}`);
  expect(rule).toContain("docs/rules/bias-before-batchnorm.md");
});

test("nothing is said of empty places and of plain comments", () => {
  expect(at("pla|in", `// plain words\n${spec}`)).toBe("");
  expect(at("\n|\n", spec)).toBe("");
});

test("a block that is opened by itself has the shapes of the spec that imports it", () => {
  const { project, position } = marked("block Own(width) { con|v 3x3, width }\n");
  project.host.open("blocks.resnet", "block Own(width) { conv 3x3, width }\n");
  project.host.close("spec.resnet");
  project.host.open(
    "net.resnet",
    `import { Own } from "./blocks"\nnetwork N {\n  input 8x8x3\n  Own(4)\n  head h { globalavgpool }\n}\n`,
  );
  const found = hover(project, "blocks.resnet", position);
  expect((found?.contents as MarkupContent).value).toContain("8x8x3 → **8x8x4**");
});

test("in a broken file what can be read still has its shapes", () => {
  expect(at("co|nv 3x3, 16 ->", spec.replace("stage conv3:", "stage conv3"))).toContain("32x32x16");
});

test("a text that takes long to check has the shapes of its last check until the next", () => {
  const host = new DocumentHost(new MemoryHost({}));
  const project = new Project(host, -1);
  const text = "network N {\n  input 8x8x3\n  conv 3x3, 4\n  head h { globalavgpool }\n}\n";
  const says = (line: number): string =>
    (hover(project, "spec.resnet", { line, character: 3 })?.contents as MarkupContent | undefined)
      ?.value ?? "";
  host.open("spec.resnet", text);
  project.analysis("spec.resnet");
  host.open("spec.resnet", text.replace("  conv", "  relu\n  conv"));
  expect(says(1)).toContain("8x8x3");
  expect(says(2)).toBe("");
  const behind = hover(project, "spec.resnet", { line: 3, character: 3 });
  expect((behind?.contents as MarkupContent).value).toContain("8x8x3 → **8x8x4**");
  expect(behind?.range).toEqual({
    start: { line: 3, character: 2 },
    end: { line: 3, character: 6 },
  });
  project.analysis("spec.resnet");
  expect(says(2)).toContain("relu");
});
