/** Measures an engine in this process, through the interface that `resnetc train` and `predict` use. */
import { EngineError, type Session } from "../../../src/engines/engine.js";
import { selectEngine } from "../../../src/engines/registry.js";
import { graphCost } from "../../../src/graph/cost.js";
import type { Graph } from "../../../src/graph/graph.js";
import { peakMegabytes } from "../measure.js";
import { graphOf, randomBatch, recipeOf } from "./cases.js";
import type { EngineJob, Timing } from "./job.js";

/** @throws EngineError where the engine cannot run, or the loss is no longer a number. */
export async function runEngineJob(job: EngineJob): Promise<Timing> {
  const { engine } = await selectEngine(job.engine);
  const graph = graphOf(job.of);
  const options = job.work === "train" ? { recipe: recipeOf(job.of), stepsPerEpoch: 1000 } : {};
  const session = await engine.open(graph, options);
  try {
    await session.initialise(1);
    const milliseconds: number[] = [];
    for (let step = 0; step < job.warmup + job.steps; step++) {
      const elapsed = await timeStep(session, graph, job, step);
      if (step >= job.warmup) milliseconds.push(elapsed);
    }
    const { parameters } = graphCost(graph);
    return { milliseconds, peakMegabytes: peakMegabytes(), parameters };
  } finally {
    session.dispose();
  }
}

/** Wall milliseconds of one step on a batch that the session has not seen. */
async function timeStep(
  session: Session,
  graph: Graph,
  { work, of }: EngineJob,
  step: number,
): Promise<number> {
  const batch = randomBatch(graph, of, step);
  const start = performance.now();
  if (work === "predict") await session.predict(batch.images, batch.shape);
  else {
    const { loss } = await session.step(batch);
    if (!Number.isFinite(loss)) throw new EngineError(`the loss of step ${step} is ${loss}`);
  }
  return performance.now() - start;
}
