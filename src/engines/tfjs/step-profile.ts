/** Profiles a training step on a backend of TensorFlow.js. */
import { add, fill, matMul, slice, tidy, type Tensor2D } from "@tensorflow/tfjs-core";
import type { Graph } from "../../graph/graph.js";
import type { Session } from "../engine.js";
import { randomBatch } from "../random-batch.js";
import type { Peaks, ProfileOptions, StepProfile } from "../step-profile.js";
import { KernelClock } from "./kernel-clock.js";
import type { TfjsSessionOptions } from "./session.js";

/** How kernels compute: as they are called, so that a clock round each is right, or later, on a device. */
export type Computing = "at once" | "later";

/** @param open opens a session of the backend, which it starts. */
export async function profileStep(
  backend: string,
  computing: Computing,
  graph: Graph,
  { recipe, shape, steps, device }: ProfileOptions,
  open: (options: TfjsSessionOptions) => Promise<Session>,
): Promise<StepProfile> {
  const clock = computing === "at once" ? new KernelClock(graph) : undefined;
  const session = await open({
    recipe,
    stepsPerEpoch: 1000,
    ...(clock && { observer: clock }),
    ...(device !== undefined && { device }),
  });
  try {
    const peaks = await measurePeaks();
    clock?.start(backend);
    await session.initialise(recipe.seed);
    const batch = randomBatch(graph, shape);
    await session.step(batch);
    clock?.reset();
    const times: number[] = [];
    for (let i = 0; i < steps; i++) {
      const began = performance.now();
      await session.step(batch);
      times.push(performance.now() - began);
    }
    return {
      stepMilliseconds: times,
      work: clock?.work(steps) ?? [],
      ...(clock === undefined && {
        note: "the device computes on its own time, so only whole steps are known",
      }),
      peaks,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    clock?.stop();
    session.dispose();
  }
}

const enoughSeconds = 0.1;

/** A product of matrices that grow until it takes a while, and a sum of two vectors of 16 MB, of which is read and written thrice so much. */
async function measurePeaks(): Promise<Peaks> {
  let gigaflops = 0;
  for (let side = 128; side <= 2048; side *= 2) {
    const [a, b] = [fill([side, side], 0.5), fill([side, side], 0.5)] as [Tensor2D, Tensor2D];
    const seconds = await timed(() => tidy(() => slice(matMul(a, b), [0, 0], [1, 1])));
    a.dispose();
    b.dispose();
    gigaflops = Math.max(gigaflops, (2 * side ** 3) / seconds / 1e9);
    if (seconds > enoughSeconds) break;
  }
  const size = 2 ** 22;
  const [left, right] = [fill([size], 1), fill([size], 2)];
  const seconds = await timed(() => tidy(() => slice(add(left, right), [0], [1])));
  left.dispose();
  right.dispose();
  return { gigaflops, gigabytes: (3 * 4 * size) / seconds / 1e9 };
}

/** Seconds of the shortest of three runs; a part of the result, which is waited for, is copied out. */
async function timed(
  compute: () => { data(): Promise<unknown>; dispose(): void },
): Promise<number> {
  let best = Infinity;
  for (let run = 0; run < 3; run++) {
    const began = performance.now();
    const result = compute();
    await result.data();
    best = Math.min(best, (performance.now() - began) / 1000);
    result.dispose();
  }
  return best;
}
