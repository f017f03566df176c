/** What `diff` says of a checkpoint, from parameters alone, is what loading a real one does. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkReport } from "../../src/api/check.js";
import { diffSpecs } from "../../src/api/diff.js";
import { sidePlace } from "../../src/api/diff-side.js";
import { openWeights } from "../../src/api/given-weights.js";
import type { Graph } from "../../src/graph/graph.js";
import { initialParameters } from "../../src/graph/initialise.js";
import { checkArchitecture } from "../../src/train/architecture.js";
import { readCheckpoint, writeCheckpoint } from "../../src/train/checkpoint.js";
import { CheckpointError } from "../../src/train/errors.js";
import { encodeSafetensors } from "../../src/train/safetensors.js";
import { smallCheckpoint } from "../train/small-checkpoint.js";
import { temporaryFolder } from "../train/temporary-folder.js";

const net = `import { Basic } from "std/blocks"

network Net(classes = 10) {
  input 32x32x3
  stem { conv 3x3, 8 -> batchnorm -> relu }
  stage conv2: 2 x Basic(8)
  stage conv3: 2 x Basic(16), /2
  head classify { globalavgpool -> dense classes }
}
`;

async function specs(...edits: readonly [string, string][]): Promise<readonly [string, string]> {
  const folder = await temporaryFolder();
  const [before, after] = [join(folder, "before.resnet"), join(folder, "after.resnet")];
  writeFileSync(before, net);
  const text = edits.reduce((whole, [from, to]) => {
    expect(whole).toContain(from);
    return whole.replaceAll(from, to);
  }, net);
  writeFileSync(after, text);
  return [before, after];
}

function graphOf(spec: string): Graph {
  const graph = checkReport(spec).networks[0]?.graph;
  if (graph === undefined) throw new Error(`${spec} is not sound`);
  return graph;
}

/** A checkpoint of a network, as training writes one. */
async function checkpointOf(graph: Graph): Promise<string> {
  const path = join(await temporaryFolder(), "best.safetensors");
  const tensors = new Map(
    [...initialParameters(graph, 1)].map(([key, value]) => [`weights/${key}`, value]),
  );
  await writeCheckpoint(path, { ...smallCheckpoint(0), graph, state: { step: 1, tensors } });
  return path;
}

describe.each<readonly [string, readonly [string, string][], "loads" | "partly" | "breaks"]>([
  ["nothing", [], "loads"],
  ["a larger input", [["32x32x3", "64x64x3"]], "loads"],
  ["another stride", [["conv 3x3, 8 ", "conv 3x3, 8, /2 "]], "loads"],
  ["more classes", [["classes = 10", "classes = 100"]], "partly"],
  [
    "more classes and another stride",
    [
      ["= 10", "= 100"],
      ["3x3, 8 ", "3x3, 8, /2 "],
    ],
    "partly",
  ],
  ["a block more", [["2 x Basic(16)", "3 x Basic(16)"]], "breaks"],
  ["another width", [["Basic(16)", "Basic(24)"]], "breaks"],
  ["a stage of another name", [["stage conv3", "stage res3"]], "breaks"],
  ["an operation with weights more", [["3x3, 8 ", "3x3, 8 -> conv 3x3, 8 "]], "breaks"],
  ["an activation more", [["batchnorm -> relu }", "batchnorm -> relu -> relu }"]], "loads"],
])("a checkpoint, after %s", (_what, edits, verdict) => {
  it(`is said to, and does: ${verdict}`, async () => {
    const [before, after] = await specs(...edits);
    const checkpoint = await checkpointOf(graphOf(before));
    const report = await diffSpecs(before, after, { checkpoint });
    const [network] = report.networks;
    expect(network?.weights.verdict).toBe(verdict);
    expect(report.checkpoint).toMatchObject({ verdict, isOfBefore: true, form: "checkpoint" });

    const taken = openWeights(checkpoint, graphOf(after), { freshHeads: true });
    if (verdict === "breaks") await expect(taken).rejects.toBeInstanceOf(CheckpointError);
    else {
      const { report: weights } = await taken;
      expect(weights.fresh.length > 0).toBe(verdict === "partly");
      expect(report.checkpoint?.taken).toBe(weights.taken);
      expect(network?.weights.fitting).toBe(weights.taken);
    }
    // A run goes on from it only where each operation is what it was.
    const read = await readCheckpoint(checkpoint);
    const goOn = (): void => checkArchitecture(checkpoint, read, graphOf(after));
    if (verdict === "loads" && network?.weights.otherMeaning.length === 0) {
      expect(goOn).not.toThrow();
      expect(report.checkpoint?.resume).toBeUndefined();
    } else expect(goOn).toThrow(CheckpointError);
  });
});

describe("a file of weights", () => {
  it("that is of another network than the first is said to be", async () => {
    const [before, after] = await specs(["Basic(16)", "Basic(24)"]);
    const checkpoint = await checkpointOf(graphOf(after));
    const report = await diffSpecs(before, after, { checkpoint });
    expect(report.checkpoint).toMatchObject({ verdict: "loads", isOfBefore: false });
  });

  it("may be plain safetensors, by the graph's names", async () => {
    const [before, after] = await specs(["classes = 10", "classes = 5"]);
    const path = join(await temporaryFolder(), "weights.safetensors");
    const tensors = initialParameters(graphOf(before), 1);
    writeFileSync(path, Buffer.concat([...encodeSafetensors({ metadata: new Map(), tensors })]));
    const { checkpoint } = await diffSpecs(before, after, { checkpoint: path });
    expect(checkpoint).toMatchObject({ verdict: "partly", form: "safetensors" });
    expect(checkpoint?.fresh).toEqual(["classify.dense starts fresh: 10 classes there, 5 here"]);
  });

  it("that is not there, or damaged, is an error", async () => {
    const [before, after] = await specs();
    const gone = join(await temporaryFolder(), "gone.safetensors");
    await expect(diffSpecs(before, after, { checkpoint: gone })).rejects.toThrow(
      "gone.safetensors",
    );
    writeFileSync(gone, "no tensors");
    const read = diffSpecs(before, after, { checkpoint: gone });
    await expect(read).rejects.toBeInstanceOf(CheckpointError);
  });
});

describe("which networks are compared", () => {
  it("is told by their names, and by a `#`", async () => {
    const family = "specs/resnet-cifar10.resnet";
    const all = await diffSpecs(family, family);
    expect(all.same).toBe(true);
    expect(all.networks.length).toBeGreaterThan(3);
    const two = await diffSpecs(`${family}#ResNet20`, `${family}#ResNet56`);
    expect(two.networks.map(({ name }) => name)).toEqual([
      { before: "ResNet20", after: "ResNet56" },
    ]);
    const one = await diffSpecs("specs/resnet50.resnet", "specs/resnet.resnet#ResNet50");
    expect(one.networks).toHaveLength(1);
  });

  it("takes values for parameters on both sides, and says what is missing", async () => {
    const open = "specs/resnet-cifar10.resnet#CifarResNet";
    await expect(diffSpecs(open, open)).rejects.toThrow("has parameters without a value: n");
    const given = await diffSpecs(open, open, { parameters: { n: 2 } });
    expect(given).toMatchObject({ same: true });
  });

  it("takes an input of one size as the size of a symbolic one", async () => {
    const [before, after] = await specs(["32x32x3", "[H, W, 3] where H % 2 == 0, W % 2 == 0"]);
    const { networks } = await diffSpecs(before, after);
    const { whole, input } = networks[0] ?? {};
    expect(input).toEqual({ before: "32x32x3", after: "H x W x 3" });
    expect(whole?.after.macs).toBe(whole?.before.macs);
  });
});

describe("sidePlace", () => {
  it.each([
    ["a/net.resnet", { file: "a/net.resnet" }],
    ["net.resnet#Net", { file: "net.resnet", network: "Net" }],
    ["net.resnet@HEAD~1", { file: "net.resnet", revision: "HEAD~1" }],
    ["net.resnet@HEAD@{1}", { file: "net.resnet", revision: "HEAD@{1}" }],
    ["net.resnet@v1.2#Net", { file: "net.resnet", revision: "v1.2", network: "Net" }],
    ["net.resnet#Net@main", { file: "net.resnet", revision: "main", network: "Net" }],
    ["net.resnet@fix#12", { file: "net.resnet", revision: "fix#12" }],
    ["a@b/net.resnet", { file: "a@b/net.resnet" }],
  ])("takes %s apart", (spec, place) => {
    expect(sidePlace(spec)).toEqual(place);
  });

  it("does not take a file apart that is there", async () => {
    const path = join(await temporaryFolder(), "net.resnet@odd");
    writeFileSync(path, net);
    expect(sidePlace(path)).toEqual({ file: path });
  });
});
