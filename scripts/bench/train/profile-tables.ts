/** The tables of a profile: the time of a step by part, by operator, by both, and by convolution. */
import type { Graph } from "../../../src/graph/graph.js";
import type { Instruction, Program } from "../../../src/passes/program/program.js";
import { table } from "../measure.js";
import { operationsOf, Parts } from "./profile-parts.js";
import type { NodeTime } from "../../../src/engines/onnx/trace.js";

const heading = ["ms", "share", "nodes"];

/** Time under a name, and what was computed in it. */
interface Sum {
  milliseconds: number;
  nodes: number;
  /** The instructions that were counted, each once. */
  readonly instructions: Set<Instruction>;
}

export function profileTables(graph: Graph, program: Program, nodes: readonly NodeTime[]): string {
  const parts = new Parts(graph, program);
  const shapes = new Map(
    [...program.inputs, ...program.instructions].map(({ name, type }) => [name, type.shape]),
  );
  const operations = (instruction: Instruction): number =>
    operationsOf(instruction, (value) => shapes.get(value) ?? []) ?? 0;
  const total = nodes.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const by = (nameOf: (node: NodeTime) => string | undefined): readonly [string, Sum][] =>
    sums(nodes, nameOf, (node) => parts.instructionOf(node.name));
  const print = (title: string, rows: readonly [string, Sum][]): string =>
    table([[title, ...heading], ...rows.map(([name, sum]) => cells(name, sum, total))]);
  // Of nodes that belong to whole instructions.
  const printWithRates = (title: string, rows: readonly [string, Sum][]): string =>
    table([
      [title, ...heading, "GFLOP/s"],
      ...rows.map(([name, sum]) => [...cells(name, sum, total), rate(sum, operations)]),
    ]);
  const partOf = ({ name }: NodeTime): string => parts.partOf(name);
  const convolution = ({ name }: NodeTime): string | undefined => {
    const instruction = parts.instructionOf(name);
    return instruction !== undefined && operations(instruction) > 0 ? instruction.name : undefined;
  };
  const operator = (node: NodeTime): string => node.operator;
  const partAndOperator = (node: NodeTime): string => `${partOf(node)}: ${node.operator}`;
  return [
    printWithRates("by part", [...by(partOf), ...by(() => "all nodes")]),
    print("by operator", by(operator)),
    print("by part and operator", by(partAndOperator).slice(0, 20)),
    printWithRates("convolutions, with what prepares them", by(convolution).slice(0, 20)),
  ].join("\n\n");
}

/** The dearest first. */
function sums(
  nodes: readonly NodeTime[],
  nameOf: (node: NodeTime) => string | undefined,
  instructionOf: (node: NodeTime) => Instruction | undefined,
): readonly [string, Sum][] {
  const found = new Map<string, Sum>();
  for (const node of nodes) {
    const name = nameOf(node);
    if (name === undefined) continue;
    const sum = found.get(name) ?? { milliseconds: 0, nodes: 0, instructions: new Set() };
    found.set(name, sum);
    sum.milliseconds += node.milliseconds;
    sum.nodes++;
    const instruction = instructionOf(node);
    if (instruction !== undefined) sum.instructions.add(instruction);
  }
  return [...found].toSorted(([, left], [, right]) => right.milliseconds - left.milliseconds);
}

function cells(name: string, { milliseconds, nodes }: Sum, total: number): readonly string[] {
  const share = `${((100 * milliseconds) / total).toFixed(1)}%`;
  return [name, milliseconds.toFixed(1), share, String(nodes)];
}

/** 10^9 operations of convolutions per second. */
function rate(
  { milliseconds, instructions }: Sum,
  operations: (instruction: Instruction) => number,
): string {
  const count = [...instructions].reduce((sum, instruction) => sum + operations(instruction), 0);
  return count === 0 ? "" : (count / milliseconds / 1e6).toFixed(1);
}
