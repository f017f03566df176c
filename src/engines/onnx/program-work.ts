/**
 * Which work of a training step a node of the runtime does: a node bears the name of the program's instruction for
 * which it was written, and that name holds the name of the graph's node. What the runtime fuses into one node
 * counts as the first thing in it.
 */
import type { Graph, Node } from "../../graph/graph.js";
import type { Instruction, Program } from "../../passes/program/program.js";
import { kindOf } from "../node-work.js";
import type { Work, WorkKind } from "../step-profile.js";
import type { NodeTime } from "./trace.js";

type Place = Omit<Work, "milliseconds">;

const update: Place = { phase: "update", kind: "update" };
const other: Place = { phase: "other", kind: "other" };

/** The instructions of a program, found by what a node of the runtime is called. */
export class Instructions {
  readonly #byName: ReadonlyMap<string, Instruction>;

  constructor(program: Program) {
    this.#byName = new Map(program.instructions.map((one) => [one.name, one]));
  }

  named(name: string): Instruction | undefined {
    return this.#byName.get(name);
  }

  /** The instruction for which a node was written. Undefined for what the runtime put in by itself. */
  of(node: string): Instruction | undefined {
    for (let end = node.lastIndexOf("/"); end > 0; end = node.lastIndexOf("/", end - 1)) {
      const found = this.#byName.get(node.slice(0, end));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** The work of every node that took time, in the order of the trace. */
export function workOf(
  graph: Graph,
  program: Program,
  nodes: readonly NodeTime[],
): readonly Work[] {
  const instructions = new Instructions(program);
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  return nodes.map(({ name, milliseconds }) => ({
    ...placeOf(byName, name, instructions.of(name)),
    milliseconds,
  }));
}

function placeOf(
  nodes: ReadonlyMap<string, Node>,
  name: string,
  instruction: Instruction | undefined,
): Place {
  if (instruction === undefined) {
    return /^(weights|optimizer|average|sum)\//.test(name) ? update : other;
  }
  const scopes = instruction.name.split("/");
  const [first = ""] = scopes;
  if (["update", "schedule", "average", "clip", "accumulate"].includes(first)) return update;
  const backward = first === "gradient";
  const scope = (backward ? scopes[1] : first) ?? "";
  const node = nodes.get(scope);
  if (node === undefined) {
    if (backward || scope === "loss") {
      return { phase: backward ? "backward" : "forward", kind: "loss" };
    }
    return other;
  }
  if (!backward) return { node: scope, phase: "forward", kind: kindOf[node.op] };
  return { node: scope, phase: "backward", kind: gradientKind(node, instruction) };
}

function gradientKind(node: Node, { primitive }: Instruction): WorkKind {
  if (primitive === "convInputGradient") return "convolution, input gradient";
  if (primitive === "convKernelGradient") return "convolution, kernel gradient";
  // Where a value is read twice, its gradients meet.
  return node.op === "conv" ? "sums of gradients" : kindOf[node.op];
}
