/** How many bytes of computed values are alive at once when a program runs in its order. */
import type { Instruction, Program } from "../program/program.js";
import { bytesOf } from "../program/value-type.js";

/** Results that take no memory of their own: constants, and views of their operand. */
const views: readonly string[] = ["reshape", "broadcast"];

/** Bytes that an instruction's result takes. */
export function resultBytes({ primitive, type }: Instruction): number {
  return primitive === "constant" || views.includes(primitive) ? 0 : bytesOf(type);
}

/** For every instruction the values whose memory it reads: operands, looked through views. */
export function memoryReads(program: Program): {
  readonly reads: ReadonlyMap<string, readonly string[]>;
  readonly kept: ReadonlySet<string>;
} {
  const roots = new Map<string, string>();
  const rootOf = (name: string): string => roots.get(name) ?? name;
  const reads = new Map<string, readonly string[]>();
  for (const { name, primitive, operands } of program.instructions) {
    const [first] = operands;
    if (views.includes(primitive) && first !== undefined) roots.set(name, rootOf(first));
    reads.set(name, [...new Set(operands.map(rootOf))]);
  }
  return { reads, kept: new Set(program.outputs.map(({ value }) => rootOf(value))) };
}

/**
 * The largest sum of bytes of computed values that are alive at once. A value lives from its instruction
 * to its last reader, an output to the end; the program's inputs, which the caller holds, do not count.
 */
export function peakLiveBytes(program: Program): number {
  const { reads, kept } = memoryReads(program);
  const lastReader = new Map<string, string>();
  for (const [reader, values] of reads) for (const name of values) lastReader.set(name, reader);
  const bytes = new Map(program.instructions.map((each) => [each.name, resultBytes(each)]));
  let live = 0;
  let peak = 0;
  for (const { name } of program.instructions) {
    live += bytes.get(name) ?? 0;
    peak = Math.max(peak, live);
    for (const value of [...(reads.get(name) ?? []), name]) {
      const over = value === name ? !lastReader.has(name) : lastReader.get(value) === name;
      if (over && !kept.has(value)) live -= bytes.get(value) ?? 0;
    }
  }
  return peak;
}
