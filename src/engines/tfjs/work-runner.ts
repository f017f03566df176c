/**
 * How a session's work is run: training steps, evaluations, predictions. What each is given anew comes into it
 * through a feed alone, so that a backend may keep the rest of the work and only feed it again.
 */
import { dispose, tensor, type Scalar, type Tensor, type TypedArray } from "@tensorflow/tfjs-core";
import type { Batch } from "../engine.js";

/** What differs from one time to the next. */
export interface Given {
  readonly batch: Batch;
  /** Optimizer steps taken before. */
  readonly step: number;
}

/** Computes on the processor what a tensor holds, from nothing else that changes. */
export type Made = (given: Given) => Float32Array;

/** A tensor of what is given, which the caller owns. */
export type Feed = (shape: readonly number[], make: Made) => Tensor;

/** Hands the whole of the work to the backend. @returns what of it is wanted back, which the runner takes over. */
export type Work = (feed: Feed) => readonly Tensor[];

export interface WorkRunner {
  /**
   * Hands the work to the backend before it returns, and waits for its results.
   * @param work may be passed over where it was run before for a batch of the same shape.
   */
  run(given: Given, work: Work): Promise<readonly TypedArray[]>;
  /** To be called while the variables are still there. */
  dispose(): void;
}

/** Feeds the work once. */
export function feedOf(given: Given): Feed {
  return (shape, make) => tensor(make(given), [...shape]);
}

/** A number that differs from step to step. */
export function fedNumber(feed: Feed, at: (step: number) => number): Scalar {
  return feed([], ({ step }) => Float32Array.of(at(step))) as Scalar;
}

/** Does the work anew every time. */
export const plainRunner: WorkRunner = {
  async run(given, work) {
    const results = work(feedOf(given));
    // All are asked for before any is there: a GPU may have the next work by then.
    const read = await Promise.all(results.map((result) => result.data()));
    dispose([...results]);
    return read;
  },
  dispose() {
    // It keeps nothing.
  },
};
