/**
 * Whether a checkpoint is of the network at hand: every parameter has its name and shape, and every
 * operation does the same. The size of the input may differ, as weights do not depend on it.
 */
import { listed } from "../diagnostics/lists.js";
import type { Graph, Node } from "../graph/graph.js";
import { graphParameters } from "../graph/parameters.js";
import type { Checkpoint } from "./checkpoint.js";
import { CheckpointError } from "./errors.js";
import { describeFaults, type Faults } from "./weights/faults.js";
import { trainedWeights } from "./weights/trained-weights.js";

const shownDifferences = 4;

/** What keeps a checkpoint from being of a network. */
export interface ArchitectureFault {
  /** The first few tensors or operations that differ, and how much is the same. */
  readonly differences: string;
  /** Whether a new run could start from its weights all the same. */
  readonly canStart: boolean;
}

/** @returns undefined where the checkpoint is of the network. */
export function architectureFault(
  checkpoint: Checkpoint,
  graph: Graph,
): ArchitectureFault | undefined {
  const { faults, same, all } = tensorFaults(checkpoint, graph);
  if (faults.missing.length + faults.unknown.length + faults.shapes.length > 0) {
    const differences = `${same} of ${all} tensors match; ${describeFaults(faults)}`;
    return { differences, canStart: onlyHeadsDiffer(graph, faults) };
  }
  const differences = nodeDifferences(checkpoint.graph, graph);
  if (differences.length === 0) return undefined;
  const nodes = listed(differences, shownDifferences, ";");
  return { differences: `all ${all} tensors match; ${nodes}`, canStart: true };
}

/**
 * @param path the checkpoint's, for the message.
 * @throws CheckpointError where it is of another network.
 */
export function checkArchitecture(path: string, checkpoint: Checkpoint, graph: Graph): void {
  const fault = architectureFault(checkpoint, graph);
  if (fault !== undefined) throw another(path, checkpoint, graph, fault);
}

function another(
  path: string,
  checkpoint: Checkpoint,
  graph: Graph,
  { differences, canStart }: ArchitectureFault,
): CheckpointError {
  const { name } = checkpoint.graph;
  const those = `use the spec and the parameters of that run${name === graph.name ? "" : ` of ${name}`}`;
  return new CheckpointError(
    `${path} is a checkpoint of another network than ${graph.name}: ${differences}`,
    canStart ? `${those}, or start a new run from its weights with \`--weights ${path}\`` : those,
  );
}

/** Whether a new run could start from the weights: heads of other classes get fresh ones. */
function onlyHeadsDiffer({ outputs }: Graph, { missing, unknown, shapes }: Faults): boolean {
  const isHead = (name: string): boolean =>
    outputs.some(({ node }) => name.slice(0, name.lastIndexOf(".")) === node);
  const sameInputs = ({ there, here }: Faults["shapes"][number]): boolean =>
    there.slice(0, -1).join() === here.slice(0, -1).join();
  return (
    missing.length + unknown.length === 0 &&
    shapes.every((each) => isHead(each.name) && sameInputs(each))
  );
}

function tensorFaults(
  checkpoint: Checkpoint,
  graph: Graph,
): { readonly faults: Faults; readonly same: number; readonly all: number } {
  const found = trainedWeights(checkpoint.state);
  const faults: Faults = { missing: [], unknown: [], shapes: [] };
  const wanted = graphParameters(graph);
  let same = 0;
  for (const { key, shape } of wanted) {
    const there = found.get(key)?.shape;
    found.delete(key);
    if (there === undefined) faults.missing.push(key);
    else if (there.join() !== shape.join()) faults.shapes.push({ name: key, there, here: shape });
    else same++;
  }
  faults.unknown.push(...found.keys());
  return { faults, same, all: wanted.length };
}

/** Differences that leave the parameters as they are: another stride, another activation. */
function nodeDifferences(there: Graph, here: Graph): string[] {
  const others = new Map<string, Node>(there.nodes.map((node) => [node.name, node]));
  const differences: string[] = [];
  for (const node of here.nodes) {
    const other = others.get(node.name);
    others.delete(node.name);
    if (other === undefined) differences.push(`${node.name} (${node.op}) is missing`);
    else if (meaningOf(other) !== meaningOf(node)) {
      differences.push(`${node.name} is ${meaningOf(other)} there and ${meaningOf(node)} here`);
    }
  }
  for (const other of others.values())
    differences.push(`${other.name} (${other.op}) is only there`);
  return differences;
}

/** What a node does, as text with its attributes in one order. */
function meaningOf(node: Node): string {
  const attributes = Object.entries(node.attributes).sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  const written = attributes.map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `${node.op}(${written.join(", ")}) of ${node.inputs.join(", ")}`;
}
