import { copyFile, mkdtemp, readdir, readFile, rm, truncate } from "node:fs/promises";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Recipe } from "../../src/recipe/recipe.js";
import {
  readCheckpoint,
  readRunHead,
  writeCheckpoint,
  type Checkpoint,
} from "../../src/train/checkpoint.js";
import type { Outcome } from "../../src/train/data/batch-maker.js";
import { DataError, type DataSet } from "../../src/train/data/data-set.js";
import { CheckpointError, TrainingError } from "../../src/train/errors.js";
import type { TrainEvent, TrainResult } from "../../src/train/events.js";
import type { EpochRecord } from "../../src/train/history.js";
import { train, type TrainOptions } from "../../src/train/loop.js";
import { runFiles } from "../../src/train/run-folder.js";
import { lockRunFolder } from "../../src/train/run-lock.js";
import { colouredSquares } from "./coloured-squares.js";
import { timeless } from "./outcome.js";
import { smallGraph, smallRecipe } from "./small-network.js";
import { softmaxRegression } from "./softmax-regression.js";
import { temporaryFolder } from "./temporary-folder.js";

function optionsFor(folder: string, more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    graph: smallGraph(4, 3),
    recipe: smallRecipe(),
    dataSet: colouredSquares(),
    engine: softmaxRegression,
    folder,
    version: "0.0.0-test",
    ...more,
  };
}

/** Trains until an event is of this kind, and interrupts there. */
async function trainUntil(
  options: TrainOptions,
  isThere: (event: TrainEvent) => boolean,
): Promise<TrainResult> {
  const controller = new AbortController();
  return train({
    ...options,
    signal: controller.signal,
    onEvent: (event) => {
      if (isThere(event)) controller.abort();
    },
  });
}

/** What must not depend on how a run was interrupted: everything but the time it took. */
async function outcomeOf(folder: string): Promise<unknown> {
  const { last, best, history } = runFiles(folder);
  const withoutTime = ({ progress, ...rest }: Checkpoint) => ({
    ...rest,
    progress: {
      ...progress,
      seconds: 0,
      history: progress.history.map(timeless),
    },
  });
  const lines = (await readFile(history, "utf8")).trim().split("\n");
  return {
    last: withoutTime(await readCheckpoint(last)),
    best: withoutTime(await readCheckpoint(best)),
    history: lines.map((line) => timeless(JSON.parse(line) as object)),
  };
}

const withAccuracy = (validationAccuracy: number) => (record: EpochRecord) => ({
  ...record,
  validationAccuracy,
});

const isStep = (epoch: number, step: number) => (event: TrainEvent) =>
  event.kind === "step" && event.epoch === epoch && event.step === step;

test("a run whose folder another has taken over writes nothing more there", async () => {
  const folder = await temporaryFolder();
  const { lock, last } = runFiles(folder);
  const another = JSON.stringify({ host: "elsewhere", pid: 7, started: "" });
  let kept: Buffer | undefined;
  const options = optionsFor(folder, {
    onEvent: (event) => {
      if (event.kind !== "epoch" || kept !== undefined) return;
      kept = readFileSync(last);
      writeFileSync(lock, another);
    },
  });
  await expect(train(options)).rejects.toThrow("process 7 on elsewhere has taken over");
  expect(await readFile(last)).toEqual(kept);
  expect(await readFile(lock, "utf8")).toBe(another);
});

/** A run whose last epoch, at a much higher rate, is not its best one. */
function unsteady(folder: string, more: Partial<TrainOptions> = {}): TrainOptions {
  const schedule = { kind: "step", at: [2], factor: 10_000, warmup: 1 } as const;
  return optionsFor(folder, { recipe: smallRecipe({ schedule }), ...more });
}

describe("an interrupted run", () => {
  let unbroken: unknown;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "resnetc-"));
    const result = await train(unsteady(folder));
    expect(result.outcome).toBe("finished");
    // The best epoch is not the last, so that a run that forgot it would show.
    expect(result.best?.epoch).toBe(2);
    unbroken = await outcomeOf(folder);
    await rm(folder, { recursive: true });
  });

  test.each<[string, (event: TrainEvent) => boolean, [epoch: number, position: number]]>([
    ["before the first step", (event) => event.kind === "start", [0, 0]],
    // A step more is under way by then, and is finished.
    ["after the first step", isStep(1, 1), [0, 2]],
    ["within the second epoch", isStep(2, 2), [1, 3]],
    ["at the last step of an epoch", isStep(2, 4), [1, 4]],
    [
      "within a validation",
      (event) => event.kind === "validation" && event.epoch === 2 && event.done === 16,
      [1, 4],
    ],
    ["between two epochs", (event) => event.kind === "epoch" && event.record.epoch === 2, [2, 0]],
    ["while it writes a checkpoint", (event) => event.kind === "checkpoint", [1, 0]],
    ["at the very last step", isStep(3, 4), [2, 4]],
  ])("%s goes on to the same numbers", async (_, isThere, place) => {
    const folder = await temporaryFolder();
    const interrupted = await trainUntil(unsteady(folder), isThere);
    expect(interrupted.outcome).toBe("interrupted");
    expect([interrupted.epoch, interrupted.position]).toEqual(place);
    expect(interrupted.advice).toContain("--resume");
    expect(interrupted.advice).toContain(folder);
    const resumed = await train(unsteady(folder, { resume: true }));
    expect(resumed.outcome).toBe("finished");
    expect(await outcomeOf(folder)).toEqual(unbroken);
  });

  test("again and again comes to the same numbers", async () => {
    const folder = await temporaryFolder();
    const isAnyStep = (event: TrainEvent) => event.kind === "step";
    let result = await trainUntil(unsteady(folder), isAnyStep);
    let resumes = 0;
    for (; result.outcome === "interrupted"; resumes++) {
      result = await trainUntil(unsteady(folder, { resume: true }), isAnyStep);
    }
    expect(resumes).toBe(6);
    expect(await outcomeOf(folder)).toEqual(unbroken);
  });

  test.each<[string, (event: TrainEvent) => boolean]>([
    ["within an epoch", isStep(2, 3)],
    ["within a validation", (event) => event.kind === "validation" && event.epoch === 3],
    ["between a checkpoint and the history", (event) => event.kind === "checkpoint"],
    ["just before the end", (event) => event.kind === "epoch" && event.record.epoch === 3],
  ])("that crashes %s goes on from its last checkpoint", async (_, isThere) => {
    const folder = await temporaryFolder();
    const crash = new Error("pulled the plug");
    const onEvent = (event: TrainEvent) => {
      if (isThere(event)) throw crash;
    };
    const crashing = train(unsteady(folder, { checkpointMinutes: 0, onEvent }));
    await expect(crashing).rejects.toBe(crash);
    await train(unsteady(folder, { resume: true }));
    expect(await outcomeOf(folder)).toEqual(unbroken);
  });

  test("whose last checkpoint is damaged goes on from that of the best epoch, as it is told", async () => {
    const folder = await temporaryFolder();
    await trainUntil(unsteady(folder), isStep(3, 2));
    const { last, best } = runFiles(folder);
    await truncate(last, 400);
    const resumed = unsteady(folder, { resume: true });
    await expect(train(resumed)).rejects.toMatchObject({
      name: "CheckpointError",
      help: `to go on from the best epoch, put a copy of ${best} in its place`,
    });
    await copyFile(best, last);
    expect((await train(resumed)).outcome).toBe("finished");
    expect(await outcomeOf(folder)).toEqual(unbroken);
  });

  test("says where it goes on, and has nothing to do once it is finished", async () => {
    const folder = await temporaryFolder();
    await trainUntil(unsteady(folder), isStep(2, 2));
    const events: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => void events.push(event);
    await train(unsteady(folder, { resume: true, onEvent }));
    expect(events[0]).toMatchObject({ kind: "start", resumed: { epoch: 1, position: 3 } });
    expect(events[1]).toMatchObject({ kind: "step", epoch: 2, step: 4 });
    events.length = 0;
    const again = await train(unsteady(folder, { resume: true, onEvent }));
    expect(again.outcome).toBe("finished");
    expect(again.advice).toContain("--epochs");
    expect(events.map(({ kind }) => kind)).toEqual(["start", "end"]);
    expect(await outcomeOf(folder)).toEqual(unbroken);
  });
});

describe("a run", () => {
  test("is its seed's: equal seeds give equal runs, others do not", async () => {
    const [one, two, other] = await Promise.all(
      [13, 13, 8].map(async (seed) => {
        const folder = await temporaryFolder();
        await train(optionsFor(folder, { recipe: smallRecipe({ seed }) }));
        return (await outcomeOf(folder)) as { last: Checkpoint };
      }),
    );
    expect(one).toEqual(two);
    expect(one?.last.state.tensors).not.toEqual(other?.last.state.tensors);
  });

  test("learns, and tells of it in order", async () => {
    const folder = await temporaryFolder();
    const events: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => void events.push(event);
    const recipe = smallRecipe({ epochs: 6 });
    const { history, best } = await train(optionsFor(folder, { recipe, onEvent }));
    const epoch = ["step", "step", "step", "step", "validation", "validation"];
    const kinds = events.map((event) => (event.kind === "checkpoint" ? event.which : event.kind));
    expect(kinds.slice(0, 10)).toEqual(["start", ...epoch, "best", "last", "epoch"]);
    expect(kinds.at(-1)).toBe("end");
    expect(events[0]).toMatchObject({
      network: "Small",
      engine: "cpu",
      folder,
      stepsPerEpoch: 4,
      trainImages: 50,
      validationImages: 20,
      changes: [],
    });
    expect(history.slice(0, 3).map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 4],
      [2, 8],
      [3, 12],
    ]);
    expect(history.at(-1)?.trainLoss).toBeLessThan(history[0]?.trainLoss ?? 0);
    expect(history.at(-1)?.validationAccuracy).toBeGreaterThan(0.6);
    expect(best?.measure).toBe("validation accuracy");
    expect(best?.value).toBe(Math.max(...history.map((one) => one.validationAccuracy ?? 0)));
    expect(history[2]?.rate).toBeCloseTo(0.005);
    for (const event of events) {
      if (event.kind !== "step") continue;
      expect(event.imagesPerSecond).toBeGreaterThan(0);
      expect(event.secondsLeft).toBeGreaterThan(0);
    }
    expect((await readdir(folder)).sort()).toEqual([
      "best.safetensors",
      "history.jsonl",
      "last.safetensors",
    ]);
  });

  test("without images for validation takes the training loss for its measure", async () => {
    const folder = await temporaryFolder();
    const dataSet = colouredSquares({ validation: 0 });
    const { history, best } = await train(optionsFor(folder, { dataSet }));
    expect(history[0]).not.toHaveProperty("validationLoss");
    expect(best).toEqual({ epoch: 3, measure: "training loss", value: history[2]?.trainLoss });
  });

  test("never touches the weights of another: it takes the next folder", async () => {
    const folder = join(await temporaryFolder(), "runs", "small");
    await train(optionsFor(folder));
    const before = await readFile(runFiles(folder).last);
    const recipe = smallRecipe({ seed: 8, epochs: 1 });
    expect((await train(optionsFor(folder, { recipe }))).folder).toBe(`${folder}-2`);
    expect((await train(optionsFor(folder, { recipe }))).folder).toBe(`${folder}-3`);
    expect(await readFile(runFiles(folder).last)).toEqual(before);
  });

  test("does not go on in a folder that another run holds", async () => {
    const folder = await temporaryFolder();
    await trainUntil(optionsFor(folder), isStep(1, 1));
    const lock = await lockRunFolder(folder);
    const error = await failure(optionsFor(folder, { resume: true }));
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error.message).toContain(`another run is writing to ${folder}`);
    await lock.release();
    expect((await train(optionsFor(folder, { resume: true }))).outcome).toBe("finished");
  });
});

type Failure = TrainingError | CheckpointError | DataError;

async function failure(options: TrainOptions): Promise<Failure> {
  try {
    await train(options);
  } catch (error) {
    if (error instanceof TrainingError || error instanceof CheckpointError) return error;
    if (error instanceof DataError) return error;
    throw error;
  }
  throw new Error("the run should have failed");
}

function withRate(rate: number, changes: Partial<Recipe> = {}): Recipe {
  const schedule = { kind: "constant", warmup: 0 } as const;
  const optimizer = { kind: "sgd", rate, momentum: 0, nesterov: false, decay: 0 } as const;
  return smallRecipe({ optimizer, schedule, ...changes });
}

describe("a run that stops on a plateau", () => {
  // No epoch is better than the first by so much.
  const recipe = smallRecipe({ epochs: 9, stop: { kind: "plateau", patience: 2, least: 1 } });

  test("ends early, says so, and stays so when it is resumed", async () => {
    const folder = await temporaryFolder();
    const result = await train(optionsFor(folder, { recipe }));
    expect(result).toMatchObject({ outcome: "stopped", epoch: 3, position: 0 });
    expect(result.advice).toContain("--with stop=never");
    const again = await train(optionsFor(folder, { recipe, resume: true }));
    expect(again).toMatchObject({ outcome: "stopped", epoch: 3, step: result.step });
    const never = smallRecipe({ epochs: 4 });
    const on = await train(optionsFor(folder, { recipe: never, resume: true }));
    expect(on).toMatchObject({ outcome: "finished", epoch: 4 });
  });

  test("is interrupted and resumed to the same end", async () => {
    const folder = await temporaryFolder();
    await trainUntil(optionsFor(folder, { recipe }), isStep(2, 1));
    const result = await train(optionsFor(folder, { recipe, resume: true }));
    expect(result).toMatchObject({ outcome: "stopped", epoch: 3 });
  });
});

describe("the validation of an epoch", () => {
  test("is interrupted by a timer, where neither its engine nor its data let one have its turn", async () => {
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const onEvent = ({ kind }: TrainEvent): void => {
      if (kind === "step") timer ??= setTimeout(() => controller.abort(), 0);
    };
    const { train: plain, ...rest } = colouredSquares({ train: 50_000 });
    // Threads that are ahead of the steps: their batches are there once they are asked for.
    const outcome = (_: number, { length }: Uint32Array): Promise<Outcome> => {
      const images = new Float32Array(length * 4 * 4 * 3).fill(0.1);
      return Promise.resolve({
        batch: { images, shape: [length, 4, 4, 3], labels: new Int32Array(length) },
      });
    };
    const threads = { maker: () => ({ width: 2, stop: () => {}, outcome }) };
    const dataSet = { ...rest, train: { ...plain, threads } };
    const folder = await temporaryFolder();
    const { signal } = controller;
    const result = await train(optionsFor(folder, { dataSet, signal, onEvent }));
    expect(result).toMatchObject({ outcome: "interrupted", epoch: 0 });
    expect(result.position).toBeLessThan(1_000);
  });

  test("comes image by image", async () => {
    const events: TrainEvent[] = [];
    const dataSet = colouredSquares();
    const onEvent = (event: TrainEvent) => void events.push(event);
    const result = await train(optionsFor(await temporaryFolder(), { dataSet, onEvent }));
    const epochs = events.filter((event) => event.kind === "epoch");
    expect(epochs).toHaveLength(3);
    const { validation, record } = epochs.at(-1)!;
    const rows = validation?.confusion ?? [];
    expect(rows.flat().reduce((sum, count) => sum + count, 0)).toBe(dataSet.validation.size);
    const right = rows.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
    expect(right / dataSet.validation.size).toBeCloseTo(record.validationAccuracy ?? NaN, 12);
    const samplesOf = (epoch: (typeof epochs)[number] | undefined): readonly number[] =>
      epoch?.validation?.samples.map(({ index }) => index) ?? [];
    const samples = samplesOf(epochs.at(-1));
    expect(new Set(samples).size).toBe(12);
    expect(samples).toEqual(samples.toSorted((a, b) => a - b));
    expect(samplesOf(epochs[0])).toEqual(samples);
    const losses = validation?.mistakes.map(({ loss }) => loss) ?? [];
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
    for (const { label, taken } of validation?.mistakes ?? []) expect(taken).not.toBe(label);
    expect(record.imagesPerSecond).toBeGreaterThan(0);
    expect(result.history.at(-1)?.waiting).toBeLessThanOrEqual(1);
  });
});

describe("a loss that is lost", () => {
  test("stops the run with advice, before anything is written", async () => {
    const folder = await temporaryFolder();
    const error = await failure(optionsFor(folder, { recipe: withRate(1e40) }));
    expect(error).toBeInstanceOf(TrainingError);
    expect(error.message).toMatch(/^the loss is (NaN|Infinity) at step \d of epoch 1$/);
    expect(error.help).toContain("a lower rate than 1e+40");
    expect(error.help).toContain("warm up");
    expect(error.help).not.toContain("normalize");
    expect(await readdir(folder)).toEqual(["history.jsonl"]);
  });

  test("leaves the last good checkpoint as it is, and names it", async () => {
    const folder = await temporaryFolder();
    await train(optionsFor(folder, { recipe: withRate(0.01, { epochs: 1 }) }));
    const { last, best } = runFiles(folder);
    const before = await Promise.all([last, best].map((path) => readFile(path, "hex")));
    const recipe = withRate(1e40, { preprocess: [] });
    const error = await failure(optionsFor(folder, { recipe, resume: true }));
    expect(error.message).toContain(`the last good checkpoint is ${last}`);
    expect(error.help).toContain("normalize");
    const after = await Promise.all([last, best].map((path) => readFile(path, "hex")));
    expect(after).toEqual(before);
  });

  test("is seen in the weights, too, before they are written", async () => {
    const folder = await temporaryFolder();
    const controller = new AbortController();
    const onEvent = (event: TrainEvent) => {
      if (event.kind === "step") controller.abort();
    };
    const recipe = withRate(Infinity, { batch: colouredSquares().train.size });
    const error = await failure(optionsFor(folder, { recipe, signal: controller.signal, onEvent }));
    expect(error.message).toContain("weights/classify.dense.kernel is not finite after step 1");
    expect(await readdir(folder)).toEqual(["history.jsonl"]);
  });
});

describe("what does not fit is said before the first step", () => {
  const fails = async (more: Partial<TrainOptions>): Promise<Failure> => {
    const folder = join(await temporaryFolder(), "run");
    const error = await failure(optionsFor(folder, more));
    await expect(readdir(folder)).rejects.toThrow("ENOENT");
    return error;
  };

  test("another number of classes", async () => {
    const error = await fails({ graph: smallGraph(4, 1000) });
    expect(error.message).toContain("1000 classes");
    expect(error.message).toContain("squares has 3");
    expect(error.help).toContain("--set classes=3");
  });

  test("images of another size", async () => {
    const error = await fails({ graph: smallGraph(8, 3) });
    expect(error.message).toContain("comes to 4x4x3, and Small takes 8x8x3");
    expect(error.help).toContain("resize 8x8");
  });

  test("unless they are resized", async () => {
    const recipe = smallRecipe({ preprocess: [{ kind: "resize", height: 8, width: 8 }] });
    const options = optionsFor(await temporaryFolder(), { graph: smallGraph(8, 3), recipe });
    expect((await train(options)).outcome).toBe("finished");
  });

  test("images of another number of channels", async () => {
    const graph = smallGraph(4, 3);
    const nodes = graph.nodes.map((node) =>
      node.op === "input" ? { ...node, type: { ...node.type, channels: 1 } } : node,
    );
    const error = await fails({ graph: { ...graph, nodes } });
    expect(error.message).toContain("comes to 4x4x3, and Small takes 4x4x1");
    expect(error.help).toContain("input 4x4x3");
  });

  test("a size that a symbolic input does not admit", async () => {
    const graph = smallGraph(4, 3);
    const side = { symbol: "H", steps: [] };
    const type = { spatial: [side, side], channels: 3, dtype: "float32" } as const;
    const conditions = [{ kind: "remainder", modulus: 32, equal: true, remainder: 0 }] as const;
    const nodes = graph.nodes.map((node) => (node.op === "input" ? { ...node, type } : node));
    const error = await fails({
      graph: { ...graph, nodes, domains: [{ symbol: "H", conditions }] },
    });
    expect(error.message).toContain("comes to 4x4x3, and Small takes HxHx3");
  });

  test("a head that ends in a map", async () => {
    const graph = smallGraph(4, 3);
    const error = await fails({ graph: { ...graph, outputs: [{ name: "head", node: "input" }] } });
    expect(error.message).toContain("ends in a map, 4x4x3");
    expect(error.help).toContain("globalavgpool");
  });

  test("a batch larger than the data", async () => {
    const error = await fails({ recipe: smallRecipe({ batch: 51 }) });
    expect(error.message).toContain("a batch of 51 is more than the 50 images");
    expect(error.help).toBe("take a batch of 50 or less");
  });

  test("places that are all there is", async () => {
    const freeze = smallGraph(4, 3).nodes.map(({ name }) => name);
    const error = await fails({ recipe: smallRecipe({ freeze }) });
    expect(error.message).toContain("nothing of Small is left to train");
  });

  test("no images at all", async () => {
    expect((await fails({ dataSet: colouredSquares({ train: 0 }) })).message).toContain(
      "no images",
    );
  });
});

test("a label that is no class stops the run and names its sample", async () => {
  const dataSet = colouredSquares();
  const read: DataSet["train"]["read"] = async (index) => {
    const sample = await dataSet.train.read(index);
    return index === 31 ? { ...sample, label: 3 } : sample;
  };
  const broken = { ...dataSet, train: { ...dataSet.train, read } };
  const error = await failure(optionsFor(await temporaryFolder(), { dataSet: broken }));
  expect(error.message).toContain("train 31 has label 3, and there are 3 classes");
});

describe("data that fail in the middle of a run", () => {
  const failingAt = (split: "train" | "validation", index: number, after: number): DataSet => {
    const dataSet = colouredSquares();
    let times = 0;
    const read: DataSet["train"]["read"] = async (asked) => {
      if (asked === index && ++times > after) {
        throw new DataError(`${split} ${index} is damaged`, "replace it");
      }
      return dataSet[split].read(asked);
    };
    return { ...dataSet, [split]: { ...dataSet[split], read } };
  };

  test.each<["train" | "validation", number, string]>([
    // Neither is among those that are looked at before the run.
    ["train", 30, "within the second epoch"],
    ["validation", 8, "within the second validation"],
  ])("in the %s split lose nothing: the run goes on to the same numbers", async (split, index) => {
    const folder = await temporaryFolder();
    const dataSet = failingAt(split, index, 1);
    const error = await failure(optionsFor(folder, { dataSet }));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe(`${split} ${index} is damaged`);
    expect(error).toMatchObject({
      help: expect.stringMatching(
        /^replace it; `resnetc data` .*; \d steps so far are saved, and `--resume` goes on$/,
      ) as string,
    });
    const { progress, state } = await readCheckpoint(runFiles(folder).last);
    expect(progress.epoch).toBe(1);
    expect(state.step).toBe(4 + progress.position);
    expect(progress.count).toBe(Math.min(50, progress.position * 16));
    await train(optionsFor(folder, { resume: true }));
    const unbroken = await temporaryFolder();
    await train(optionsFor(unbroken));
    expect(await outcomeOf(folder)).toEqual(await outcomeOf(unbroken));
  });

  test("before the first step leave no checkpoint", async () => {
    const folder = await temporaryFolder();
    const dataSet = failingAt("train", 31, 0);
    const first = smallRecipe({ batch: 50 });
    const error = await failure(optionsFor(folder, { dataSet, recipe: first }));
    expect(error).toMatchObject({ message: "train 31 is damaged" });
    expect(error.help).toMatch(/^replace it; `resnetc data` finds all images that cannot be used$/);
    await expect(readCheckpoint(runFiles(folder).last)).rejects.toThrow("there is no checkpoint");
  });
});

describe("resuming", () => {
  const adam = {
    kind: "adam",
    rate: 0.01,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    decay: 0,
  } as const;
  const interrupted = async (): Promise<string> => {
    const folder = await temporaryFolder();
    await trainUntil(optionsFor(folder), isStep(2, 2));
    return folder;
  };

  test("saves what is given anew before it trains a step", async () => {
    const folder = await interrupted();
    const given = { parameters: [], recipe: [{ name: "epochs", value: 3 }] };
    const kinds: string[] = [];
    await train(
      optionsFor(folder, { resume: true, given, onEvent: (event) => void kinds.push(event.kind) }),
    );
    expect(kinds.slice(0, 3)).toEqual(["start", "checkpoint", "step"]);
    expect(await readRunHead(runFiles(folder).last)).toMatchObject({ given });
  });

  test("that another process has given other values meanwhile is refused", async () => {
    const folder = await interrupted();
    const before = { given: { parameters: [], recipe: [{ name: "batch", value: 8 }] } };
    const error = await failure(optionsFor(folder, { resume: true, before }));
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error.message).toBe(
      `another process has gone on with the run in ${folder} meanwhile, and gave it other values`,
    );
    expect(await readdir(folder)).not.toContain("run.lock");
  });

  test("where there was no run", async () => {
    const folder = join(await temporaryFolder(), "none");
    const error = await failure(optionsFor(folder, { resume: true }));
    expect(error.message).toContain("there is no checkpoint");
    await expect(readdir(folder)).rejects.toThrow("ENOENT");
  });

  test.each<[string, Partial<TrainOptions>, string]>([
    ["another network", { graph: smallGraph(4, 5) }, "of another network"],
    ["other classes", { dataSet: { ...colouredSquares(), classes: ["x", "y", "z"] } }, "x, y, z"],
    ["other data", { dataSet: colouredSquares({ train: 49 }) }, "of 50 images, and squares has 49"],
    ["another batch", { recipe: smallRecipe({ batch: 8 }) }, "batch 16, not 8"],
    ["another seed", { recipe: smallRecipe({ seed: 8 }) }, "seed 13, not 8"],
    ["another optimizer", { recipe: smallRecipe({ optimizer: adam }) }, "a run with sgd, and"],
    ["another order", { recipe: smallRecipe({ shuffle: false }) }, "shuffle true, not false"],
  ])("with %s is refused", async (_, more, message) => {
    const error = await failure(optionsFor(await interrupted(), { ...more, resume: true }));
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error.message).toContain(message);
  });

  test("with folders whose names come to the same lines is refused", async () => {
    const of = (...classes: string[]) => ({ dataSet: { ...colouredSquares(), classes } });
    const folder = await temporaryFolder();
    await trainUntil(optionsFor(folder, of("a\nb", "c", "d")), isStep(2, 2));
    const error = await failure(optionsFor(folder, { ...of("a", "b\nc", "d"), resume: true }));
    expect(error.message).toContain("was trained on the classes");
  });

  test.each<[string, Partial<TrainOptions>, string, number]>([
    ["batches", { recipe: smallRecipe({ batch: 8 }) }, "batch 16 -> 8", 7],
    ["images", { dataSet: colouredSquares({ train: 20 }) }, "images 50 -> 20", 2],
  ])(
    "with other %s, where an epoch has ended, keeps to the schedule's epochs",
    async (...given) => {
      const [, more, change, stepsPerEpoch] = given;
      const folder = await temporaryFolder();
      await trainUntil(optionsFor(folder), ({ kind }) => kind === "epoch");
      const events: TrainEvent[] = [];
      const onEvent = (event: TrainEvent) => void events.push(event);
      const result = await train(optionsFor(folder, { ...more, resume: true, onEvent }));
      expect(events[0]).toMatchObject({ changes: [change] });
      const rates = events.flatMap((event) => (event.kind === "step" ? [event.rate] : []));
      const epoch = (rate: number) => Array.from({ length: stepsPerEpoch }, () => rate);
      expect(rates.map((rate) => rate.toFixed(6))).toEqual(
        [...epoch(0.05), ...epoch(0.005)].map((rate) => rate.toFixed(6)),
      );
      // The first had batches of 16 of 50 images.
      expect(result.step).toBe(4 + 2 * stepsPerEpoch);
    },
  );

  test("with a schedule that begins to fall anew is told of the rate", async () => {
    const folder = await temporaryFolder();
    const cosine = { kind: "cosine", warmup: 0, floor: 0 } as const;
    await train(optionsFor(folder, { recipe: smallRecipe({ schedule: cosine }) }));
    const events: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => void events.push(event);
    const recipe = smallRecipe({ schedule: cosine, epochs: 6 });
    await train(optionsFor(folder, { recipe, resume: true, onEvent }));
    expect(events[0]).toMatchObject({
      changes: ["epochs 3 -> 6", "the next step's rate 0 -> 0.025"],
    });
  });

  test("with other values keeps what was changed where, and where its weights are from", async () => {
    const folder = await temporaryFolder();
    const origin = ["from w.safetensors", "classify starts fresh"];
    const stopped = await trainUntil(optionsFor(folder, { origin }), isStep(2, 2));
    expect(stopped.outcome).toBe("interrupted");
    const turns: unknown[] = [];
    const onEvent = (event: TrainEvent) => event.kind === "start" && turns.push(event.turns);
    const recipe = smallRecipe({ ema: 0.9 });
    await train(optionsFor(folder, { recipe, resume: true, onEvent }));
    await train(optionsFor(folder, { recipe, resume: true, onEvent }));
    const kept = [
      { epoch: 0, position: 0, what: origin },
      { epoch: 1, position: 3, what: ["ema 0 -> 0.9"] },
    ];
    expect(turns).toEqual([kept, kept]);
    const { progress } = await readCheckpoint(runFiles(folder).last);
    expect(progress.turns).toEqual(kept);
  });

  test("and other validation looks for the best epoch anew, for its stop and its rate too", async () => {
    const folder = await temporaryFolder();
    await trainUntil(optionsFor(folder), ({ kind }) => kind === "epoch");
    const { progress } = await readCheckpoint(runFiles(folder).last);
    const { best } = progress;
    // A value that no epoch comes to: it would be the best for ever.
    const high = { ...progress, history: progress.history.map(withAccuracy(1)) };
    const checkpoint = await readCheckpoint(runFiles(folder).last);
    const measured = {
      ...high,
      best: { epoch: 1, measure: "validation accuracy", value: 1 },
    } as const;
    await writeCheckpoint(runFiles(folder).last, { ...checkpoint, progress: measured });
    expect(best?.epoch).toBe(1);
    const changes: (readonly string[])[] = [];
    const onEvent = (event: TrainEvent) => event.kind === "start" && changes.push(event.changes);
    const preprocess = [{ kind: "normalize", mean: [0.4], std: [0.5] }] as const;
    const recipe = smallRecipe({
      preprocess,
      epochs: 4,
      stop: { kind: "plateau", patience: 3, least: 0 },
    });
    const begun = optionsFor(folder, { recipe, resume: true, onEvent });
    // Interrupted before it has measured anything, it still knows.
    await trainUntil(begun, isStep(2, 2));
    const result = await train(begun);
    expect(changes).toEqual([[]]);
    expect(result.outcome).toBe("finished");
    expect(result.history.map(({ anew }) => anew)).toEqual([undefined, true, undefined, undefined]);
    expect(result.best?.epoch).toBeGreaterThan(1);
    expect((await readCheckpoint(runFiles(folder).best)).progress.epoch).toBe(result.best?.epoch);
  });

  test.each<[string, Partial<Recipe>, Partial<Recipe>]>([
    [
      "defaults that are written out",
      { data: { kind: "shapes", options: {} } },
      { data: { kind: "shapes", options: { classes: 4, size: 32, seed: 0, train: 99 } } },
    ],
    [
      "a number for every channel that is the same",
      { preprocess: [{ kind: "normalize", mean: [0.5], std: [0.5] }] },
      { preprocess: [{ kind: "normalize", mean: [0.5, 0.5, 0.5], std: [0.5] }] },
    ],
  ])("and %s keeps its best epoch", async (_, before, after) => {
    const folder = await temporaryFolder();
    await trainUntil(
      optionsFor(folder, { recipe: smallRecipe(before) }),
      ({ kind }) => kind === "epoch",
    );
    const recipe = smallRecipe(after);
    const { history } = await train(optionsFor(folder, { recipe, resume: true }));
    expect(history.map(({ anew }) => anew)).toEqual([undefined, undefined, undefined]);
  });

  test("and the same data in another folder keeps its best epoch", async () => {
    const folder = await temporaryFolder();
    const data = (path: string) => ({ kind: "folder", path, options: {} });
    await trainUntil(
      optionsFor(folder, { recipe: smallRecipe({ data: data("/here") }) }),
      ({ kind }) => kind === "epoch",
    );
    const recipe = smallRecipe({ data: data("/there") });
    const { history } = await train(optionsFor(folder, { recipe, resume: true }));
    expect(history.every(({ anew }) => anew === undefined)).toBe(true);
  });

  describe("where images are known by a digest", () => {
    const known = (train: string, validation: string): DataSet => {
      const dataSet = colouredSquares();
      return {
        ...dataSet,
        train: { ...dataSet.train, digest: () => train },
        validation: { ...dataSet.validation, digest: () => validation },
      };
    };
    const begun = async (until: (event: TrainEvent) => boolean): Promise<string> => {
      const folder = await temporaryFolder();
      await trainUntil(optionsFor(folder, { dataSet: known("a", "b") }), until);
      return folder;
    };
    const resumed = async (folder: string, more: Partial<TrainOptions>) => {
      const changes: (readonly string[])[] = [];
      const onEvent = (event: TrainEvent) => event.kind === "start" && changes.push(event.changes);
      const { history } = await train(optionsFor(folder, { resume: true, onEvent, ...more }));
      return { changes: changes.flat(), anew: history.map(({ anew }) => anew ?? false) };
    };
    const isEpoch = ({ kind }: TrainEvent): boolean => kind === "epoch";
    const another = "validation is another, the best epoch is looked for anew";

    test("others for validation, as many as before, are another measure", async () => {
      const folder = await begun(isEpoch);
      const { changes, anew } = await resumed(folder, { dataSet: known("a", "c") });
      expect(changes).toEqual([another]);
      expect(anew).toEqual([false, true, false]);
    });

    test("the same ones are the same measure, in another folder and with fewer to train on", async () => {
      const folder = await begun(isEpoch);
      const data = { kind: "folder", path: "/there", options: {} };
      const dataSet = { ...known("a", "b"), train: { ...colouredSquares({ train: 20 }).train } };
      const recipe = smallRecipe({ data: { ...smallRecipe().data, path: data.path } });
      const { changes, anew } = await resumed(folder, { dataSet, recipe });
      expect(changes).toContain("images 50 -> 20");
      expect(changes).not.toContain(another);
      expect(anew).toEqual([false, false, false]);
    });

    test("by another measure the best epoch is looked for anew", async () => {
      const recipe = smallRecipe({ best: { kind: "loss" } });
      const dataSet = known("a", "b");
      const { changes, anew } = await resumed(await begun(isEpoch), { dataSet, recipe });
      expect(changes).toEqual(["best accuracy -> loss", "the best epoch is looked for anew"]);
      expect(anew).toEqual([false, true, false]);
    });

    test("others to train on are told, and within an epoch what comes of that", async () => {
      const others = "the images to train on are others, as many as before";
      const after = await resumed(await begun(isEpoch), { dataSet: known("z", "b") });
      expect(after).toEqual({ changes: [others], anew: [false, false, false] });
      const within = await resumed(await begun(isStep(2, 2)), { dataSet: known("z", "b") });
      expect(within.changes).toEqual([
        `${others}, so that this epoch may see some of them twice and some not at all`,
      ]);
    });
  });

  test("with other values is told, and trains on", async () => {
    const events: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => void events.push(event);
    const recipe = withRate(0.02, { epochs: 4, name: "renamed" });
    const { history } = await train(
      optionsFor(await interrupted(), { recipe, resume: true, onEvent }),
    );
    expect(events[0]).toMatchObject({
      changes: [
        "recipe small -> renamed",
        "schedule step -> constant",
        "schedule.at 2 -> none",
        "schedule.factor 0.1 -> none",
        "schedule.warmup 1 -> 0",
        "optimizer.rate 0.05 -> 0.02",
        "optimizer.momentum 0.9 -> 0",
        "optimizer.decay 0.001 -> 0",
        "epochs 3 -> 4",
      ],
    });
    expect(history.map(({ rate }) => rate)).toEqual([expect.any(Number), 0.02, 0.02, 0.02]);
  });
});
