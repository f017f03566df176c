/**
 * Where the time of one training step goes. The step is the model that the engine onnx runs, with the
 * runtime's own profiler switched on, on state and images of random numbers.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { blockOf, blockProbe } from "../../../src/backends/onnx/block-probe.js";
import { emitProgram } from "../../../src/backends/onnx/emit.js";
import { encodeModel } from "../../../src/backends/onnx/protobuf.js";
import type { Program } from "../../../src/passes/program/program.js";
import { rewrite, trainingRewrites } from "../../../src/passes/rewrites/pipeline.js";
import { trainingStep } from "../../../src/passes/training-step/training-step.js";
import { randomUniform } from "../../../src/random/random.js";
import { median } from "../measure.js";
import { graphOf, randomBatch, recipeOf, type Case } from "./cases.js";
import { profileTables } from "./profile-tables.js";
import { readTrace } from "./trace.js";

type Runtime = typeof import("onnxruntime-node");

const warmup = 2;

/** Runs `steps` steps after a warm-up, and gives the tables of their mean. */
export async function profileStep(of: Case, steps: number): Promise<string> {
  const runtime = await import("onnxruntime-node");
  const graph = graphOf(of);
  const options = { recipe: recipeOf(of), stepsPerEpoch: 1000, batch: of.batch };
  const program = rewrite(trainingStep(graph, options).program, trainingRewrites);
  const block = await probe(runtime);
  const { model } = emitProgram(program, block === undefined ? {} : { block });
  const folder = mkdtempSync(join(tmpdir(), "resnetc-profile-"));
  try {
    const session = await runtime.InferenceSession.create(encodeModel(model), {
      executionProviders: ["cpu"],
      intraOpNumThreads: availableParallelism(),
      interOpNumThreads: 1,
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
      enableProfiling: true,
      profileFilePrefix: join(folder, "step"),
    });
    const feeds = feedsOf(runtime, program, of);
    const times: number[] = [];
    for (let step = 0; step < warmup + steps; step++) {
      const start = performance.now();
      await session.run(feeds);
      if (step >= warmup) times.push(performance.now() - start);
    }
    session.endProfiling();
    await session.release();
    const [file = ""] = readdirSync(folder);
    const nodes = readTrace(readFileSync(join(folder, file), "utf8"), steps);
    const layout = block === undefined ? "standard operators alone" : `blocks of ${block} channels`;
    const title = `${of.title}: ${median(times).toFixed(1)} ms a step with the profiler, ${layout}`;
    return `${title}\n\n${profileTables(graph, program, nodes)}`;
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

/** Numbers as a network's early steps have them; the order of a kernel's elements changes no time. */
function feedsOf(
  runtime: Runtime,
  { inputs }: Program,
  of: Case,
): Readonly<Record<string, Tensor>> {
  const { images, labels } = randomBatch(graphOf(of), of, 1);
  const given: Readonly<Record<string, Float32Array | Int32Array>> = {
    images,
    labels,
    step: Int32Array.of(0),
  };
  return Object.fromEntries(
    inputs.map(({ name, type: { dtype, shape } }) => {
      const data = given[name] ?? stateOf(name, shape);
      const type = dtype === "f32" ? "float32" : "int32";
      return [name, new runtime.Tensor(type as "float32", data as Float32Array, shape)];
    }),
  );
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
