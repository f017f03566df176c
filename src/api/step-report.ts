/**
 * What was measured of a training step, by stage, by kind of work and by node. Times add up to the step: what no
 * kernel accounts for is a figure of its own.
 */
import type { Peaks, StepProfile, Work, WorkKind } from "../engines/step-profile.js";
import type { Graph, Region } from "../graph/graph.js";
import { isWithin } from "../recipe/frozen.js";
import { leastTime, type Demands } from "./work-limits.js";

/**
 * Milliseconds of one step; shares are of the whole step, in [0, 1]: of all kernels together where these, timed
 * one by one, take longer than a step in which the device overlaps them.
 */
export interface StageTime {
  /** A stem, stage or head by its name, `loss`, or `update`. */
  readonly name: string;
  readonly forward: number;
  readonly backward: number;
  readonly share: number;
  /** What its nodes give for the batch, or for the largest of its parts, as training keeps it. */
  readonly activationBytes: number;
  /** Of its trainable weights; gradients, and each slot of the optimizer, take as much again. */
  readonly weightBytes: number;
}

export interface KindTime {
  readonly kind: WorkKind;
  readonly milliseconds: number;
  readonly share: number;
  /** 10^9 additions and multiplications per second; of convolutions and dense layers. */
  readonly gigaflops?: number;
  /**
   * The least time that the machine's peaks allow, divided by the time taken: over 1 where they were measured
   * too low, as on a busy machine, or where the work finds its numbers in caches.
   */
  readonly roofline?: number;
}

export interface NodeTime {
  readonly name: string;
  readonly milliseconds: number;
  readonly share: number;
  readonly gigaflops?: number;
  /** What it gives for the batch, or for the largest of its parts. */
  readonly activationBytes: number;
  readonly weightBytes: number;
}

/** What is measured of a step. */
export interface StepReport {
  /** The mean, as all times here. */
  readonly stepMilliseconds: number;
  readonly imagesPerSecond: number;
  /** The most memory that the process has had. */
  readonly peakBytes: number;
  readonly activationBytes: number;
  readonly weightBytes: number;
  readonly peaks?: Peaks;
  readonly note?: string;
  /** Empty, as the other two, where the engine knows whole steps alone. */
  readonly stages: readonly StageTime[];
  readonly kinds: readonly KindTime[];
  /** The dearest first. */
  readonly nodes: readonly NodeTime[];
  /** Of the step, what is in none of the above; 0 where those take longer than it. */
  readonly unattributed: number;
}

type Memory = Pick<StageTime, "activationBytes" | "weightBytes">;

const noMemory: Memory = { activationBytes: 0, weightBytes: 0 };

function memoryOf(node: string, demands: Demands): Memory {
  return { activationBytes: 4 * demands.kept(node), weightBytes: 4 * demands.weights(node) };
}

/** What the measured work comes to. @param profile of whole steps on the batch that `demands` knows. */
export function stepReport(graph: Graph, profile: StepProfile, demands: Demands): StepReport {
  const { stepMilliseconds, work, note, peaks, peakBytes } = profile;
  const step = stepMilliseconds.reduce((all, each) => all + each, 0) / stepMilliseconds.length;
  const attributed = sum(work);
  const whole = Math.max(step, attributed);
  const memory = (within: (name: string) => boolean): Memory =>
    graph.nodes
      .filter(({ name, op }) => op !== "input" && within(name))
      .map(({ name }) => memoryOf(name, demands))
      .reduce(
        (total, { activationBytes, weightBytes }) => ({
          activationBytes: total.activationBytes + activationBytes,
          weightBytes: total.weightBytes + weightBytes,
        }),
        noMemory,
      );
  return {
    stepMilliseconds: step,
    imagesPerSecond: (demands.batch / step) * 1000,
    peakBytes,
    ...memory(() => true),
    ...(peaks && { peaks }),
    ...(note !== undefined && { note }),
    stages: work.length === 0 ? [] : stagesOf(graph.regions, work, whole, memory),
    kinds: kindsOf(work, whole, demands, peaks),
    nodes: nodesOf(work, whole, demands),
    unattributed: whole - attributed,
  };
}

function stagesOf(
  regions: readonly Region[],
  work: readonly Work[],
  whole: number,
  memory: (within: (name: string) => boolean) => Memory,
): StageTime[] {
  const row = (name: string, of: readonly Work[], memory: Memory): StageTime => ({
    name,
    forward: sum(of.filter(({ phase }) => phase === "forward")),
    backward: sum(of.filter(({ phase }) => phase !== "forward")),
    share: sum(of) / whole,
    ...memory,
  });
  const inRegion = (node: string | undefined): Region | undefined =>
    node === undefined ? undefined : regions.find(({ name }) => isWithin(node, name));
  const rows = regions.map((region) => {
    const within = (node: string): boolean => isWithin(node, region.name);
    return row(
      region.name,
      work.filter(({ node }) => inRegion(node) === region),
      memory(within),
    );
  });
  const rest = work.filter(({ node }) => inRegion(node) === undefined);
  const isUpdate = ({ phase }: Work): boolean => phase === "update";
  const isLoss = ({ kind }: Work): boolean => kind === "loss";
  return [
    ...rows,
    row("loss", rest.filter(isLoss), noMemory),
    row("update", rest.filter(isUpdate), noMemory),
    row(
      "between them",
      rest.filter((each) => !isLoss(each) && !isUpdate(each)),
      noMemory,
    ),
  ].filter(({ forward, backward }) => forward + backward > 0);
}

/** Kinds whose work is what the graph says, also where an engine fuses the others. */
const products: readonly WorkKind[] = [
  "convolution",
  "convolution, input gradient",
  "convolution, kernel gradient",
  "dense",
];

function kindsOf(
  work: readonly Work[],
  whole: number,
  demands: Demands,
  peaks: Peaks | undefined,
): KindTime[] {
  const kinds = [...new Set(work.map(({ kind }) => kind))].map((kind): KindTime => {
    const of = work.filter((each) => each.kind === kind);
    const milliseconds = sum(of);
    const base = { kind, milliseconds, share: milliseconds / whole };
    if (!products.includes(kind)) return base;
    const wanted = demandsOf(of, demands);
    const operations = wanted.reduce((total, each) => total + each.operations, 0);
    const least = peaks && wanted.reduce((total, each) => total + leastTime(each, peaks), 0);
    return {
      ...base,
      gigaflops: operations / milliseconds / 1e6,
      ...(least !== undefined && { roofline: least / milliseconds }),
    };
  });
  return kinds.toSorted((a, b) => b.milliseconds - a.milliseconds);
}

/** What each node does in each pass, once, however many kernels did it. */
function demandsOf(work: readonly Work[], demands: Demands) {
  const passes = new Map(
    work.flatMap((each) =>
      each.node === undefined ? [] : [[`${each.phase} ${each.kind} ${each.node}`, each] as const],
    ),
  );
  return [...passes.values()].map(({ node = "", phase, kind }) =>
    demands.of(node, phase === "backward", kind),
  );
}

function nodesOf(work: readonly Work[], whole: number, demands: Demands): NodeTime[] {
  const byNode = new Map<string, Work[]>();
  for (const each of work) {
    if (each.node === undefined) continue;
    byNode.set(each.node, [...(byNode.get(each.node) ?? []), each]);
  }
  const nodes = [...byNode].map(([name, of]): NodeTime => {
    const milliseconds = sum(of);
    const wanted = demandsOf(
      of.filter(({ kind }) => products.includes(kind)),
      demands,
    );
    const operations = wanted.reduce((total, each) => total + each.operations, 0);
    return {
      name,
      milliseconds,
      share: milliseconds / whole,
      ...(operations > 0 && { gigaflops: operations / milliseconds / 1e6 }),
      ...memoryOf(name, demands),
    };
  });
  return nodes.toSorted((a, b) => b.milliseconds - a.milliseconds);
}

function sum(work: readonly Pick<Work, "milliseconds">[]): number {
  return work.reduce((total, { milliseconds }) => total + milliseconds, 0);
}
