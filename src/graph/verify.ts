/**
 * Verifies a graph: every node's operands stand before it, its type is what its operation's shape
 * rule gives, names are unique, heads name nodes that exist, and the sizes are what they come to. A fault is a bug of whoever made the
 * graph, or a file that was changed by hand.
 */
import type { OpName } from "../ops/attributes.js";
import type { Operation } from "../ops/operation.js";
import { operations } from "../ops/registry.js";
import { decideEqual, printType, sameType, type Domain, type TensorType } from "../shapes/index.js";
import { graphSizes } from "./sizes.js";
import type { Graph, Node, NodeOf } from "./graph.js";

/** @returns one line per fault; none for a sound graph. */
export function verifyGraph(graph: Graph): readonly string[] {
  const faults: string[] = [];
  const before = new Map<string, Node>();
  const domains = new Map(graph.domains.map((domain) => [domain.symbol, domain]));
  const domainOf = (symbol: string): Domain => domains.get(symbol) ?? { symbol, conditions: [] };
  for (const node of graph.nodes) {
    if (before.has(node.name)) faults.push(`${node.name}: the name is taken twice`);
    const fault = nodeFault(node, before, domainOf);
    if (fault !== undefined) faults.push(`${node.name}: ${fault}`);
    before.set(node.name, node);
  }
  const inputs = graph.nodes.filter((node) => node.op === "input");
  if (inputs.length !== 1) faults.push(`the graph has ${inputs.length} inputs, not one`);
  if (graph.outputs.length === 0) faults.push("the graph has no head");
  for (const { name, node } of graph.outputs) {
    if (!before.has(node)) faults.push(`head ${name}: its node ${node} is missing`);
  }
  if (faults.length > 0 || graph.sizes === undefined) return faults;
  const isTrue = JSON.stringify(graph.sizes) === JSON.stringify(graphSizes(graph));
  return isTrue ? [] : ["its sizes are not what its domains and nodes come to"];
}

function nodeFault(
  node: Node,
  before: ReadonlyMap<string, Node>,
  domainOf: (symbol: string) => Domain,
): string | undefined {
  if (!Object.hasOwn(operations, node.op)) return `there is no operation ${String(node.op)}`;
  const operands: TensorType[] = [];
  for (const name of node.inputs) {
    const operand = before.get(name);
    if (operand === undefined) return `its operand ${name} does not stand before it`;
    operands.push(operand.type);
  }
  const wanted = operations[node.op].operands;
  const fits = wanted === "several" ? operands.length >= 2 : operands.length === wanted;
  if (!fits) return `it has ${operands.length} operands, and ${node.op} takes ${wanted}`;
  return node.op === "input" ? undefined : typeFault(node as NodeOf<OpName>, operands, domainOf);
}

function typeFault<K extends OpName>(
  { op, attributes, type }: NodeOf<K>,
  operands: readonly TensorType[],
  domainOf: (symbol: string) => Domain,
): string | undefined {
  const operation: Operation<K> = operations[op];
  const result = operation.type(attributes, operands, (left, right) => {
    const differing = left.spatial.findIndex(
      (extent, axis) => decideEqual(extent, right.spatial[axis] ?? -1, domainOf).kind !== "equal",
    );
    return differing < 0 ? undefined : differing === 0 ? "height" : "width";
  });
  if (result.problem) return `its operands do not fit (${result.problem.kind})`;
  if (sameType(result.type, type)) return undefined;
  return `its type is ${printType(type)}, where the shape rule gives ${printType(result.type)}`;
}
