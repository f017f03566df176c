/**
 * Measures how fast batches are made, by the loop's own thread and by threads aside, alone and beside
 * training steps that want the cores too. The ways take turns, so that a busy machine slows all alike.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { check } from "../../src/check/check.js";
import type { Engine, Session } from "../../src/engines/engine.js";
import { selectEngine } from "../../src/engines/registry.js";
import type { Graph } from "../../src/graph/graph.js";
import { NodeHost } from "../../src/host/node-host.js";
import { randomBelow } from "../../src/random/random.js";
import type { DataReference, Recipe } from "../../src/recipe/recipe.js";
import { batches, epochOrder } from "../../src/train/data/batches.js";
import type { DataSet } from "../../src/train/data/data-set.js";
import { openDataSet } from "../../src/train/data/open-data-set.js";
import { drawShape } from "../../src/train/data/shapes.js";
import { Flight } from "../../src/train/flight.js";
import { Throughput } from "../../src/train/throughput.js";
import { median, table } from "./measure.js";

/** Threads aside from the loop's; 0 is the loop's own. */
const ways = [0, 1, 2] as const;

interface Effort {
  readonly rounds: number;
  /** Batches that are made alone, at most. */
  readonly alone: number;
  /** Steps that are trained, at most. */
  readonly steps: number;
  /** Of each of CIFAR's files. */
  readonly records: number;
  /** Of the folder. */
  readonly images: number;
  /** The most images of a batch. */
  readonly batch: number;
}

const whole: Effort = {
  ...{ rounds: 3, alone: Infinity, steps: Infinity },
  ...{ records: 4000, images: 640, batch: Infinity },
};
const little: Effort = { rounds: 1, alone: 2, steps: 1, records: 16, images: 32, batch: 8 };

interface Case {
  readonly name: string;
  readonly reference: DataReference;
  readonly recipe: Recipe;
  /** Batches for a measurement. */
  readonly alone: number;
  /** What is trained on them, for how many steps; nothing where left out. */
  readonly training?: { readonly graph: Graph; readonly steps: number };
}

/** Images per second, and the share of the time that was spent waiting for data. */
interface Speed {
  readonly rate: number;
  readonly waiting: number;
}

/** @param tiny few images of each kind, and few batches of them. */
export async function benchData(tiny: boolean): Promise<string> {
  const effort = tiny ? little : whole;
  const folder = mkdtempSync(join(tmpdir(), "resnetc-bench-"));
  try {
    const rows: string[][] = [];
    const cases = [
      shapesCase(),
      cifarCase(folder, effort.records),
      ...(await folderCases(folder, effort.images)),
    ];
    for (const { recipe, ...each } of cases) {
      const batch = Math.min(recipe.batch, effort.batch);
      rows.push(...(await measure({ ...each, recipe: { ...recipe, batch } }, effort)));
    }
    const title = ["making batches (images/s)", "no threads", "1 thread", "2 threads"];
    return table([title, ...rows]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(each: Case, effort: Effort): Promise<string[][]> {
  const { rounds } = effort;
  const made = Math.min(each.alone, effort.alone);
  const alone = await inTurns(each, rounds, (data) => makeBatches(each, data, made));
  const rows = [[each.name, ...alone.map(({ rate }) => rate.toFixed(0))]];
  if (each.training === undefined) return rows;
  const { graph } = each.training;
  const steps = Math.min(each.training.steps, effort.steps);
  const { engine } = await selectEngine("onnx");
  const training = await inTurns(each, rounds, (data) =>
    trainSteps(each, data, engine, graph, steps),
  );
  const told = training.map(
    ({ rate, waiting }) => `${rate.toFixed(0)} (${(100 * waiting).toFixed(1)}%)`,
  );
  return [...rows, [`  training ${graph.name} on onnx (waiting)`, ...told]];
}

/** The medians of every way, measured in turn. */
async function inTurns(
  { reference }: Case,
  rounds: number,
  run: (data: DataSet) => Promise<Speed>,
): Promise<Speed[]> {
  const speeds = ways.map((): Speed[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [position, threads] of ways.entries()) {
      const data = await openDataSet(reference, { threads });
      try {
        speeds[position]?.push(await run(data));
      } finally {
        await data.close();
      }
    }
  }
  return speeds.map((of) => ({
    rate: median(of.map(({ rate }) => rate)),
    waiting: median(of.map(({ waiting }) => waiting)),
  }));
}

/** The first batches warm up: threads start, code is compiled. */
const warmup = 2;

function epoch({ recipe }: Case, { train }: DataSet, count: number, onWait?: (ms: number) => void) {
  const { batch, preprocess, augment, seed } = recipe;
  const images = epochOrder(seed, 0, train.size, true).subarray(0, (count + warmup) * batch);
  const order = Uint32Array.from(images);
  const options = { order, from: 0, batch, preprocess, augment, seed, epoch: 0 };
  return batches(train, { ...options, ...(onWait && { onWait }) });
}

async function makeBatches(each: Case, data: DataSet, batches: number): Promise<Speed> {
  let begun = 0;
  let made = 0;
  let count = 0;
  for await (const { labels } of epoch(each, data, batches)) {
    if (count++ === warmup) begun = performance.now();
    else if (count > warmup) made += labels.length;
  }
  return { rate: made / ((performance.now() - begun) / 1000), waiting: 1 };
}

/** Steps as the loop takes them: one is given while another is under way. */
async function trainSteps(
  each: Case,
  data: DataSet,
  engine: Engine,
  graph: Graph,
  steps: number,
): Promise<Speed> {
  const session: Session = await engine.open(graph, { recipe: each.recipe, stepsPerEpoch: 1000 });
  try {
    await session.initialise(1);
    const throughput = new Throughput();
    const flight = new Flight();
    let count = 0;
    const land = async (): Promise<void> => throughput.took((await flight.land()).count);
    const waited = (milliseconds: number): void => throughput.waited(milliseconds / 1000);
    for await (const batch of epoch(each, data, steps, waited)) {
      flight.give(session.step(batch));
      if (flight.isFull) await land();
      if (count++ === warmup) throughput.begin();
    }
    while (!flight.isEmpty) await land();
    const { imagesPerSecond = 0, waiting = 0 } = throughput.ofEpoch;
    return { rate: imagesPerSecond, waiting };
  } finally {
    session.dispose();
  }
}

function checked(spec: string, network: string): Graph {
  const graph = check(spec, new NodeHost(), { network }).networks[0]?.graph;
  if (graph === undefined) throw new Error(`${spec} does not check`);
  return graph;
}

function recipeOf(spec: string, name: string): Recipe {
  const recipe = check(spec, new NodeHost()).recipes.find((each) => each.name === name);
  if (recipe === undefined) throw new Error(`${spec} has no recipe ${name}`);
  return recipe;
}

const quickstart = "specs/quickstart.resnet";
const cifar = "specs/resnet-cifar10.resnet";

function shapesCase(): Case {
  return {
    name: "drawn shapes, 32x32",
    reference: { kind: "shapes", options: { size: 32, train: 20_000, validation: 0 } },
    recipe: recipeOf(quickstart, "quickstart"),
    alone: 80,
    training: { graph: checked(quickstart, "Quick"), steps: 30 },
  };
}

/** CIFAR-10's published files are read a record at a time, so what the bytes are makes no difference. */
function cifarCase(root: string, count: number): Case {
  const path = join(root, "cifar");
  mkdirSync(path);
  const records = (key: number): Uint8Array =>
    Uint8Array.from({ length: count * 3073 }, (_, i) =>
      i % 3073 === 0 ? randomBelow(key, i, 10) : (i * 7) % 251,
    );
  const names = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`);
  [...names, "test_batch.bin"].forEach((name, i) => writeFileSync(join(path, name), records(i)));
  writeFileSync(join(path, "batches.meta.txt"), [..."abcdefghij"].join("\n"));
  return {
    name: "CIFAR-10, crop and flip",
    reference: { kind: "cifar10", path, options: {} },
    recipe: recipeOf(cifar, "resnet20"),
    alone: 120,
    training: { graph: checked(cifar, "ResNet20"), steps: 2 },
  };
}

/** Photographs' size in pixels and in bytes: 500x375, about 100 KB, drawn with noise. */
async function folderCases(root: string, count: number): Promise<readonly Case[]> {
  const path = join(root, "images");
  for (const label of [0, 1]) mkdirSync(join(path, `class${label}`), { recursive: true });
  for (let i = 0; i < count; i++) {
    const { pixels } = drawShape(i % 2, 500, i);
    await sharp(pixels, { raw: { width: 500, height: 500, channels: 3 } })
      .resize(500, 375, { fit: "cover" })
      .jpeg({ quality: 90 })
      .toFile(join(path, `class${i % 2}`, `${i}.jpg`));
  }
  const reference: DataReference = { kind: "folder", path, options: { validation: 0 } };
  const of = (resize: number, crop: number): Recipe => ({
    ...recipeOf(quickstart, "quickstart"),
    preprocess: [
      { kind: "resize", height: resize, width: resize },
      { kind: "normalize", mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    ],
    augment: [{ kind: "crop", height: crop, width: crop, padding: 0 }, { kind: "flip" }],
    batch: 16,
  });
  return [
    { name: "JPEGs to 256, crop 224", reference, recipe: of(256, 224), alone: 30 },
    {
      name: "JPEGs to 36, crop 32",
      reference,
      recipe: of(36, 32),
      alone: 30,
      training: { graph: checked(quickstart, "Quick"), steps: 30 },
    },
  ];
}
