/**
 * How the work of a training step is run. What a step is given anew comes into it through a feed alone, so that a
 * backend may keep the rest of the work and only feed it again.
 */
import { dispose, tensor, type Scalar, type Tensor, type TypedArray } from "@tensorflow/tfjs-core";
import type { Batch } from "../engine.js";

/** What differs from step to step. */
export interface GivenStep {
  readonly batch: Batch;
  /** Optimizer steps taken before. */
  readonly step: number;
}

/** Computes on the processor what a tensor of a step holds, from nothing else that changes. */
export type Made = (given: GivenStep) => Float32Array;

/** A tensor of a step's given, which the caller owns. */
export type Feed = (shape: readonly number[], make: Made) => Tensor;

/** Hands a whole step to the backend. @returns what of it is wanted back, which the runner takes over. */
export type Work = (feed: Feed) => readonly Tensor[];

export interface StepRunner {
  /**
   * Hands a step to the backend before it returns, and waits for its results.
   * @param work may be passed over where it was run before for a batch of the same shape.
   */
  run(given: GivenStep, work: Work): Promise<readonly TypedArray[]>;
  /** To be called while the state's variables are still there. */
  dispose(): void;
}

/** Feeds one step. */
export function feedOf(given: GivenStep): Feed {
  return (shape, make) => tensor(make(given), [...shape]);
}

/** A number that differs from step to step. */
export function fedNumber(feed: Feed, at: (step: number) => number): Scalar {
  return feed([], ({ step }) => Float32Array.of(at(step))) as Scalar;
}

/** Does the work of every step anew. */
export const plainRunner: StepRunner = {
  async run(given, work) {
    const results = work(feedOf(given));
    // All are asked for before any is there: a GPU may have the next step's work by then.
    const read = await Promise.all(results.map((result) => result.data()));
    dispose([...results]);
    return read;
  },
  dispose() {
    // It keeps nothing.
  },
};
