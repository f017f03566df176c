/** Whatever a file holds, the check returns: nothing is thrown and nothing takes for ever. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { check } from "../../src/check/check.js";
import { randomBelow, randomKey } from "../../src/random/random.js";
import { checkText, codesAndLines, MemoryHost, render } from "./memory-host.js";

function codes(text: string, others: Readonly<Record<string, string>> = {}): string[] {
  return checkText(text, {}, others).diagnostics.map(({ code }) => code);
}

function network(body: string, declarations = ""): string {
  return `${declarations}\nnetwork Net {\n  input 32x32x3\n${body}\n  head { globalavgpool -> dense 10 }\n}\n`;
}

describe("networks without an end", () => {
  it.each([
    ["a block that calls itself", "block A(w) { A(w) }", "A(1)", "R0211"],
    ["through another", "block A(w) { B(w) }\nblock B(w) { A(w) }", "A(1)", "R0211"],
    ["through a parameter", "block A(B) { B(B) }", "A(A)", "R0211"],
    ["repeated", "block A(w) { 1_000 x A(w) }", "A(1)", "R0211"],
    ["10^9 operations", "", "1_000_000_000 x relu", "R0601"],
    ["10^9 empty blocks", "block A() { }", "1_000_000_000 x A()", "R0601"],
    [
      "10^5 empty blocks, twice over",
      "block A() { }\nblock B() { 100_000 x A() }",
      "100_000 x B()",
      "R0601",
    ],
  ])("%s", (_title, declarations, step, code) => {
    expect(codes(network(`  ${step}`, declarations))).toEqual([code]);
  });

  it.each([
    ["with operations", "relu"],
    ["without operations", ""],
  ])("blocks that double 31 times, %s", (_title, innermost) => {
    const blocks = Array.from({ length: 31 }, (_, i) => `block B${i + 1}() { 2 x B${i}() }`);
    const text = network("  B31()", [`block B0() { ${innermost} }`, ...blocks].join("\n"));
    expect(codes(text)).toEqual(["R0601"]);
  });

  it("blocks too deep in blocks", () => {
    const blocks = Array.from({ length: 40 }, (_, i) => `block B${i + 1}() { 2 x B${i}() }`);
    const text = network("  B40()", ["block B0() { relu }", ...blocks].join("\n"));
    expect(codes(text)).toContain("R0602");
  });

  it("chains too deep in chains", () => {
    const nested = (inner: string, depth: number): string =>
      `${"residual { ".repeat(depth)}${inner}${" }\n shortcut identity".repeat(depth)}`;
    const blocks = Array.from(
      { length: 30 },
      (_, i) => `block B${i + 1}() { ${nested(`B${i}()`, 50)} }`,
    );
    const text = network("  B30()", ["block B0() { relu }", ...blocks].join("\n"));
    expect(codes(text)).toContain("R0602");
  });

  it("many networks, each as large as may be", () => {
    const networks = Array.from(
      { length: 100 },
      (_, i) => `network N${i} {\n input 32x32x3\n 30_000 x relu\n head { globalavgpool }\n}`,
    );
    const found = codes(networks.join("\n"));
    expect(found).toEqual(["R0603"]);
  });

  it("maps of a long common period are decided by what their search takes, not by its bound", () => {
    const upsampled = (from: string, to: string): string =>
      `branches sum { { from ${from} -> upsample 2 } { from ${to} } }`;
    const text = `network Net {
  input [H, W, 3] where H % 32 == 0, W % 32 == 0
  conv 7x7, 8, /4 -> conv 3x3, 8, /3 -> conv 3x3, 8, /3 -> conv 3x3, 8, /3 as c2
  conv 3x3, 8, /3 -> conv 3x3, 8, /3 as c3
  conv 3x3, 8, /2 -> conv 3x3, 8, /2 as c4
  ${upsampled("c4", "c3")} as p3
  ${upsampled("p3", "c2")} as p2
  ${upsampled("p2", "c2")}
  head classify { globalavgpool -> dense 10 }
}`;
    expect(new Set(codes(text))).toEqual(new Set(["R0302"]));
  });
});

describe("imports", () => {
  it.each([1, 2, 3, 50])("a circle of %i files", (length) => {
    const name = (index: number): string =>
      index % length === 0 ? "spec.resnet" : `file${index % length}.resnet`;
    const files = Object.fromEntries(
      Array.from({ length }, (_, index) => [
        name(index),
        `import { B${index + 1} } from "./${name(index + 1)}"\nblock B${index}() { relu }\n`,
      ]),
    );
    expect(check("spec.resnet", new MemoryHost(files)).diagnostics.map(({ code }) => code)).toEqual(
      ["R0203"],
    );
  });

  it("500 files beside each other", () => {
    const others = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`f${i}.resnet`, `block B${i}(w) { conv 1x1, w }`]),
    );
    const imports = Array.from({ length: 500 }, (_, i) => `import { B${i} } from "./f${i}"`);
    const steps = Array.from({ length: 500 }, (_, i) => `  B${i}(8)`);
    const { diagnostics, networks } = checkText(
      network(steps.join("\n"), imports.join("\n")),
      {},
      others,
    );
    expect(render(diagnostics)).toBe("");
    expect(networks[0]?.graph?.nodes.length).toBe(503);
  });

  it("10,000 files, one behind the other", () => {
    const others = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, i) => [
        `f${i}.resnet`,
        `import { B } from "./f${i + 1}"\nblock A() { relu }`,
      ]),
    );
    expect(codes('import { B } from "./f0"\nblock C() { relu }', others)).toEqual(["R0602"]);
  });

  it.each([
    "",
    "/",
    "..",
    "../../../../etc/passwd",
    "std/../std/blocks",
    "\u0000",
    "a".repeat(5000),
  ])("from %j", (path) => {
    expect(codes(`import { B } from "${path}"\nblock C() { relu }`).length).toBeGreaterThan(0);
  });
});

describe("numbers", () => {
  const numbers = [
    "0", "-1", "0.5", "1e308", "9007199254740991", "9007199254740992", "1000000", "1000001",
    "1e308 * 10", "1 / 0", "0 / 0", "0 % 0", "-5 % 3", "1e-320", "1 / 3", "2 / 2", "true", "project", "[]",
    "[1, 2]", "3x3", "0x0", "999999x999999", '"a"', "Nobody", "sum([])", "max()", "min(1, [2])", "[1, 2][5]",
    "[1, 2][-1]", "floor(1e308)", "round(2.5)", "len([[], []])", "(((1)))", "!1", "-project", "1 < 2", "[] == []",
    "1 == 1 && 2 == 2", "H", "100T", "0.1 + 0.2", "sum([1e308, 1e308])",
  ]; // prettier-ignore
  const places: readonly ((value: string) => string)[] = [
    (n) => network(`  conv ${n}, 8`),
    (n) => network(`  conv 3x3, ${n}`),
    (n) => network(`  conv 3x3, 8, /${n.includes(" ") ? `(${n})` : n}`),
    (n) => network(`  conv 3x3, 8, pad: ${n}`),
    (n) => network(`  conv 3x3, 8, dilation: ${n}`),
    (n) => network(`  conv 3x3, 9, groups: ${n}`),
    (n) => network(`  conv 3x3, 8, bias: ${n}`),
    (n) => network(`  maxpool 3x3, /2, ceil: ${n}`),
    (n) => network(`  avgpool 2, pad: ${n}`),
    (n) => network(`  upsample ${n}`),
    (n) => network(`  dropout ${n}`),
    (n) => network(`  batchnorm epsilon: ${n}, momentum: ${n}, gamma: ${n}`),
    (n) => network(`  residual { conv 3x3, 3, /2 }\n  shortcut ${n}`),
    (n) => network(`  stage s: (${n}) x relu`),
    (n) => network(`  B(${n})`, "block B(w) where w > 0 { conv 3x3, 4 * w }"),
    (n) => network(`  B()`, `block B(w = ${n}) where w { conv 3x3, w }`),
    (n) => `network Net {\n input [${n}, W, 3]\n head { globalavgpool }\n}`,
    (n) => `network Net {\n input [H, W, ${n}]\n head { globalavgpool }\n}`,
    (n) => `network Net {\n input ${n}\n head { globalavgpool }\n}`,
    (n) => `network Net {\n input [H, W, 3] where H % (${n}) == 0\n head { globalavgpool }\n}`,
    (n) => `network Net {\n input [H, W, 3] where H >= ${n}\n head { globalavgpool }\n}`,
    (n) => `network Net {\n input [H, W, 3] where H % 7 == ${n}\n conv 3x3, 8, /2\n head { globalavgpool }\n}`,
    (n) => `${network("")}network X = Net(${n}) { expect { params == ${n} } }`,
    (n) => `network Net {\n input 8x8x3\n head { globalavgpool }\n expect {\n macs(at: ${n}) == 1\n memory(batch: ${n}) < ${n}\n output(${n}) == ${n}\n receptive_field != ${n}\n}\n}`,
    (n) => `${network("")}train t for Net {\n data shapes(size: ${n})\n preprocess { resize ${n} -> normalize mean: ${n}, std: ${n} }\n augment { crop ${n}, pad: ${n} }\n loss crossentropy(smoothing: ${n})\n optimizer sgd(${n}, momentum: ${n}, nesterov: ${n}, decay: ${n})\n schedule step(${n}, factor: ${n}, warmup: ${n})\n batch ${n}\n epochs ${n}\n seed ${n}\n shuffle ${n}\n precision ${n}\n}`,
  ]; // prettier-ignore

  it.each(numbers)("%s, wherever a value can stand", (value) => {
    for (const place of places) {
      const text = place(value);
      const { diagnostics, networks } = checkText(text);
      const isWhole = networks.every(({ graph }) => graph !== undefined);
      expect(diagnostics.length > 0 || isWhole, text).toBe(true);
      expect(render(diagnostics)).not.toMatch(/NaN|undefined|\[object/);
    }
  });

  it("deep and long expressions", () => {
    const long = Array.from({ length: 490 }, () => "1").join(" + ");
    let nested = "1";
    for (let depth = 0; depth < 60; depth++) nested = `max(${nested} + ${long}, 0)`;
    expect(codes(network(`  conv 3x3, ${nested}`))).toEqual([]);
    expect(codes(network(`  conv 3x3, ${"-".repeat(480)}5`))).toEqual([]);
    expect(
      codes(network(`  conv 3x3, max(${Array.from({ length: 150_000 }, () => "1").join(",")})`)),
    ).toEqual([]);
  });
});

describe("names that every object has", () => {
  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("%s", (name) => {
    const texts = [
      network(`  conv 3x3, 16 ${name} conv 3x3, 8`),
      network(`  ${name} 3x3\n  relu as ${name}\n  from ${name}`),
      network(`  conv 3x3, 8, ${name}: 1`),
      network(`  ${name}(8)`, `block ${name}(${name}) { conv 3x3, ${name} }`),
      `${network("")}train t for Net {\n ${name} 1\n data ${name}()\n optimizer ${name}(1)\n augment { ${name} }\n}`,
    ];
    for (const text of texts) {
      const { diagnostics } = checkText(text);
      expect(render(diagnostics), text).not.toMatch(/\[object|\[native|undefined/);
    }
  });
});

type Draw = (limit: number) => number;

/** Whole numbers below a limit, the same ones for the same name. */
function draws(name: string): Draw {
  const key = randomKey(name);
  let counter = 0;
  return (limit) => randomBelow(key, counter++, limit);
}

/** Tokens as the mutations see them: spaces and line ends are kept with what follows. */
function tokensOf(text: string): string[] {
  return (
    text.match(/\s*(?:\/\/[^\n]*|[A-Za-z_]\w*|\d[\w.]*|"[^"\n]*"|->|[=<>!]=|&&|\|\||.)/gs) ?? []
  );
}

describe("mutations", () => {
  const folder = new URL("../../specs/", import.meta.url);
  const specs = [
    ...readdirSync(folder).map(
      (name) => [name, readFileSync(new URL(name, folder), "utf8")] as const,
    ),
    ["kitchen-sink", kitchenSink()] as const,
  ];
  const rounds = Number(process.env["MUTATIONS"] ?? 60);

  it.each(specs)("of %s never throw", (name, text) => {
    const random = draws(name);
    const tokens = tokensOf(text);
    for (let round = 0; round < rounds; round++) {
      const mutated = [...tokens];
      for (let edits = 1 + random(3); edits > 0; edits--) mutate(mutated, random);
      const changed = mutated.join("");
      const host = new MemoryHost({ [`specs/${name}`]: changed });
      const { diagnostics } = check(`specs/${name}`, host);
      expect(() => render(diagnostics), changed).not.toThrow();
      expect(codesAndLines(diagnostics).length).toBeLessThan(500);
    }
  });
});

function mutate(tokens: string[], random: Draw): void {
  const at = random(tokens.length);
  const other = random(tokens.length);
  switch (random(5)) {
    case 0:
      tokens.splice(at, 1);
      return;
    case 1:
      tokens.splice(at, 0, tokens[at] ?? "");
      return;
    case 2:
      [tokens[at], tokens[other]] = [tokens[other] ?? "", tokens[at] ?? ""];
      return;
    case 3:
      tokens[at] = tokens[other] ?? "";
      return;
    default:
      tokens[at] = ["0", "-1", "1e9", "{", "}", "(", ")", "->", ",", "x", '"', "[", "]", " where", " as"][random(15)] ?? ""; // prettier-ignore
  }
}

/** A spec of every construct. */
function kitchenSink(): string {
  return `import { Basic as Other } from "std/blocks"
block Se(width, ratio = 16) where width % ratio == 0 {
  residual { conv 3x3, width, groups: 2 -> gate { globalavgpool -> dense width / ratio -> relu -> dense width -> sigmoid } }
  shortcut { avgpool 2x2, /1, pad: 0, ceil: true -> conv 1x1, width } as out
  from out
}
network Sink(Block = Se, depths = [1, 2], option = project) where len(depths) == 2, depths[0] > 0 {
  input [H, W, 3] where H % 4 == 0, W % 4 == 0 && W >= 32
  stem { conv 7x7, 32, /2, bias: true -> batchnorm gamma: 0 -> relu as early }
  stage low: depths[0] x Other(32, option: option)
  stage high: max(depths[1], 2) x Block(32)
  upsample 2 -> dropout 0.5
  branches concat { { conv 1x1, 8 } { from early -> upsample 2 -> conv 3x3, 4 * 2 } }
  branches sum { { relu } { sigmoid } }
  head classify { globalavgpool -> dense 10 }
  head dense_map { conv 1x1, 2 }
  expect { params >= 1k
    macs(at: 64x64) <= 1G
    output(classify) == 10
    memory(at: 64x64, batch: 2) > 0
    receptive_field != 3 }
}
network Two = Sink(depths: [2, 3]) { expect { params > 0 } }
train it for Two { data shapes(size: 32)
  preprocess { resize 32 -> normalize mean: [0.5, 0.5, 0.5], std: 0.5 }
  augment { flip -> crop 32, pad: 4 }
  optimizer adam(1e-3, beta1: 0.9)
  schedule cosine(warmup: 1)
  batch 8
  epochs 1
}
`;
}
