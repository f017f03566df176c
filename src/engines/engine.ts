/**
 * What an engine is: something that runs whole steps of one network. The loop, the data, the
 * checkpoints and the reports know this interface and nothing of the runtime behind it.
 */
import type { Graph } from "../graph/graph.js";
import type { Recipe } from "../recipe/recipe.js";
import type { ProfileOptions, StepProfile } from "./step-profile.js";

/** Images (N, H, W, C) in row-major order, normalised, and one class index per image. */
export interface Batch {
  readonly images: Float32Array;
  readonly shape: readonly [number, number, number, number];
  readonly labels: Int32Array;
  /** Where images were mixed: the other class of each target, and its share. */
  readonly mix?: Mix;
}

/** The target of image i is `share` of its label and 1 - `share` of `labels[i]` (mixup, CutMix). */
export interface Mix {
  readonly labels: Int32Array;
  /** In [0.5, 1]. */
  readonly share: number;
}

/** Sums over the images of one batch, so that batches of different sizes add up. */
export interface Metrics {
  /** Sum over images of the loss, summed over heads. */
  readonly loss: number;
  /** How many images the last head's largest logit names correctly. */
  readonly correct: number;
  readonly count: number;
}

/** A tensor in the canonical layout: row-major; a convolution's kernel is (KH, KW, Cin / groups, Cout). */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Everything a run needs to go on elsewhere. Keys of `tensors` are `weights/NODE.PARAMETER` (moving
 * statistics included), `optimizer/SLOT/NODE.PARAMETER` of what is not frozen, and where the recipe keeps a
 * moving average `average/NODE.PARAMETER` of every one of the weights.
 */
export interface State {
  /** Optimizer steps taken. */
  readonly step: number;
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

/** One network on one runtime. Only steps and predictions may overlap: await every other call before the next. */
export interface Session {
  /** Draws fresh weights from `seed` (equal on every engine), zeroes the slots and the step. */
  initialise(seed: number): Promise<void>;
  /**
   * One optimizer step. The metrics are those of the forward pass before the update. Steps may be given
   * before the metrics of earlier ones have come back; they are taken in the order in which they were given.
   */
  step(batch: Batch): Promise<Metrics>;
  /** Forward pass with the moving statistics, and the averaged weights where there are; changes nothing. */
  evaluate(batch: Batch): Promise<Metrics>;
  /**
   * Logits (N, classes) of every head by its name, as `evaluate`; changes nothing. More may be asked before the
   * answers to earlier ones have come.
   */
  predict(images: Float32Array, shape: Batch["shape"]): Promise<ReadonlyMap<string, NamedTensor>>;
  state(): Promise<State>;
  /** Replaces the state. @throws EngineError naming what is missing or of another shape. */
  restore(state: State): Promise<void>;
  dispose(): void;
}

/** How a session is opened; without a recipe it can only evaluate and predict. */
export interface SessionOptions {
  readonly recipe?: Recipe;
  /** Optimizer steps per epoch, for schedules that count epochs. Needed with `recipe`. */
  readonly stepsPerEpoch?: number;
  /** Which of an engine's devices, by a part of its name; the engine's own choice where left out. */
  readonly device?: string;
}

export type EngineName = "node-gpu" | "webgpu" | "onnx" | "node" | "wasm" | "cpu";

/** What is known of an engine without starting it. */
export interface Availability {
  readonly available: boolean;
  /** One line: the version where it is available, what is missing where it is not. */
  readonly detail: string;
  /** One line: what to do to get it; absent where it is available. */
  readonly remedy?: string;
  /** Why `auto` skips it although it is available, where it does. */
  readonly passedBy?: string;
}

export interface Engine {
  readonly name: EngineName;
  /** One line for `resnetc engines`: what runs underneath and what it is good for. */
  readonly description: string;
  /** Whether it can be told which device to use. */
  readonly hasDevices?: boolean;
  /** @param device the one to look for; an engine without devices ignores it. */
  probe(device?: string): Promise<Availability>;
  /** @throws EngineError if the engine is not available or cannot run an operation of the graph. */
  open(graph: Graph, options?: SessionOptions): Promise<Session>;
  /** Measures training steps on images of random numbers. @throws EngineError as `open`. */
  profile?(graph: Graph, options: ProfileOptions): Promise<StepProfile>;
}

/** Something an engine cannot do, said so that a person can act on it. */
export class EngineError extends Error {
  override readonly name: string = "EngineError";
  /** @param help what to do about it. @param node the graph node at fault, if it is one. */
  constructor(
    message: string,
    readonly help?: string,
    readonly node?: string,
  ) {
    super(message);
  }
}

/** An engine, or a device of it, that this machine does not have: nothing has been run on it yet. */
export class EngineUnavailableError extends EngineError {
  override readonly name = "EngineUnavailableError";
}
