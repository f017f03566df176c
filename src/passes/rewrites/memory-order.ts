/**
 * Reorders instructions so that fewer bytes are alive at once. As in XLA's memory scheduler, several
 * orders are tried and the best one is taken; the order that came in is one of them, so the peak
 * never rises.
 */
import type { Instruction, Program } from "../program/program.js";
import { memoryReads, peakLiveBytes, resultBytes } from "./liveness.js";

export function orderForMemory(program: Program): Program {
  const candidates = [program, inListOrder(program), inDepthOrder(program)];
  const peaks = candidates.map(peakLiveBytes);
  return candidates[peaks.indexOf(Math.min(...peaks))] ?? program;
}

/** How many instructions that can run are compared, so that the work is linear in the program. */
const choices = 256;

/** Of the instructions that can run, always the one that frees most beyond what it takes. */
function inListOrder(program: Program): Program {
  const { reads, kept } = memoryReads(program);
  const byName = new Map(program.instructions.map((each) => [each.name, each]));
  const bytes = new Map(program.instructions.map((each) => [each.name, resultBytes(each)]));
  const readersLeft = new Map<string, number>();
  for (const values of reads.values())
    for (const name of values) readersLeft.set(name, (readersLeft.get(name) ?? 0) + 1);
  const dependents = new Map<string, Instruction[]>();
  const missing = new Map<string, number>();
  for (const instruction of program.instructions) {
    const computed = [...new Set(instruction.operands)].filter((name) => byName.has(name));
    missing.set(instruction.name, computed.length);
    for (const name of computed) {
      const others = dependents.get(name);
      if (others === undefined) dependents.set(name, [instruction]);
      else others.push(instruction);
    }
  }
  const gain = ({ name }: Instruction): number => {
    let freed = -(bytes.get(name) ?? 0);
    for (const value of reads.get(name) ?? []) {
      if (readersLeft.get(value) === 1 && !kept.has(value)) freed += bytes.get(value) ?? 0;
    }
    return freed;
  };
  const ready = program.instructions.filter(({ name }) => missing.get(name) === 0);
  const instructions: Instruction[] = [];
  while (ready.length > 0) {
    let best = 0;
    let most = -Infinity;
    for (const [index, candidate] of ready.slice(0, choices).entries()) {
      const bytesGained = gain(candidate);
      if (bytesGained > most) [best, most] = [index, bytesGained];
    }
    const [next] = ready.splice(best, 1) as [Instruction];
    instructions.push(next);
    for (const value of reads.get(next.name) ?? []) {
      readersLeft.set(value, (readersLeft.get(value) ?? 0) - 1);
    }
    for (const dependent of dependents.get(next.name) ?? []) {
      const left = (missing.get(dependent.name) ?? 0) - 1;
      missing.set(dependent.name, left);
      if (left === 0) ready.push(dependent);
    }
  }
  return { ...program, instructions };
}

/** Every value just before it is first needed: depth first from the outputs, large operands first. */
function inDepthOrder(program: Program): Program {
  const byName = new Map(program.instructions.map((each) => [each.name, each]));
  const bytes = new Map(program.instructions.map((each) => [each.name, resultBytes(each)]));
  const instructions: Instruction[] = [];
  const done = new Set<string>();
  const stack: { readonly name: string; readonly opened: boolean }[] = [];
  const push = (names: readonly string[]): void => {
    const bySize = names.toSorted((a, b) => (bytes.get(a) ?? 0) - (bytes.get(b) ?? 0));
    for (const name of bySize) stack.push({ name, opened: false });
  };
  const read = new Set(program.instructions.flatMap(({ operands }) => operands));
  for (const { name } of program.instructions) {
    if (read.has(name)) continue;
    push([name]);
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const instruction = byName.get(top.name);
      if (instruction === undefined || done.has(top.name)) continue;
      if (top.opened) {
        done.add(top.name);
        instructions.push(instruction);
        continue;
      }
      stack.push({ name: top.name, opened: true });
      push(instruction.operands);
    }
  }
  return { ...program, instructions };
}
