/** The rewrites in the order in which they help each other, for programs that train and for those that infer. */
import type { Program } from "../program/program.js";
import { foldBatchNorm } from "./batch-norm-folding.js";
import { foldConstants } from "./constant-folding.js";
import { removeDeadOperations } from "./dead-operations.js";
import { removeDuplicates } from "./duplicates.js";
import { peakLiveBytes } from "./liveness.js";
import { orderForMemory } from "./memory-order.js";
import { fuseShifts } from "./shift-fusion.js";

/** A rewrite computes the same outputs from the same inputs. */
export interface Rewrite {
  readonly name: string;
  readonly apply: (program: Program) => Program;
}

const cleaning: readonly Rewrite[] = [
  { name: "fold constants", apply: foldConstants },
  { name: "remove duplicates", apply: removeDuplicates },
  { name: "remove dead operations", apply: removeDeadOperations },
];

export const trainingRewrites: readonly Rewrite[] = [
  { name: "fuse shifts", apply: fuseShifts },
  ...cleaning,
  { name: "order for memory", apply: orderForMemory },
];

export const inferenceRewrites: readonly Rewrite[] = [
  { name: "fold batch norm", apply: foldBatchNorm },
  ...cleaning,
  { name: "order for memory", apply: orderForMemory },
];

/** Applies rewrites one after the other. */
export function rewrite(program: Program, rewrites: readonly Rewrite[]): Program {
  return rewrites.reduce((current, { apply }) => apply(current), program);
}

/** What a program is after a rewrite. */
export interface Stage {
  readonly name: string;
  readonly program: Program;
  readonly instructions: number;
  readonly peakLiveBytes: number;
}

/** The program as it came and after each rewrite, with its length and its peak. */
export function rewriteStages(program: Program, rewrites: readonly Rewrite[]): readonly Stage[] {
  const stage = (name: string, of: Program): Stage => ({
    name,
    program: of,
    instructions: of.instructions.length,
    peakLiveBytes: peakLiveBytes(of),
  });
  const stages = [stage("as written", program)];
  let current = program;
  for (const { name, apply } of rewrites) {
    current = apply(current);
    stages.push(stage(name, current));
  }
  return stages;
}
