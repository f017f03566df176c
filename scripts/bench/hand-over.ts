/**
 * Measures what a training step and a prediction on webgpu take of the processor, on Dawn's device that computes
 * nothing: so much at least they take on any GPU, however fast.
 */
import type { Batch, Session } from "../../src/engines/engine.js";
import { restoreStockKernels } from "../../src/engines/tfjs/register-gradients.js";
import { openSession, type TfjsSessionOptions } from "../../src/engines/tfjs/session.js";
import { plainRunner } from "../../src/engines/tfjs/work-runner.js";
import { recordWork, startWebgpu } from "../../src/engines/tfjs/webgpu-backend.js";
import { listen } from "../../src/engines/tfjs/webgpu/commands.js";
import { resolveWebgpu } from "../../src/engines/webgpu/library.js";
import { median, table } from "./measure.js";
import { graphOf, randomBatch, recipeOf, resnet20, type Case } from "./train/cases.js";

interface Effort {
  readonly rounds: number;
  readonly timesPerRound: number;
  /** Until shaders are made, and the work is recorded. */
  readonly warmTimes: number;
}

const whole: Effort = { rounds: 5, timesPerRound: 40, warmTimes: 10 };
const little: Effort = { rounds: 1, timesPerRound: 2, warmTimes: 6 };

const cifar: Case = { ...resnet20, batch: 2 };
const allCases: readonly Case[] = [
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

/** @param tiny the first network alone, a few times. */
export async function benchHandOver(tiny: boolean): Promise<string> {
  const [cases, effort] = tiny ? [allCases.slice(0, 1), little] : [allCases, whole];
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
  const [train, predict] = [
    { recorded: [] as number[], ours: [] as number[], stock: [] as number[] },
    { recorded: [] as number[], ours: [] as number[], stock: [] as number[] },
  ];
  const measure = async (way: "recorded" | "ours" | "stock", runner: Runner): Promise<void> => {
    for (const of of cases) {
      train[way].push(await milliseconds(of, runner, step, effort));
      predict[way].push(await milliseconds(of, runner, prediction, effort));
    }
  };
  await measure("recorded", recordWork);
  await measure("ours", () => plainRunner);
  const shaders: number[] = [];
  for (const of of cases) shaders.push(await shadersOf(of, device.device));
  restoreStockKernels();
  await measure("stock", () => plainRunner);
  if (device.failure !== undefined) throw device.failure;
  device.release();
  const head = ["stock kernels", "ours", "ours, recorded", "ratio"];
  const figures = (of: typeof train, index: number): string[] => {
    const [slow = NaN, plain = NaN, fast = NaN] = [of.stock, of.ours, of.recorded].map(
      (values) => values[index],
    );
    return [slow, plain, fast, slow / fast].map((value) => value.toFixed(1));
  };
  return [
    table([
      ["the processor's part of a step on webgpu (ms)", "our shaders", ...head],
      ...cases.map(({ title }, i) => [title, String(shaders[i]), ...figures(train, i)]),
    ]),
    table([
      ["the processor's part of a prediction on webgpu (ms)", ...head],
      ...cases.map(({ title }, i) => [title, ...figures(predict, i)]),
    ]),
  ].join("\n\n");
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

type Asked = (session: Session, batch: Batch) => Promise<unknown>;
type Runner = NonNullable<TfjsSessionOptions["runner"]>;

const step: Asked = (session, batch) => session.step(batch);
const prediction: Asked = (session, { images, shape }) => session.predict(images, shape);

/** Milliseconds of processor time of what is asked, in all threads; the median of rounds. */
async function milliseconds(
  of: Case,
  runner: Runner,
  asked: Asked,
  { rounds, timesPerRound, warmTimes }: Effort,
): Promise<number> {
  const graph = graphOf(of);
  const options = { recipe: recipeOf(of), stepsPerEpoch: 1000, runner };
  const session = await openSession("webgpu", graph, options);
  await session.initialise(1);
  const batch = randomBatch(graph, of, 1);
  const run = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) await asked(session, batch);
  };
  await run(warmTimes);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    await run(timesPerRound);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000 / timesPerRound);
  }
  session.dispose();
  return median(times);
}
