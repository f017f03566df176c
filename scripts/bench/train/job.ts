/**
 * What a process of its own is told to measure, and what it answers: one line of JSON each way, whether
 * it runs Node or Python.
 */
import type { EngineName } from "../../../src/engines/engine.js";
import type { Case } from "./cases.js";

export type Work = "train" | "predict";

/** How often: the first steps are not timed. */
export interface Repeats {
  readonly warmup: number;
  readonly steps: number;
}

/** Work for an engine of resnetc. */
export interface EngineJob extends Repeats {
  readonly work: Work;
  readonly engine: EngineName;
  readonly of: Case;
}

/** Work for `pytorch.py`. */
export type PythonJob =
  | { readonly work: "versions" }
  | (Repeats & Sizes & { readonly work: Work; readonly model: string })
  | (Sizes & { readonly work: "export"; readonly model: string; readonly file: string })
  | (Repeats & Sizes & { readonly work: "onnxruntime"; readonly file: string });

interface Sizes {
  readonly batch: number;
  readonly extent: number;
  readonly threads: number;
}

export interface Timing {
  /** Wall time of each timed step. */
  readonly milliseconds: readonly number[];
  /** The largest resident size that the process has had. */
  readonly peakMegabytes: number;
  /** Trainable numbers, where the contender can count them. */
  readonly parameters?: number;
}
