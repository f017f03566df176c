/** Measures the tfjs backend: lowering ResNet-50, and training ResNet-20 on wasm. */
import { check } from "../../src/check/check.js";
import { selectEngine } from "../../src/engines/registry.js";
import type { Graph } from "../../src/graph/graph.js";
import { NodeHost } from "../../src/host/node-host.js";
import { randomUniform } from "../../src/random/random.js";
import { median, peakMegabytes, table } from "./measure.js";

function checkedGraph(spec: string, name: string): Graph {
  const { networks } = check(spec, new NodeHost(), { network: name });
  const graph = networks[0]?.graph;
  if (graph === undefined) throw new Error(`${spec} does not check`);
  return graph;
}

/** Building and verifying the tf.LayersModel of ResNet-50, without initial weights. */
export async function benchLowering(tiny: boolean): Promise<string> {
  const runs = tiny ? 1 : 5;
  const { startCpu } = await import("../../src/engines/tfjs/cpu-backend.js");
  const { buildModel } = await import("../../src/backends/tfjs/model.js");
  await startCpu();
  const graph = checkedGraph("specs/resnet50.resnet", "ResNet50");
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    const { model } = buildModel(graph);
    const elapsed = performance.now() - start;
    model.dispose();
    return elapsed;
  });
  return table([
    ["lowering ResNet-50 to tf.layers", "first (ms)", `median of ${runs} (ms)`, "peak memory (MB)"],
    ["", (times[0] ?? 0).toFixed(0), median(times).toFixed(0), peakMegabytes().toFixed(0)],
  ]);
}

/** Whole optimizer steps of ResNet-20 on wasm with random images: images/s. */
export async function benchTraining(tiny: boolean): Promise<string> {
  const [batch, steps] = tiny ? [2, 2] : [128, 6];
  const spec = "specs/resnet-cifar10.resnet";
  const graph = checkedGraph(spec, "ResNet20");
  const recipe = check(spec, new NodeHost()).recipes.find(({ name }) => name === "resnet20");
  if (recipe === undefined) throw new Error(`${spec} has no recipe resnet20`);
  const { engine } = await selectEngine("wasm");
  const session = await engine.open(graph, { recipe, stepsPerEpoch: 391 });
  await session.initialise(1);
  const shape = [batch, 32, 32, 3] as const;
  const images = Float32Array.from({ length: batch * 3072 }, (_, i) => randomUniform(1, i) - 0.5);
  const labels = Int32Array.from({ length: batch }, (_, i) => i % 10);
  const times: number[] = [];
  for (let step = 0; step < steps; step++) {
    const start = performance.now();
    await session.step({ images, shape, labels });
    if (step > 0) times.push(performance.now() - start);
  }
  session.dispose();
  const rate = (batch / median(times)) * 1000;
  return table([
    [`training on wasm, batch ${batch}`, "images/s", "peak memory (MB)"],
    ["CIFAR ResNet-20, SGD with momentum", rate.toFixed(1), peakMegabytes().toFixed(0)],
  ]);
}
