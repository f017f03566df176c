/**
 * Whether a checkpoint is of the network at hand: every parameter has its name and shape, and every
 * operation does the same. The size of the input may differ, as weights do not depend on it.
 */
import type { Graph, Node } from "../graph/graph.js";
import { graphParameters } from "../graph/parameters.js";
import type { Checkpoint } from "./checkpoint.js";
import { CheckpointError } from "./errors.js";

const shownDifferences = 4;

/**
 * @param path the checkpoint's, for the message.
 * @throws CheckpointError naming the first few tensors or operations that differ.
 */
export function checkArchitecture(path: string, checkpoint: Checkpoint, graph: Graph): void {
  const tensors = tensorDifferences(checkpoint, graph);
  const differences = tensors.length > 0 ? tensors : nodeDifferences(checkpoint.graph, graph);
  if (differences.length === 0) return;
  const more = differences.length - shownDifferences;
  const shown = differences.slice(0, shownDifferences).join("; ");
  throw new CheckpointError(
    `${path} is a checkpoint of another network than ${graph.name}: ` +
      (more > 0 ? `${shown}; and ${more} more` : shown),
    `it was trained as ${checkpoint.graph.name}: use the spec and the parameters of that run, ` +
      "or train this network from the start",
  );
}

function tensorDifferences(checkpoint: Checkpoint, graph: Graph): string[] {
  const differences: string[] = [];
  const wanted = new Set<string>();
  for (const { key, shape } of graphParameters(graph)) {
    wanted.add(`weights/${key}`);
    const found = checkpoint.state.tensors.get(`weights/${key}`)?.shape;
    if (found === undefined) differences.push(`${key} is missing`);
    else if (found.join() !== shape.join()) {
      differences.push(`${key} is ${found.join("x")} there and ${shape.join("x")} here`);
    }
  }
  for (const key of checkpoint.state.tensors.keys()) {
    if (!key.startsWith("weights/") || wanted.has(key)) continue;
    differences.push(`${key.slice("weights/".length)} is only there`);
  }
  return differences;
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
