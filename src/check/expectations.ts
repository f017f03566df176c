/** Evaluates `expect`: the unit test of an architecture, against the cost of its graph. */
import { diagnostic, type Collector, type Edit } from "../diagnostics/diagnostic.js";
import { activationBytes, graphCost } from "../graph/cost.js";
import type { Graph } from "../graph/graph.js";
import { lastMapField } from "../graph/receptive-field.js";
import { inputOf, nodesByName, type Sizes } from "../graph/traversal.js";
import { printType } from "../shapes/index.js";
import { textOf } from "../source/source.js";
import type { BinaryOperatorText, Call, ExpectItem, Expression } from "../syntax/ast.js";
import { evaluate } from "./evaluate.js";
import type { Scope } from "./scope.js";
import { unknownName } from "./scope.js";
import { printValue, type Value } from "./value.js";

/** What an `expect` can speak of. */
export const measures = ["params", "macs", "memory", "receptive_field", "output"] as const;
type Measure = (typeof measures)[number];

/** Tests every expectation; what fails is reported at its condition. */
export function testExpectations(graph: Graph, items: readonly ExpectItem[], scope: Scope): void {
  for (const condition of items.flatMap((item) => item.conditions)) {
    testCondition(graph, condition, scope);
  }
}

const relations: Partial<Record<BinaryOperatorText, (a: number, b: number) => boolean>> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

function testCondition(graph: Graph, condition: Expression, scope: Scope): void {
  const { found, notes } = scope;
  if (condition.kind !== "binary" || !(condition.operator in relations)) {
    found.add(diagnostic("R0402", condition.span, {}, { notes }));
    return;
  }
  const call = callOf(condition.left);
  const measure = call && measures.find((name) => name === call.callee.text);
  if (call === undefined || measure === undefined) {
    if (call) found.add(unknownName(call.callee, "measure", measures));
    else found.add(diagnostic("R0402", condition.span, {}, { notes }));
    return;
  }
  const measured = measureGraph(graph, measure, call, scope);
  const wanted = evaluate(condition.right, scope);
  if (measured === undefined || wanted === undefined) return;
  compare(measure, measured, condition, wanted, scope);
}

function callOf(expression: Expression): Call | undefined {
  if (expression.kind === "call") return expression.call;
  if (expression.kind !== "name") return undefined;
  return { callee: expression.name, arguments: [], span: expression.span };
}

/** A number, or a shape as text. */
type Measured = number | string;

function compare(
  measure: Measure,
  measured: Measured,
  condition: Extract<Expression, { kind: "binary" }>,
  wanted: Value,
  { found, notes }: Scope,
): void {
  const { operator, right } = condition;
  const holds =
    typeof measured === "number" && wanted.kind === "number"
      ? relations[operator]?.(measured, wanted.value)
      : operator === "=="
        ? String(measured) === printValue(wanted)
        : operator === "!=" && String(measured) !== printValue(wanted);
  if (holds) return;
  const shown = typeof measured === "number" ? group(measured, "_") : measured;
  const holes = { expectation: textOf(condition.span), found: shown };
  const edits: Edit[] = operator === "==" ? [{ span: right.span, text: shown }] : [];
  const far =
    typeof measured === "number" && wanted.kind === "number"
      ? ` (${measured > wanted.value ? "+" : "-"}${group(Math.abs(measured - wanted.value), "_")})`
      : "";
  const help = `if the network is right, write \`${measure} ${operator} ${shown}\`${far}`;
  found.add(diagnostic("R0401", condition.span, holes, { notes, help: { text: help, edits } }));
}

function group(value: number, separator: string): string {
  return Number.isInteger(value)
    ? String(value).replace(/\B(?=(\d{3})+(?!\d))/g, separator)
    : String(value);
}

function measureGraph(
  graph: Graph,
  measure: Measure,
  call: Call,
  scope: Scope,
): Measured | undefined {
  switch (measure) {
    case "params":
      return graphCost(graph).parameters;
    case "macs":
      return sized(measure, graphCost(graph, sizesAt(graph, call, scope)).macs, call, scope.found);
    case "memory": {
      const { activations } = graphCost(graph, sizesAt(graph, call, scope));
      const sum = sized(measure, activations, call, scope.found);
      const batch = argument(call, "batch", scope);
      const images = batch?.kind === "number" ? batch.value : 1;
      return sum === undefined ? undefined : activationBytes(sum, images);
    }
    case "receptive_field": {
      const [height, width] = lastMapField(graph).size;
      return height === width ? height : `${height}x${width}`;
    }
    case "output":
      return outputShape(graph, call, scope);
  }
}

function sized(
  what: Measure,
  value: number | undefined,
  call: Call,
  found: Collector,
): number | undefined {
  if (value === undefined) found.add(diagnostic("R0403", call.span, { what }));
  return value;
}

function argument(call: Call, name: string, scope: Scope): Value | undefined {
  const given = call.arguments.find((each) => each.name?.text === name);
  return given && evaluate(given.value, scope);
}

/** `macs(at: 224x224)`: the sizes of the input's symbols. */
function sizesAt(graph: Graph, call: Call, scope: Scope): Sizes {
  const at = argument(call, "at", scope);
  if (at?.kind !== "dimensions") return new Map();
  return new Map(
    inputOf(graph).type.spatial.flatMap((extent, axis): [string, number][] => {
      const size = at.values[axis];
      return typeof extent === "number" || size === undefined ? [] : [[extent.symbol, size]];
    }),
  );
}

/** `output == 1000`, or `output(classify) == 1000` where there are several heads. */
function outputShape(graph: Graph, call: Call, { found, notes }: Scope): string | undefined {
  const given = call.arguments[0]?.value;
  const name = given?.kind === "name" ? given.name : undefined;
  const head = name
    ? graph.outputs.find((output) => output.name === name.text)
    : graph.outputs.at(-1);
  if (head === undefined) {
    if (name) {
      const heads = graph.outputs.map((output) => output.name);
      found.add({ ...unknownName(name, "head", heads), notes });
    }
    return undefined;
  }
  const node = nodesByName(graph).get(head.node);
  return node && printType(node.type);
}
