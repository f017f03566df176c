/** Profiles a training step on a backend of TensorFlow.js. */
import {
  add,
  env,
  fill,
  getBackend,
  matMul,
  slice,
  tidy,
  type Tensor2D,
} from "@tensorflow/tfjs-core";
import type { Graph } from "../../graph/graph.js";
import type { Session } from "../engine.js";
import { randomBatch } from "../random-batch.js";
import {
  higherOf,
  timeSteps,
  type Peaks,
  type ProfileOptions,
  type StepProfile,
} from "../step-profile.js";
import { KernelClock } from "./kernel-clock.js";
import { deviceTimer, wallTimer, type KernelTimer } from "./kernel-timer.js";
import type { TfjsSessionOptions } from "./session.js";
import type { SessionObserver, StepObserver } from "./step-observer.js";

/**
 * When kernels compute: while they are called, so that a wall clock around the call is right; later, on a device that
 * has a clock of its own; or later, where nothing tells when.
 */
export type Computing = "at once" | "on a device" | "untold";

/** Until shaders are compiled and a step is recorded. */
const deviceWarmSteps = 4;

/** What a reader of the times has to know. */
const notes: { readonly [K in Computing]: string | undefined } = {
  "at once": undefined,
  "on a device":
    "kernels were timed in further steps by the device's clock; what a step takes beyond them, the processor takes to hand them over, or the device to begin them",
  untold: "the device computes on its own time, so only whole steps are known",
};

/** @param open opens a session of the backend, which it starts. */
export async function profileStep(
  backend: string,
  computing: Computing,
  graph: Graph,
  { recipe, shape, steps, device }: ProfileOptions,
  open: (options: TfjsSessionOptions) => Promise<Session>,
): Promise<StepProfile> {
  const observed = new ObservedSteps();
  const session = await open({
    recipe,
    stepsPerEpoch: 1000,
    observer: observed,
    ...(device !== undefined && { device }),
  });
  const timer = timerFor(computing);
  const clock = timer && new KernelClock(graph, timer);
  const begin = (): void => {
    clock?.start(backend);
    observed.by = clock;
  };
  try {
    const before = await measurePeaks();
    if (computing === "at once") begin();
    await session.initialise(recipe.seed);
    const batch = randomBatch(graph, shape);
    const warm = computing === "on a device" ? deviceWarmSteps : 1;
    for (let step = 0; step < warm; step++) await session.step(batch);
    clock?.reset();
    const times = await timeSteps(session, batch, steps);
    if (clock && computing === "on a device") {
      begin();
      await timeSteps(session, batch, steps);
    }
    await clock?.settle();
    if (observed.by !== undefined) clock?.stop();
    observed.by = undefined;
    const peaks = higherOf(before, await measurePeaks());
    const note = notes[clock === undefined ? "untold" : computing];
    return {
      stepMilliseconds: times,
      work: clock?.work(steps) ?? [],
      ...(note !== undefined && { note }),
      peaks,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    if (observed.by !== undefined) clock?.stop();
    session.dispose();
  }
}

function timerFor(computing: Computing): KernelTimer | undefined {
  switch (computing) {
    case "at once":
      return wallTimer;
    case "on a device":
      return deviceTimer();
    case "untold":
      return undefined;
  }
}

/** Tells a clock of a session's steps, once there is one. */
class ObservedSteps implements SessionObserver {
  by: StepObserver | undefined;

  get isWatching(): boolean {
    return this.by !== undefined;
  }

  forward(node: string): void {
    this.by?.forward(node);
  }

  loss(): void {
    this.by?.loss();
  }

  differentiated(): void {
    this.by?.differentiated();
  }

  update(): void {
    this.by?.update();
  }
}

const enoughSeconds = 0.1;

/** A product of matrices that grow until it takes a while, and sums of two large vectors. */
async function measurePeaks(): Promise<Peaks> {
  let gigaflops = 0;
  for (let side = 128; side <= 4096; side *= 2) {
    const [a, b] = [fill([side, side], 0.5), fill([side, side], 0.5)] as [Tensor2D, Tensor2D];
    const seconds = await timed(() => tidy(() => slice(matMul(a, b), [0, 0], [1, 1])));
    a.dispose();
    b.dispose();
    gigaflops = Math.max(gigaflops, (2 * side ** 3) / seconds / 1e9);
    if (seconds > enoughSeconds) break;
  }
  return { gigaflops, gigabytes: await measureSums() };
}

/** Above it, what a call takes before and behind its work is a small part of it. */
const longSeconds = 0.005;

/**
 * 10^9 bytes a second that a sum of two vectors reads and writes, three times a vector's: of 16 MB each; or, where a device is
 * done with that before it can be asked, of 32 MB, as what so many more of them take. Larger caches than three of them are rare.
 */
async function measureSums(): Promise<number> {
  const small = 2 ** 22;
  const first = await timeSums(small, 1);
  const plain = (3 * 4 * small) / first / 1e9;
  if (first > longSeconds) return plain;
  const large = 2 ** 23;
  const more = 32;
  const apart = (await timeSums(large, 1 + more)) - (await timeSums(large, 1));
  return apart > 0 ? (more * 3 * 4 * large) / apart / 1e9 : plain;
}

/** How many shaders the backend webgpu collects before it hands them over, and can use their memory again. */
const handOver = "WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE";

/** Seconds of so many sums of two vectors, one after the other, each in the memory of one before. */
async function timeSums(size: number, count: number): Promise<number> {
  const [left, right] = [fill([size], 1), fill([size], 2)];
  const collected = getBackend() === "webgpu" ? env().getNumber(handOver) : undefined;
  if (collected !== undefined) env().set(handOver, 1);
  try {
    return await timed(() =>
      tidy(() => {
        for (let done = 1; done < count; done++) add(left, right).dispose();
        return slice(add(left, right), [0], [1]);
      }),
    );
  } finally {
    if (collected !== undefined) env().set(handOver, collected);
    left.dispose();
    right.dispose();
  }
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
