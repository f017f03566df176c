/**
 * Ten thousand steps of a small network through the whole loop: no tensor is left, and the process is no larger
 * than it was after a hundred. A GPU in software gets through a thousand (RESNETC_TEST_SOFTWARE says that
 * the one of RESNETC_TEST_GPU is such); RESNETC_MEMORY_STEPS says otherwise for any GPU.
 */
import { engine as tensors } from "@tensorflow/tfjs-core";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { Engine } from "../../../src/engines/engine.js";
import { recipeDefaults, type Recipe } from "../../../src/recipe/recipe.js";
import type { TrainEvent } from "../../../src/train/events.js";
import { train } from "../../../src/train/loop.js";
import { convAttributes, norm, Sketch } from "../../engines/networks.js";
import { colouredSquares } from "../coloured-squares.js";
import { temporaryFolder } from "../temporary-folder.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const steps = 10_000;
const softwareSteps = 1_000;
/**
 * What may be added, in megabytes: to what the program holds, the history of a hundred epochs; to the process,
 * also the code that is compiled in the first thousand steps, and heaps that stay as large as they once were, that of
 * Node 26 the largest; from a quarter of the steps on, V8's unused part alone, which comes and goes by 40.
 */
const allowed = { held: 6, resident: 128, later: 48 };

/** A convolution with everything that keeps state between steps: statistics, slots, averages. */
function network() {
  const net = new Sketch();
  net.add("conv", "conv", convAttributes(4, 3, 2), net.input(4, 4, 3));
  net.add("batchnorm", "norm", norm, "conv");
  net.add("relu", "relu", {}, "norm");
  net.add("dropout", "dropout", { rate: 0.1 }, "relu");
  net.add("globalavgpool", "pool", {}, "dropout");
  net.add("dense", "dense", { channels: 3, bias: true }, "pool");
  return net.graph("dense");
}

const perEpoch = 100;
const recipe: Omit<Recipe, "epochs"> = {
  ...recipeDefaults,
  name: "memory",
  network: "Sketch",
  data: { kind: "shapes", options: {} },
  augment: [{ kind: "flip" }],
  optimizer: { kind: "adam", rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 1e-4 },
  batch: 2,
  clip: 1,
  ema: 0.99,
};

interface Measured {
  readonly tensors: number;
  readonly tensorBytes: number;
  /** Megabytes: JavaScript's objects and what hangs on them, and the process. */
  readonly held: number;
  readonly resident: number;
}

function measure(): Measured {
  collectGarbage();
  // As tf.memory(), which wants a backend even where a runtime of its own holds everything.
  const { numTensors, numBytes } = tensors().state;
  const { heapUsed, external, rss } = process.memoryUsage();
  const megabyte = 2 ** 20;
  return {
    tensors: numTensors,
    tensorBytes: numBytes,
    held: (heapUsed + external) / megabyte,
    resident: rss / megabyte,
  };
}

/** What grows by the step is in each of the last epochs; what a heap has not given back yet is not. */
const lastEpochs = 5;

interface Growth {
  readonly early: Measured;
  /** After a quarter of the steps. */
  readonly settled: Measured;
  /** The least of each over the last epochs. */
  readonly late: Measured;
}

async function measured(engine: Engine, steps: number): Promise<Growth> {
  let early: Measured | undefined;
  let settled: Measured | undefined;
  const last: Measured[] = [];
  const onEvent = (event: TrainEvent): void => {
    if (event.kind !== "epoch") return;
    const { step } = event.record;
    if (step === perEpoch) early = measure();
    else if (step >= steps / 4 && settled === undefined) settled = measure();
    else if (step > steps - lastEpochs * perEpoch) last.push(measure());
  };
  const dataSet = colouredSquares({ train: 2 * perEpoch });
  const folder = await temporaryFolder();
  const whole = { ...recipe, epochs: steps / perEpoch };
  const given = { graph: network(), recipe: whole, dataSet, engine, folder };
  await train({ ...given, version: "0.0.0-test", onEvent });
  if (early === undefined || settled === undefined) throw new Error("the run was too short");
  const least = (kind: keyof Measured): number => Math.min(...last.map((mark) => mark[kind]));
  const late = {
    tensors: least("tensors"),
    tensorBytes: least("tensorBytes"),
    held: least("held"),
    resident: least("resident"),
  };
  return { early, settled, late };
}

/** Defines the test of an engine, which needs a process of its own: what another one left would be counted. */
export function staysFlat(engine: Engine, device?: string): void {
  const inSoftware =
    process.env["RESNETC_TEST_GPU"] === undefined ||
    process.env["RESNETC_TEST_SOFTWARE"] !== undefined;
  const onDevice = Number(
    process.env["RESNETC_MEMORY_STEPS"] ?? (inSoftware ? softwareSteps : steps),
  );
  const count = device === undefined ? steps : onDevice;
  test(`${count} steps on ${engine.name} leave memory where it was`, async () => {
    const { available, detail } = await engine.probe(device);
    if (!available) {
      console.warn(`SKIPPED: the memory of the engine ${engine.name} is not tested: ${detail}`);
      return;
    }
    const { early, settled, late } = await measured(engine, count);
    expect(late.tensors).toBe(early.tensors);
    expect(late.tensorBytes).toBe(early.tensorBytes);
    for (const kind of ["held", "resident"] as const) {
      const growth = late[kind] - early[kind];
      console.info(`${engine.name}: ${growth.toFixed(1)} MB more ${kind}`);
      expect(growth, kind).toBeLessThan(allowed[kind]);
    }
    expect(late.resident - settled.resident, "resident later").toBeLessThan(allowed.later);
  }, 1_500_000);
}
