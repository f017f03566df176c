import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exportWeights } from "../../../src/api/export-weights.js";
import { openWeights } from "../../../src/api/given-weights.js";
import { openNetworkSession } from "../../../src/api/trained.js";
import type { NamedTensor } from "../../../src/engines/engine.js";
import type { Graph } from "../../../src/graph/graph.js";
import { writeCheckpoint } from "../../../src/train/checkpoint.js";
import { graphsOf } from "../../graph/checked.js";
import { normal } from "../../reference/array.js";
import { smallCheckpoint } from "../../train/small-checkpoint.js";
import { temporaryFolder } from "../../train/temporary-folder.js";
import { someWeights } from "../onnx/inference-run.js";
import { runTorchvision, timmPython, torchPython } from "./python.js";
import { timmNetworks } from "./timm.js";

const without = torchPython === undefined ? " (SKIPPED: there is no Python with torchvision)" : "";
const count = 2;
const images = Float32Array.from(normal([count, 224, 224, 3], "images").data);

async function logits(
  graph: Graph,
  weights: ReadonlyMap<string, NamedTensor>,
): Promise<Float32Array> {
  const { session } = await openNetworkSession(graph, weights);
  try {
    const heads = await session.predict(images, [count, 224, 224, 3]);
    return heads.get("classify")?.data ?? new Float32Array();
  } finally {
    session.dispose();
  }
}

/** The largest difference, as a share of the largest number. */
function difference(one: ArrayLike<number>, other: readonly number[]): number {
  const largest = Math.max(...other.map(Math.abs));
  const apart = other.map((value, index) => Math.abs(value - (one[index] ?? Number.NaN)));
  return Math.max(...apart) / largest;
}

const network = (path: string, name: string): Graph => graphsOf(path).get(name) as Graph;

describe.skipIf(torchPython === undefined)(`torchvision itself${without}`, () => {
  const timm = (name: string): Graph[] =>
    timmPython === undefined ? [] : [timmNetworks.get(name) as Graph];
  it.each([
    ["resnet18", network("specs/resnet18.resnet", "ResNet18")] as const,
    ["resnet50", network("specs/resnet50.resnet", "ResNet50")] as const,
    ["resnext50_32x4d", network("specs/resnext50.resnet", "ResNeXt50")] as const,
    ...timm("ResNet18d").map((graph) => ["timm.resnet18d", graph] as const),
    ...timm("ResNet50d").map((graph) => ["timm.resnet50d", graph] as const),
    ...timm("SEResNet50").map((graph) => ["timm.seresnet50", graph] as const),
  ])(
    "%s takes our weights strictly and gives ours its own, to the same logits",
    async (architecture, graph) => {
      // Gates spread it: with these weights PyTorch's own logits in float32 are 9e-5 from its own in float64.
      const rounding = graph.name.startsWith("SE") ? 2e-4 : 2e-5;
      const folder = await temporaryFolder();
      const files = {
        ours: join(folder, "ours.safetensors"),
        theirs: join(folder, "theirs.safetensors"),
        images: join(folder, "images.bin"),
      };
      const weights = someWeights(graph);
      const checkpoint = join(folder, "checkpoint.safetensors");
      const named = [...weights].map(([key, tensor]) => [`weights/${key}`, tensor] as const);
      const state = { step: 3, tensors: new Map(named) };
      await writeCheckpoint(checkpoint, { ...smallCheckpoint(1), graph, state });
      await exportWeights(graph, { names: "torchvision", path: files.ours, checkpoint });
      await writeFile(files.images, new Uint8Array(images.buffer));

      const there = runTorchvision(architecture, files, count);
      expect(there.same).toBe(true);
      expect(difference(await logits(graph, weights), there.ours)).toBeLessThan(rounding);
      const theirs = await openWeights(files.theirs, graph);
      expect(theirs.report.names).toBe("torchvision");
      expect(difference(await logits(graph, theirs.weights), there.theirs)).toBeLessThan(rounding);
    },
    300_000,
  );
});
