/** Times training steps on a GPU in this process, given as the training loop gives them. */
import { backend } from "@tensorflow/tfjs-core";
import { EngineError } from "../../src/engines/engine.js";
import { engines, selectEngine } from "../../src/engines/registry.js";
import { restoreStockKernels } from "../../src/engines/tfjs/register-gradients.js";
import { plainRunner } from "../../src/engines/tfjs/work-runner.js";
import { Flight } from "../../src/train/flight.js";
import { graphOf, randomBatch, recipeOf } from "../bench/train/cases.js";
import type { GpuJob, Measured } from "./cases.js";

interface OnGpu {
  memory(): { readonly numBytesAllocatedInGPU: number };
}

/** Enough that what is kept of steps is there. */
const warmSteps = 4;

/** @throws EngineError where the engine cannot run, or the loss is no longer a number. */
export async function measure({ of, batch, stock, device, seconds }: GpuJob): Promise<Measured> {
  const began = performance.now();
  const sized = { ...of, batch };
  const graph = graphOf(sized);
  const { engine } = await selectEngine("webgpu", engines, device);
  const session = await engine.open(graph, {
    recipe: recipeOf(sized),
    stepsPerEpoch: 1000,
    ...(stock && { runner: () => plainRunner }),
  });
  try {
    if (stock) restoreStockKernels();
    await session.initialise(1);
    const batches = [1, 2].map((seed) => randomBatch(graph, sized, seed));
    const flight = new Flight();
    const land = async (): Promise<void> => {
      const { loss } = await flight.land();
      if (!Number.isFinite(loss)) throw new EngineError(`the loss is ${loss}`);
    };
    const give = (step: number): void => {
      const next = batches[step % batches.length];
      if (next !== undefined) flight.give(session.step(next));
    };
    give(0);
    await land();
    const secondsToFirst = (performance.now() - began) / 1000;
    for (let step = 0; step < warmSteps; step++) {
      give(step);
      await land();
    }
    const start = performance.now();
    let steps = 0;
    while (steps === 0 || performance.now() - start < seconds * 1000) {
      give(steps++);
      if (flight.isFull) await land();
    }
    while (!flight.isEmpty) await land();
    const imagesPerSecond = (batch * steps) / ((performance.now() - start) / 1000);
    const { numBytesAllocatedInGPU } = (backend() as unknown as OnGpu).memory();
    return { imagesPerSecond, steps, secondsToFirst, megabytes: numBytesAllocatedInGPU / 1e6 };
  } finally {
    session.dispose();
  }
}
