/** Profiles a training step in ONNX Runtime with the runtime's own profiler. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emitProgram, outputName } from "../../backends/onnx/emit.js";
import { encodeModel } from "../../backends/onnx/protobuf.js";
import type { Graph } from "../../graph/graph.js";
import { ProgramBuilder } from "../../passes/program/builder.js";
import type { Program } from "../../passes/program/program.js";
import { elementCount } from "../../shapes/index.js";
import { checkNetworkSize } from "../network-size.js";
import { randomBatch } from "../random-batch.js";
import {
  higherOf,
  timeSteps,
  type Peaks,
  type ProfileOptions,
  type StepProfile,
  type Work,
} from "../step-profile.js";
import { probeBlock } from "./block.js";
import { plannedRuns, type PlannedRun } from "./planned-runs.js";
import { workOf } from "./program-work.js";
import { stepModel } from "./step-models.js";
import { RuntimeThread } from "./thread.js";
import { readTrace } from "./trace.js";
import { TrainingSession } from "./training-session.js";

const stepsPerEpoch = 1000;
/** What the names of traces begin with. */
const traces = "trace";

/** @param library the path of the runtime's entry. */
export async function profileStep(
  library: string,
  graph: Graph,
  { recipe, shape, steps }: ProfileOptions,
): Promise<StepProfile> {
  checkNetworkSize(graph);
  const before = await withThread(library, undefined, measurePeaks);
  const folder = await mkdtemp(join(tmpdir(), "resnetc-profile-"));
  try {
    const profile = await withThread(library, join(folder, traces), async (thread) => {
      const block = await probeBlock(thread);
      const session = new TrainingSession(thread, block, graph, recipe, stepsPerEpoch);
      await session.initialise(recipe.seed);
      const batch = randomBatch(graph, shape);
      await session.step(batch);
      const times = await timeSteps(session, batch, steps);
      const options = { graph, recipe, stepsPerEpoch, block };
      const work: Work[] = [];
      for (const [run, count] of modelsOf(plannedRuns("step", shape, recipe))) {
        await thread.ask({ kind: "endProfiling", model: run.model });
        const { program } = stepModel(run, shape, options);
        const nodes = readTrace(await traceOf(folder, run.model), steps * count);
        for (const each of workOf(graph, program, nodes)) {
          work.push({ ...each, milliseconds: count * each.milliseconds });
        }
      }
      return {
        stepMilliseconds: times,
        work,
        note:
          "ONNX Runtime fuses batch norm, the shortcut's sum and ReLU where it can: a fused node's time " +
          "is with the first of them",
        peakBytes: process.resourceUsage().maxRSS * 1024,
      };
    });
    const peaks = higherOf(before, await withThread(library, undefined, measurePeaks));
    return { ...profile, peaks };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withThread<T>(
  library: string,
  profile: string | undefined,
  use: (thread: RuntimeThread) => Promise<T>,
): Promise<T> {
  const thread = new RuntimeThread(library, profile);
  try {
    return await use(thread);
  } finally {
    thread.end();
  }
}

/** The models of a step, each by one of its runs, with how often it is run. */
function modelsOf(runs: readonly PlannedRun[]): ReadonlyMap<PlannedRun, number> {
  const counts = new Map<PlannedRun, number>();
  for (const run of runs) {
    const first = runs.find(({ model }) => model === run.model) ?? run;
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return counts;
}

/** The trace of all runs of a model. */
async function traceOf(folder: string, model: string): Promise<string> {
  const prefix = `${traces}-${encodeURIComponent(model)}_`;
  const name = (await readdir(folder)).find((each) => each.startsWith(prefix));
  if (name === undefined) throw new Error(`the runtime wrote no trace of ${model}`);
  return readFile(join(folder, name), "utf8");
}

/** A product of two matrices of 1024x1024, and a sum of two vectors of 64 MB. */
async function measurePeaks(thread: RuntimeThread): Promise<Peaks> {
  const side = 1024;
  const product = new ProgramBuilder();
  const matrix = { dtype: "f32", shape: [side, side] } as const;
  const plain = { transposeLeft: false, transposeRight: false };
  const [a, b] = [product.input("a", matrix), product.input("b", matrix)];
  product.output("sum", product.sum(product.apply("matmul", plain, a, b)));
  const size = 2 ** 24;
  const addition = new ProgramBuilder();
  const vector = { dtype: "f32", shape: [size] } as const;
  const [x, y] = [addition.input("a", vector), addition.input("b", vector)];
  addition.output("sum", addition.sum(addition.add(x, y)));
  const multiplied = await shortest(thread, product.build("product"));
  const added = await shortest(thread, addition.build("addition"));
  // Both vectors are read, their sum is written, and read again to come to one number.
  return { gigaflops: (2 * side ** 3) / multiplied / 1e9, gigabytes: (4 * 4 * size) / added / 1e9 };
}

/** Seconds of the shortest of five runs. */
async function shortest(thread: RuntimeThread, program: Program): Promise<number> {
  const tensors = program.inputs.map(({ name, type: { shape } }) => ({
    name,
    type: "float32" as const,
    dims: shape,
    data: new Float32Array(elementCount(shape)).fill(0.5),
  }));
  const model = program.name;
  await thread.ask({ kind: "hold", tensors });
  await thread.ask({ kind: "load", model, bytes: encodeModel(emitProgram(program).model) });
  const read = tensors.map(({ name, dims }) => ({ held: name, name, dims }));
  let best = Infinity;
  for (let run = 0; run < 5; run++) {
    const began = performance.now();
    await thread.ask({ kind: "run", model, feeds: [], read, results: [outputName("sum")] });
    best = Math.min(best, (performance.now() - began) / 1000);
  }
  await thread.ask({ kind: "release", model });
  return best;
}
