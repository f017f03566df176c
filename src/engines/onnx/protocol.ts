/** The messages between a session and its thread. */

/** What the thread is started with. */
export interface ThreadData {
  /** The path of the runtime's entry. */
  readonly library: string;
  /** How many threads an operator may use. */
  readonly threads: number;
  /**
   * Where the profiler's traces go, the beginning of their paths: `-`, the model's name as in a URL, `_` and the
   * time follow. Nothing is profiled where left out.
   */
  readonly profile?: string;
}

export interface Given {
  readonly name: string;
  readonly type: "float32" | "int32";
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** A name of the model for something that is held, and the extents that it has there. */
export interface Binding {
  readonly held: string;
  readonly name: string;
  readonly dims: readonly number[];
}

/** A sum that a step keeps while it runs: zeros at its beginning, read and replaced like what is held. */
export interface StepSum {
  readonly name: string;
  /** Elements. */
  readonly size: number;
}

/** One run of a model within a step. */
export interface StepRun {
  readonly model: string;
  readonly feeds: readonly Given[];
  /** Inputs that are what is held, or a sum. */
  readonly read: readonly Binding[];
  /** Outputs that what is held, or a sum, becomes. */
  readonly replace: readonly Binding[];
}

/** How far the runtime optimises a model before it runs it, in its own words. */
export type Optimisation = "all" | "basic" | "disabled";

export type Request =
  /** Where `optimisation` is left out, all is done. */
  | {
      readonly kind: "load";
      readonly model: string;
      readonly bytes: Uint8Array;
      readonly optimisation?: Optimisation;
    }
  | { readonly kind: "release"; readonly model: string }
  /** Has the model's trace written. */
  | { readonly kind: "endProfiling"; readonly model: string }
  /** Replaces all that is held. */
  | { readonly kind: "hold"; readonly tensors: readonly Given[] }
  /** Asks for copies of all that is held. */
  | { readonly kind: "held" }
  | {
      /**
       * Runs a step: models one after the other, each on what those before have made of what is held. What is
       * held is replaced when all have run, and the results, sums of one number, answer.
       */
      readonly kind: "step";
      readonly runs: readonly StepRun[];
      readonly sums: readonly StepSum[];
      /** An output of the models that is no tensor, at which the binding stops copying. */
      readonly sequence: string;
      readonly results: readonly string[];
      /** The sum at which the step ends, and nothing is replaced, as soon as it is not finite. */
      readonly unlessFinite: string;
    }
  | {
      readonly kind: "run";
      readonly model: string;
      readonly feeds: readonly Given[];
      /** Inputs that are what is held. */
      readonly read: readonly Binding[];
      /** Outputs that are answered with. */
      readonly results: readonly string[];
    };

export interface Result {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** To the request of that number; 0 is what a thread says of itself once the library is loaded. */
export type Answer =
  | { readonly id: number; readonly result: readonly Result[] }
  | { readonly id: number; readonly error: string };
