/**
 * Where the time of one training step goes. The step is the model that the engine onnx runs, with the
 * runtime's own profiler switched on, on state and images of random numbers.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { blockOf, blockProbe } from "../../../src/backends/onnx/block-probe.js";
import { encodeModel } from "../../../src/backends/onnx/protobuf.js";
import { sequenceOutput } from "../../../src/backends/onnx/sequence-output.js";
import { plannedRuns } from "../../../src/engines/onnx/planned-runs.js";
import { stepModel, type StepModel } from "../../../src/engines/onnx/step-models.js";
import { randomUniform } from "../../../src/random/random.js";
import { median } from "../measure.js";
import { graphOf, randomBatch, recipeOf, type Case } from "./cases.js";
import { profileTables } from "./profile-tables.js";
import { readTrace } from "../../../src/engines/onnx/trace.js";

type Runtime = typeof import("onnxruntime-node");

const warmup = 2;

/** Runs `steps` steps after a warm-up, and gives the tables of their mean. */
export async function profileStep(of: Case, steps: number): Promise<string> {
  const runtime = await import("onnxruntime-node");
  const graph = graphOf(of);
  const block = await probe(runtime);
  const shape = randomBatch(graph, of, 1).shape;
  const recipe = recipeOf(of);
  const [run] = plannedRuns("step", shape, recipe);
  if (run === undefined) throw new RangeError(`a step on ${shape.join("x")} has no runs`);
  const model = stepModel(run, shape, {
    graph,
    recipe,
    stepsPerEpoch: 1000,
    block,
  });
  const folder = mkdtempSync(join(tmpdir(), "resnetc-profile-"));
  try {
    const session = await runtime.InferenceSession.create(model.bytes, {
      executionProviders: ["cpu"],
      intraOpNumThreads: availableParallelism(),
      interOpNumThreads: 1,
      graphOptimizationLevel: model.optimisation,
      logSeverityLevel: 3,
      enableProfiling: true,
      profileFilePrefix: join(folder, "step"),
    });
    const { feeds, fetches } = valuesOf(runtime, model, of);
    const times: number[] = [];
    for (let step = 0; step < warmup + steps; step++) {
      const start = performance.now();
      await session.run(feeds, fetches).catch(exceptOfSequence);
      if (step >= warmup) times.push(performance.now() - start);
    }
    session.endProfiling();
    await session.release();
    const [file = ""] = readdirSync(folder);
    const nodes = readTrace(readFileSync(join(folder, file), "utf8"), steps);
    const layout = block === undefined ? "standard operators alone" : `blocks of ${block} channels`;
    const title = `${of.title}: ${median(times).toFixed(1)} ms a step with the profiler, ${layout}`;
    return `${title}\n\n${profileTables(graph, model.program, nodes)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Channels in a block of the runtime's, as the engine asks for it. */
async function probe(runtime: Runtime): Promise<number | undefined> {
  let session: InferenceSession;
  try {
    session = await runtime.InferenceSession.create(encodeModel(blockProbe()), {
      logSeverityLevel: 4,
    });
  } catch {
    return undefined;
  }
  const { order, product } = await session.run({});
  await session.release();
  return blockOf((order as Tensor).data as Float32Array, (product as Tensor).data as Float32Array);
}

/** The engine gives a sequence out, so that the binding copies nothing: it says so after the run. */
function exceptOfSequence(error: unknown): void {
  if (error instanceof Error && error.message.startsWith("Non tensor type")) return;
  throw error;
}

/** Numbers as a network's early steps have them; the order of a kernel's elements changes no time. */
function valuesOf(runtime: Runtime, { program, read, replace }: StepModel, of: Case) {
  const { images, labels, shape } = randomBatch(graphOf(of), of, 1);
  const shapes = new Map(program.inputs.map(({ name, type }) => [name, type.shape]));
  const held = new Map<string, Float32Array>();
  const dataOf = (name: string): Float32Array => {
    const data = held.get(name) ?? stateOf(name, shapes.get(name) ?? []);
    held.set(name, data);
    return data;
  };
  const feeds: Record<string, Tensor> = {
    images: new runtime.Tensor("float32", images, shape),
    labels: new runtime.Tensor("int32", labels, [of.batch]),
    step: new runtime.Tensor("int32", Int32Array.of(0), []),
  };
  const fetches: Record<string, Tensor | null> = { [sequenceOutput]: null };
  for (const { held: name, name: input, dims } of read) {
    feeds[input] = new runtime.Tensor("float32", dataOf(name), dims);
  }
  for (const { held: name, name: output, dims } of replace) {
    fetches[output] = new runtime.Tensor("float32", new Float32Array(dataOf(name).length), dims);
  }
  return { feeds, fetches };
}

function stateOf(name: string, shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (/\.(gamma|moving_variance)$/.test(name)) {
    return new Float32Array(size).fill(name.startsWith("weights/") ? 1 : 0);
  }
  const fanIn = shape.length === 4 ? size / (shape[0] ?? 1) : (shape[0] ?? 1);
  const scale = name.endsWith(".kernel") ? Math.sqrt(6 / fanIn) : 0;
  return Float32Array.from({ length: size }, (_, i) => scale * (2 * randomUniform(2, i) - 1));
}
