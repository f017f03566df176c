/**
 * Times every kernel of a backend, and says which node's forward or backward pass it was for: what runs
 * between the nodes' turns, and for each gradient on the tape, its node's.
 */
import {
  engine,
  getKernelsForBackend,
  registerKernel,
  unregisterKernel,
  type KernelConfig,
} from "@tensorflow/tfjs-core";
import type { Graph } from "../../graph/graph.js";
import { kindOf } from "../node-work.js";
import type { Phase, Work, WorkKind } from "../step-profile.js";
import type { KernelTimer } from "./kernel-timer.js";
import type { StepObserver } from "./step-observer.js";

/** What is computed at the moment. */
interface Place {
  readonly node?: string;
  readonly phase: Phase;
  readonly kind: WorkKind;
}

const between: Place = { phase: "other", kind: "other" };

/** The part of a tape's entry that computes gradients. */
interface TapeEntry {
  gradient?: (...given: unknown[]) => unknown;
}

/** Of a convolution's gradients, which one a kernel computes. */
const gradientKernels: Readonly<Record<string, WorkKind>> = {
  Conv2DBackpropInput: "convolution, input gradient",
  Conv2DBackpropFilter: "convolution, kernel gradient",
};

export class KernelClock implements StepObserver {
  #place: Place = between;
  /** Entries of the tape that are somebody's already. */
  #owned = 0;
  /** Kernels within kernels: only the outermost counts. */
  #depth = 0;
  #stock: readonly KernelConfig[] = [];
  readonly #sums = new Map<string, { place: Place; milliseconds: number }>();
  /** What a device has yet to say. */
  #pending: Promise<void>[] = [];
  readonly #kinds: ReadonlyMap<string, WorkKind>;

  constructor(
    graph: Graph,
    private readonly timer: KernelTimer,
  ) {
    this.#kinds = new Map(graph.nodes.map(({ name, op }) => [name, kindOf[op]]));
  }

  /** Puts a clock round each kernel of a backend, which has been started. */
  start(backend: string): void {
    this.#stock = getKernelsForBackend(backend);
    for (const config of this.#stock) {
      unregisterKernel(config.kernelName, backend);
      registerKernel({ ...config, kernelFunc: (given) => this.#timed(config, given) });
    }
  }

  /** Puts the backend's own kernels back. */
  stop(): void {
    for (const config of this.#stock) {
      unregisterKernel(config.kernelName, config.backendName);
      registerKernel(config);
    }
  }

  /** Forgets what was measured. */
  reset(): void {
    this.#sums.clear();
  }

  /** Waits until every kernel's time is known. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
    this.#pending = [];
  }

  /** Means over so many steps. */
  work(steps: number): readonly Work[] {
    return [...this.#sums.values()].map(({ place, milliseconds }) => ({
      ...place,
      milliseconds: milliseconds / steps,
    }));
  }

  forward(node: string): void {
    if (this.#place.phase !== "forward") this.#owned = 0;
    this.#own();
    this.#place = { node, phase: "forward", kind: this.#kinds.get(node) ?? "other layers" };
  }

  loss(): void {
    this.#own();
    this.#place = { phase: "forward", kind: "loss" };
  }

  differentiated(): void {
    this.#own();
    this.#place = between;
  }

  update(): void {
    this.#place = { phase: "update", kind: "update" };
  }

  /** What has come onto the tape since the last turn belongs to the one whose turn it was. */
  #own(): void {
    const tape = (engine().state.activeTape ?? []) as unknown as TapeEntry[];
    const { node, kind } = this.#place;
    const place: Place = { ...(node !== undefined && { node }), phase: "backward", kind };
    for (const entry of tape.slice(this.#owned)) {
      const { gradient } = entry;
      if (gradient === undefined) continue;
      entry.gradient = (...given) => this.#gradients(place, () => gradient(...given));
    }
    this.#owned = tape.length;
  }

  /** A gradient function gives a function per operand, which computes when it is called. */
  #gradients(place: Place, compute: () => unknown): unknown {
    const made = this.#within(place, compute) as Readonly<Record<string, () => unknown>>;
    return Object.fromEntries(
      Object.entries(made).map(([operand, each]) => [operand, () => this.#within(place, each)]),
    );
  }

  #within(place: Place, compute: () => unknown): unknown {
    const before = this.#place;
    this.#place = place;
    try {
      return compute();
    } finally {
      this.#place = before;
    }
  }

  #timed(
    { kernelName, kernelFunc }: KernelConfig,
    given: Parameters<KernelConfig["kernelFunc"]>[0],
  ): ReturnType<KernelConfig["kernelFunc"]> {
    if (this.#depth > 0) return kernelFunc(given);
    this.#depth++;
    const place = this.#placeOf(kernelName);
    const stop = this.timer();
    try {
      return kernelFunc(given);
    } finally {
      this.#depth--;
      const taken = stop();
      if (typeof taken === "number") this.#add(place, taken);
      else this.#pending.push(taken.then((milliseconds) => this.#add(place, milliseconds)));
    }
  }

  #placeOf(kernel: string): Place {
    const place = this.#place;
    if (place.phase !== "backward" || place.kind !== "convolution") return place;
    return { ...place, kind: gradientKernels[kernel] ?? "convolution, gradients" };
  }

  #add(place: Place, milliseconds: number): void {
    const key = `${place.phase} ${place.kind} ${place.node ?? ""}`;
    const sum = this.#sums.get(key);
    if (sum === undefined) this.#sums.set(key, { place, milliseconds });
    else sum.milliseconds += milliseconds;
  }
}
