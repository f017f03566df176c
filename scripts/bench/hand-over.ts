/**
 * Measures what a training step on webgpu takes of the processor, on Dawn's device that computes nothing: so much
 * at least it takes on any GPU, however fast.
 */
import { restoreStockKernels } from "../../src/engines/tfjs/register-gradients.js";
import { openSession, type TfjsSessionOptions } from "../../src/engines/tfjs/session.js";
import { plainRunner } from "../../src/engines/tfjs/step-runner.js";
import { recordSteps, startWebgpu } from "../../src/engines/tfjs/webgpu-backend.js";
import { listen } from "../../src/engines/tfjs/webgpu/commands.js";
import { resolveWebgpu } from "../../src/engines/webgpu/library.js";
import { Flight } from "../../src/train/flight.js";
import { median, table } from "./measure.js";
import { graphOf, randomBatch, recipeOf, resnet20, type Case } from "./train/cases.js";

const rounds = 5;
const stepsPerRound = 40;
/** Until shaders are made, and steps recorded. */
const warmSteps = 10;

const cifar: Case = { ...resnet20, batch: 2 };
const cases: readonly Case[] = [
  { ...cifar, title: "CIFAR ResNet-20" },
  { ...cifar, title: "CIFAR ResNet-56", network: "ResNet56" },
  {
    ...cifar,
    title: "ResNet-18",
    spec: "specs/resnet18.resnet",
    network: "ResNet18",
    batch: 1,
    extent: 224,
  },
];

export async function benchHandOver(): Promise<string> {
  const entry = resolveWebgpu();
  if (entry === undefined) return "handing steps to a GPU: not measured, webgpu is not installed";
  const device = await startWebgpu(entry, {
    name: "Null backend",
    backend: "null",
    vendor: "",
    architecture: "",
    driver: "",
    kind: "software",
  });
  const recorded: number[] = [];
  const ours: number[] = [];
  const stock: number[] = [];
  for (const of of cases) recorded.push(await milliseconds(of, recordSteps));
  for (const of of cases) ours.push(await milliseconds(of, () => plainRunner));
  const shaders: number[] = [];
  for (const of of cases) shaders.push(await shadersOf(of, device.device));
  restoreStockKernels();
  for (const of of cases) stock.push(await milliseconds(of, () => plainRunner));
  if (device.failure !== undefined) throw device.failure;
  device.release();
  const rows = cases.map(({ title }, index) => {
    const [slow = NaN, plain = NaN, fast = NaN] = [stock[index], ours[index], recorded[index]];
    const figures = [slow, plain, fast, slow / fast].map((value) => value.toFixed(1));
    return [title, String(shaders[index]), ...figures];
  });
  return table([
    [
      "the processor's part of a step on webgpu (ms)",
      "our shaders",
      "stock kernels",
      "ours",
      "ours, recorded",
      "ratio",
    ],
    ...rows,
  ]);
}

/** How many shaders a step takes. */
async function shadersOf(of: Case, device: GPUDevice): Promise<number> {
  const graph = graphOf(of);
  const session = await openSession("webgpu", graph, { recipe: recipeOf(of), stepsPerEpoch: 1000 });
  await session.initialise(1);
  const batch = randomBatch(graph, of, 1);
  await session.step(batch);
  let count = 0;
  const stop = listen(device, {
    command: ({ kind }) => {
      if (kind === "shader") count++;
    },
    buffer: () => undefined,
  });
  await session.step(batch);
  stop();
  session.dispose();
  return count;
}

/** Milliseconds of processor time of a step, in all threads; the median of rounds. */
async function milliseconds(
  of: Case,
  runner: NonNullable<TfjsSessionOptions["runner"]>,
): Promise<number> {
  const graph = graphOf(of);
  const options = { recipe: recipeOf(of), stepsPerEpoch: 1000, runner };
  const session = await openSession("webgpu", graph, options);
  await session.initialise(1);
  const batch = randomBatch(graph, of, 1);
  const run = async (steps: number): Promise<void> => {
    const flight = new Flight();
    for (let step = 0; step < steps; step++) {
      flight.give(session.step(batch));
      if (flight.isFull) await flight.land();
    }
    while (!flight.isEmpty) await flight.land();
  };
  await run(warmSteps);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    await run(stepsPerRound);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000 / stepsPerRound);
  }
  session.dispose();
  return median(times);
}
