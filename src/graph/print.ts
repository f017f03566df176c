/** Prints a graph as text, one node a line, for people and for tests. */
import type { OpName } from "../ops/attributes.js";
import { printDomain, printType } from "../shapes/index.js";
import type { Graph, Node } from "./graph.js";

/** The graph as text: `name = op(operands) attributes : type`. */
export function printGraph(graph: Graph): string {
  const where = graph.domains.map(printDomain).join(", ");
  const head = `graph ${graph.name}${where === "" ? "" : ` where ${where}`} {`;
  const outputs = graph.outputs.map(({ name, node }) => `  head ${name} = ${node}`);
  return [head, ...graph.nodes.map((node) => `  ${printNode(node)}`), ...outputs, "}", ""].join(
    "\n",
  );
}

function printNode(node: Node): string {
  const attributes = Object.entries(node.attributes as Readonly<Record<string, unknown>>)
    .filter(([name, value]) => !isUsual(node.op, name, value))
    .map(([name, value]) => `${name} ${printAttribute(value)}`);
  const call = `${node.op}(${[...node.inputs, ...attributes].join(", ")})`;
  return `${node.name} = ${call} : ${printType(node.type)}`;
}

function printAttribute(value: unknown): string {
  return Array.isArray(value) ? value.join("x") : String(value);
}

const usual: Readonly<Record<string, string>> = {
  stride: "1x1",
  padding: "0x0",
  dilation: "1x1",
  groups: "1",
  ceil: "false",
  epsilon: String(1e-5),
  momentum: "0.9",
  gamma: "1",
};

/** What goes without saying is left out. */
function isUsual(op: OpName, name: string, value: unknown): boolean {
  if (name === "bias") return value === (op === "dense");
  return usual[name] === printAttribute(value);
}
