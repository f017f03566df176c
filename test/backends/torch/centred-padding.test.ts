/**
 * A shortcut that pads on both sides is written here as a projection whose kernel puts every channel in the
 * middle and whose batch norm does nothing, and must give the logits of one that pads at the end.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { torchNames } from "../../../src/backends/torch/names.js";
import { toTorch } from "../../../src/backends/torch/layout.js";
import { openWeights } from "../../../src/api/given-weights.js";
import { openNetworkSession } from "../../../src/api/trained.js";
import type { NamedTensor } from "../../../src/engines/engine.js";
import type { Graph } from "../../../src/graph/graph.js";
import { encodeSafetensors } from "../../../src/train/safetensors.js";
import { graphOf } from "../../graph/checked.js";
import { normal } from "../../reference/array.js";
import { temporaryFolder } from "../../train/temporary-folder.js";
import { someWeights } from "../onnx/inference-run.js";

const cifar = (option: string): Graph =>
  graphOf(`
import { CifarResNet } from "specs/resnet-cifar10"
network Net = CifarResNet(2, option: ${option})`);

const [padding, projecting] = [cifar("pad"), cifar("project")];
const images = Float32Array.from(normal([2, 32, 32, 3], "images").data);

async function logits(graph: Graph, weights: ReadonlyMap<string, NamedTensor>): Promise<number[]> {
  const { session } = await openNetworkSession(graph, weights, { engine: "wasm" });
  try {
    const heads = await session.predict(images, [2, 32, 32, 3]);
    return [...(heads.get("classify")?.data ?? [])];
  } finally {
    session.dispose();
  }
}

/** Puts channel i of `from` at (to - from) / 2 + i. */
function centring([, , from = 0, to = 0]: readonly number[]): NamedTensor {
  const data = new Float32Array(from * to);
  for (let i = 0; i < from; i++) data[i * to + (to - from) / 2 + i] = 1;
  return { shape: [1, 1, from, to], data };
}

test("weights of networks that pad on both sides give the same logits here", async () => {
  const theirs = someWeights(projecting);
  for (const [key, { shape }] of theirs) {
    if (!key.includes(".shortcut.")) continue;
    const epsilon = 1e-5;
    const parameter = key.slice(key.lastIndexOf(".") + 1);
    const value = { gamma: Math.sqrt(1 + epsilon), moving_variance: 1 }[parameter] ?? 0;
    const vector = { shape, data: new Float32Array(shape[0] ?? 0).fill(value) };
    theirs.set(key, parameter === "kernel" ? centring(shape) : vector);
  }
  const tensors = new Map<string, NamedTensor>();
  for (const { key, name, kind } of torchNames(padding).tensors) {
    const named = `module.${name.replace(/^fc/, "linear")}`;
    tensors.set(named, toTorch(kind, theirs.get(key) as NamedTensor));
  }
  const path = join(await temporaryFolder(), "published.safetensors");
  await writeFile(path, Buffer.concat(encodeSafetensors({ metadata: new Map(), tensors })));

  const { weights, report } = await openWeights(path, padding);
  expect(report.notes.join()).toContain("pad on both sides of the channels there");
  const expected = await logits(projecting, theirs);
  const found = await logits(padding, weights);
  const largest = Math.max(...expected.map(Math.abs));
  found.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] ?? Number.NaN))).toBeLessThan(1e-5 * largest);
  });
  // In the order of the file they would be other logits.
  const order = new Map([...weights.keys()].map((key) => [key, theirs.get(key) as NamedTensor]));
  const others = await logits(padding, order);
  expect(
    Math.max(...others.map((value, i) => Math.abs(value - (expected[i] ?? 0)))),
  ).toBeGreaterThan(1e-2 * largest);
});
