/** What is told of a change to a network: in words of the language, where it is, once, and nothing where there is none. */
import { describe, expect, it } from "vitest";
import { compareNetworks, type NetworkComparison } from "../../src/compare/compare.js";
import type { Graph } from "../../src/graph/graph.js";
import { checkText, render } from "../check/memory-host.js";

const base = `
block Thin(width, stride = 1) {
  residual {
    conv 3x3, width, /stride -> batchnorm -> relu
    conv 3x3, width -> batchnorm
  }
  shortcut project
  relu
}

network Net(classes = 10) {
  input 32x32x3
  stem { conv 3x3, 16 -> batchnorm -> relu }
  stage conv2: 3 x Thin(16)
  stage conv3: 3 x Thin(32), /2
  head classify { globalavgpool -> dense classes }
}
`;

function graphOf(text: string): Graph {
  const { networks, diagnostics } = checkText(text);
  expect(render(diagnostics)).toBe("");
  const graph = networks[0]?.graph;
  if (graph === undefined) throw new Error("the text has no network");
  return graph;
}

function compare(before: string, after: string): NetworkComparison {
  const none = { before: new Map<string, number>(), after: new Map<string, number>() };
  return compareNetworks(graphOf(before), graphOf(after), none);
}

/** `base` with one text for another, compared with itself. */
function changed(...edits: readonly (readonly [string, string])[]): NetworkComparison {
  const after = edits.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replaceAll(from, to);
  }, base);
  return compare(base, after);
}

/** One line for each change. */
function told({ changes }: NetworkComparison): readonly string[] {
  return changes.map((change) =>
    "what" in change
      ? `${change.kind} ${change.place}: ${change.what}`
      : `${change.kind} ${change.place}: ${change.before} -> ${change.after}`,
  );
}

describe("the structure", () => {
  it("is the same where only the text changed", () => {
    const found = changed([
      "conv 3x3, width -> batchnorm\n",
      "// as before\n    conv 3x3, width -> batchnorm\n",
    ]);
    expect(told(found)).toEqual([]);
    expect(found.same).toBe(true);
    expect(found.weights.verdict).toBe("loads");
  });

  it("tells a block that was added to a stage as that block", () => {
    expect(told(changed(["3 x Thin(32)", "5 x Thin(32)"]))).toEqual([
      "changed stage conv3: 3 x Thin(32), /2 -> 5 x Thin(32), /2",
      "added conv3.block[4-5]: Thin(32)",
    ]);
  });

  it("tells an operation that was inserted as an insertion, although all numbers behind it change", () => {
    const edit = ["stem { conv 3x3, 16", "stem { conv 7x7, 3 -> relu -> conv 3x3, 16"] as const;
    const found = changed(edit);
    expect(told(found)).toEqual(["added stem.conv: conv 7x7, 3", "added stem.relu: relu"]);
    expect(found.weights.renamed).toContainEqual({
      before: "stem.conv.kernel",
      after: "stem.conv2.kernel",
    });
  });

  it("tells a change of every block of a stage once", () => {
    expect(told(changed(["width -> batchnorm\n", "width -> batchnorm -> dropout 0.1\n"]))).toEqual([
      "added conv2.block[1-3].residual.dropout: dropout 0.1",
      "added conv3.block[1-3].residual.dropout: dropout 0.1",
    ]);
  });

  it("tells an operation that became another, and an attribute that a layer's words leave out", () => {
    const edits = [
      ["16 -> batchnorm -> relu }", "16 -> batchnorm momentum: 0.99 -> sigmoid }"],
    ] as const;
    expect(told(changed(...edits))).toEqual([
      "changed stem.batchnorm: batchnorm momentum: 0.9 -> batchnorm momentum: 0.99",
      "changed stem.sigmoid: relu -> sigmoid",
    ]);
  });

  it("tells a stage that was renamed, put in, or taken out", () => {
    expect(told(changed(["stage conv3", "stage res3"]))).toEqual([
      "renamed stage res3: conv3 -> res3",
    ]);
    const more = "stage extra: 2 x Thin(16)\n  stage conv3";
    expect(told(changed(["stage conv3", more]))).toEqual(["added stage extra: 2 x Thin(16)"]);
    expect(told(changed(["  stage conv3: 3 x Thin(32), /2\n", ""]))).toEqual([
      "removed stage conv3: 3 x Thin(32), /2",
    ]);
  });

  it("tells a chain that goes on from elsewhere", () => {
    const heads = (place: string): string =>
      base.replace(
        "  head",
        `  conv 1x1, 8 as early\n  conv 1x1, 8 as late\n  from ${place}\n  head`,
      );
    expect(told(compare(heads("early"), heads("late")))).toEqual([
      "rewired classify.globalavgpool: early -> late",
    ]);
  });

  it("tells operations that stand outside of every stage", () => {
    const sum = (width: number): string =>
      `network Net { input 8x8x3\n conv 3x3, ${width} -> relu\n head out { conv 1x1, 2 } }`;
    expect(told(compare(sum(8), sum(16)))).toEqual(["changed conv: conv 3x3, 8 -> conv 3x3, 16"]);
  });
});

describe("the quantities", () => {
  it("are those of the whole and of every part, and tell a part that is gone", () => {
    const { whole, parts } = changed(["  stage conv3: 3 x Thin(32), /2\n", ""]);
    expect(whole.before.parameters - whole.after.parameters).toBe(
      (parts.find(({ name }) => name === "conv3")?.before?.parameters ?? 0) + 160,
    );
    expect(parts.map(({ name }) => name)).toEqual(["stem", "conv2", "conv3", "classify"]);
    expect(parts[2]?.after).toBeUndefined();
    const sum = parts.reduce((total, { after }) => total + (after?.parameters ?? 0), 0);
    expect(sum).toBe(whole.after.parameters);
  });

  it("leave out what depends on a size that is not known", () => {
    const symbolic = "input [H, W, 3] where H % 4 == 0, W % 4 == 0";
    const { input, sizes, whole } = changed(["input 32x32x3", symbolic]);
    expect(input).toEqual({ before: "32x32x3", after: "H x W x 3" });
    expect(sizes.before).toEqual([]);
    expect(sizes.after).toHaveLength(2);
    expect(whole.before.macs).toBeGreaterThan(0);
    expect(whole.after.macs).toBeUndefined();
  });

  it("tell a stride that moved, which changes neither shapes nor parameters", () => {
    const { whole, same, heads } = changed(
      ["conv 3x3, width -> batchnorm\n", "conv 3x3, width, / stride -> batchnorm\n"],
      ["conv 3x3, width, /stride", "conv 3x3, width"],
    );
    expect(whole.before.parameters).toBe(whole.after.parameters);
    expect(heads.every(({ before, after }) => before === after)).toBe(true);
    expect(whole.after.macs).toBeGreaterThan(whole.before.macs ?? 0);
    expect(same).toBe(false);
  });
});

describe("a checkpoint", () => {
  it.each<readonly [string, string, "loads" | "partly" | "breaks"]>([
    ["classes = 10", "classes = 100", "partly"],
    ["input 32x32x3", "input 64x64x3", "loads"],
    ["3 x Thin(32)", "4 x Thin(32)", "breaks"],
    ["Thin(32)", "Thin(48)", "breaks"],
    ["stage conv3", "stage res3", "breaks"],
    ["head classify", "head answer", "breaks"],
  ])("with %s as %s: it %s", (before, after, verdict) => {
    expect(changed([before, after]).weights.verdict).toBe(verdict);
  });

  it("names what is missing, left over and of another shape", () => {
    const fit = changed(
      ["Thin(32), /2", "Thin(48), /2"],
      ["stage conv2: 3", "stage conv2: 2"],
    ).weights;
    expect(fit.unknown.every((name) => name.startsWith("conv2.block3."))).toBe(true);
    expect(fit.missing).toEqual([]);
    expect(fit.reshaped.find(({ name }) => name === "classify.dense.kernel")).toEqual({
      name: "classify.dense.kernel",
      before: [32, 10],
      after: [48, 10],
      head: false,
    });
    expect(fit.fitting + fit.reshaped.length).toBe(fit.tensors);
  });

  it("tells that it loads into something else where a stride moves", () => {
    const fit = changed(["stem { conv 3x3, 16", "stem { conv 3x3, 16, /2"]).weights;
    expect(fit).toMatchObject({ verdict: "loads", otherMeaning: ["stem.conv"] });
  });
});
