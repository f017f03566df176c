/** Where the time of a training step goes: what an engine measures of itself, as plain data, and how. */
import type { Recipe } from "../recipe/recipe.js";
import type { Batch, Session } from "./engine.js";

export interface ProfileOptions {
  readonly recipe: Recipe;
  /** Of the images: whole batches, of random numbers. */
  readonly shape: Batch["shape"];
  /** How many steps are measured, after some that warm up. */
  readonly steps: number;
  readonly device?: string;
}

/** `update`: the optimizer, clipping and averages. `other`: between the passes, and what names no node. */
export type Phase = "forward" | "backward" | "update" | "other";

export type WorkKind =
  | "convolution"
  | "convolution, input gradient"
  | "convolution, kernel gradient"
  | "convolution, gradients"
  | "batch norm"
  | "activation"
  | "pooling"
  | "dense"
  | "shortcut"
  | "sums of gradients"
  | "other layers"
  | "loss"
  | "update"
  | "other";

/** The time of something in a step, a mean over the steps. */
export interface Work {
  /** The graph's node, where it is one's. */
  readonly node?: string;
  readonly phase: Phase;
  readonly kind: WorkKind;
  readonly milliseconds: number;
}

/** What the engine can do at best, measured in the same process. */
export interface Peaks {
  /** 10^9 operations per second in a large matrix product, float32. */
  readonly gigaflops: number;
  /** 10^9 bytes per second that a sum of two large vectors reads and writes. */
  readonly gigabytes: number;
}

/** Other programs can only lower what is measured, so the higher of two measurements is nearer to the peak. */
export function higherOf(one: Peaks, other: Peaks): Peaks {
  return {
    gigaflops: Math.max(one.gigaflops, other.gigaflops),
    gigabytes: Math.max(one.gigabytes, other.gigabytes),
  };
}

export interface StepProfile {
  /** Wall time of each measured step, with what the measuring costs. */
  readonly stepMilliseconds: readonly number[];
  /** Empty where the engine cannot tell. */
  readonly work: readonly Work[];
  /** One sentence: what the times are not, or why there are none. */
  readonly note?: string;
  readonly peaks?: Peaks;
  /** The most memory that the process has had, in bytes. */
  readonly peakBytes: number;
}

/** Takes steps, one after the other. @returns the milliseconds of each. */
export async function timeSteps(session: Session, batch: Batch, steps: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < steps; i++) {
    const began = performance.now();
    await session.step(batch);
    times.push(performance.now() - began);
  }
  return times;
}
