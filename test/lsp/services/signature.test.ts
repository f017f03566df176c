import { expect, test } from "vitest";
import { signature } from "../../../src/lsp/services/signature.js";
import { marked } from "../marked.js";

const head = `import { Basic } from "std/blocks"\n\n`;

/** A text with a cursor, the signature, and which part of it is being written. */
const table: [text: string, label: string, active: string | undefined][] = [
  [
    "network N {\n  conv §\n}",
    "conv kernel, channels, /stride, pad: …, dilation: …, groups: …, bias: …",
    "kernel",
  ],
  [
    "network N {\n  conv 3x3, §\n}",
    "conv kernel, channels, /stride, pad: …, dilation: …, groups: …, bias: …",
    "channels",
  ],
  [
    "network N {\n  conv 3x3, 16, /§\n}",
    "conv kernel, channels, /stride, pad: …, dilation: …, groups: …, bias: …",
    "/stride",
  ],
  [
    "network N {\n  conv 3x3, 16, groups: §\n}",
    "conv kernel, channels, /stride, pad: …, dilation: …, groups: …, bias: …",
    "groups: …",
  ],
  ["network N {\n  stage a: 2 x Basic(§", "Basic(width, /stride = 1, option = project)", "width"],
  [
    "network N {\n  stage a: 2 x Basic(16, option: §)\n}",
    "Basic(width, /stride = 1, option = project)",
    "option = project",
  ],
  [
    "network N {\n  stage a: Basic(16), /§\n}",
    "Basic(width, /stride = 1, option = project)",
    "/stride = 1",
  ],
  ["network A(n, m = 2) { input 8x8x3 }\nnetwork N = A(4, §)", "A(n, m = 2)", "m = 2"],
  [
    "train t for N {\n  optimizer sgd(§)\n}",
    "sgd(rate, momentum: 0, nesterov: false, decay: 0)",
    "rate",
  ],
  ["train t for N {\n  augment { crop 32, pad: § }\n}", "crop size, pad: 0", "pad: 0"],
  ["network N {\n  conv 3x3, max(1, §)\n}", "max(a, b)", "b"],
  ["network N {\n  expect {\n    macs(at: §)\n  }\n}", "macs(at: …)", "at: …"],
];

test.each(table)("signature %#: %s", (text, label, active) => {
  const { project, path, position } = marked(head + text);
  const found = signature(project, path, position);
  const [first] = found?.signatures ?? [];
  expect(first?.label).toBe(label);
  const part = first?.parameters?.[found?.activeParameter ?? -1]?.label;
  expect(typeof part === "object" ? label.slice(...part) : part).toBe(active);
});

test.each(["network N {\n  §relu\n}", "network N {\n  relu §\n}", "§", "// conv §"])(
  "no signature in %s",
  (text) => {
    const { project, path, position } = marked(head + text);
    expect(signature(project, path, position)).toBeUndefined();
  },
);
