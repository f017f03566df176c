/** One measurement in a process of its own: whole training steps of one network on one engine. */
import { oneHot, setBackend, tensor1d, tensor4d, tidy, train } from "@tensorflow/tfjs-core";
import { check } from "../../../src/check/check.js";
import type { EngineName } from "../../../src/engines/engine.js";
import { selectEngine } from "../../../src/engines/registry.js";
import { NodeHost } from "../../../src/host/node-host.js";
import { randomUniform } from "../../../src/random/random.js";
import { recipeDefaults } from "../../../src/recipe/recipe.js";
import { median, peakMegabytes } from "../measure.js";
import { startStock } from "./stock-backends.js";
import { stockNetworks } from "./stock-networks.js";

export interface Job {
  /** `ours`: the engine, from the spec. `stock`: written by hand with tf.layers on its backend. */
  readonly code: "ours" | "stock";
  readonly engine: EngineName;
  readonly network: keyof typeof stockNetworks;
  readonly batch: number;
  readonly steps: number;
}

export interface Measured {
  readonly imagesPerSecond: number;
  readonly peakMegabytes: number;
}

const networks = {
  ResNet20: { spec: "specs/resnet-cifar10.resnet", extent: 32, classes: 10 },
  ResNet18: { spec: "specs/resnet18.resnet", extent: 224, classes: 1000 },
} as const;

/** The first step, in which everything is made, is not counted. */
export async function runJob(job: Job): Promise<Measured> {
  const step = job.code === "ours" ? await ourStep(job) : await stockStep(job);
  await step();
  const times: number[] = [];
  for (let i = 0; i < job.steps; i++) {
    const began = performance.now();
    await step();
    times.push(performance.now() - began);
  }
  return {
    imagesPerSecond: (job.batch / median(times)) * 1000,
    peakMegabytes: peakMegabytes(),
  };
}

function randomImages({ network, batch }: Job) {
  const { extent, classes } = networks[network];
  const images = Float32Array.from(
    { length: batch * extent * extent * 3 },
    (_, i) => randomUniform(1, i) - 0.5,
  );
  const labels = Int32Array.from({ length: batch }, (_, i) => i % classes);
  return { images, shape: [batch, extent, extent, 3] as const, labels };
}

async function ourStep(job: Job): Promise<() => Promise<unknown>> {
  const { spec } = networks[job.network];
  const graph = check(spec, new NodeHost(), { network: job.network }).networks[0]?.graph;
  if (graph === undefined) throw new Error(`${spec} does not check`);
  const { engine } = await selectEngine(job.engine);
  const recipe = {
    ...recipeDefaults,
    name: "bench",
    network: job.network,
    data: { kind: "random", options: {} },
    optimizer: { kind: "sgd", rate: 0.01, momentum: 0.9, nesterov: false, decay: 1e-4 },
    batch: job.batch,
    epochs: 1,
  } as const;
  const session = await engine.open(graph, { recipe, stepsPerEpoch: 100 });
  await session.initialise(1);
  const batch = randomImages(job);
  return () => session.step(batch);
}

async function stockStep(job: Job): Promise<() => Promise<unknown>> {
  const backend = await startStock(job.engine);
  await setBackend(backend);
  const model = stockNetworks[job.network]();
  model.compile({
    optimizer: train.momentum(0.01, 0.9),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const { images, shape, labels } = randomImages(job);
  const { classes } = networks[job.network];
  const [x, y] = tidy(() => [
    tensor4d(images, [...shape]),
    oneHot(tensor1d(labels, "int32"), classes),
  ]);
  return () => model.trainOnBatch(x, y);
}
