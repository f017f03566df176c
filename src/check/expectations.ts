/** Evaluates `expect`: the unit test of an architecture, against the cost of its graph. */
import { diagnostic, type Help } from "../diagnostics/diagnostic.js";
import type { Graph } from "../graph/graph.js";
import { textOf } from "../source/source.js";
import type {
  Argument,
  BinaryOperatorText,
  Call,
  ExpectItem,
  Expression,
  Name,
} from "../syntax/ast.js";
import { evaluate } from "./evaluate.js";
import { Measuring, measures, measureSlots, type Measure } from "./measures.js";
import { unknownName, type Scope } from "./scope.js";
import { exampleSize, nameWithin } from "./size-names.js";
import { describeValue, printValue, type Value } from "./value.js";

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

const compared = `what can be compared: ${measures.map((name) => `\`${name}\``).join(", ")}`;

function testCondition(graph: Graph, condition: Expression, scope: Scope): void {
  const { found, notes } = scope;
  const comparison =
    condition.kind === "binary" && condition.operator in relations ? condition : undefined;
  const call = comparison && callOf(comparison.left);
  const measure = call && measures.find((name) => name === call.callee.text);
  if (comparison === undefined || call === undefined) {
    found.add(diagnostic("R0402", condition.span, {}, { notes, help: compared }));
  } else if (measure === undefined) {
    found.add({ ...unknownName(call.callee, "measure", measures), notes });
  } else testMeasure(graph, measure, call, comparison, scope);
}

/** Compares a measure with what is expected of it. */
function testMeasure(
  graph: Graph,
  measure: Measure,
  call: Call,
  comparison: Comparison,
  scope: Scope,
): void {
  const { found, notes } = scope;
  const size = sizeSpokenOf(graph, call, comparison);
  if (size) {
    const help = atOneSize(graph, measure, call, comparison, scope);
    found.add({
      ...diagnostic("R0201", size.span, { kind: "value", name: size.text }, { help }),
      notes,
    });
  } else {
    const measured = new Measuring(graph, measure, call, scope).value();
    const wanted = evaluate(comparison.right, scope);
    if (measured !== undefined && wanted !== undefined) {
      compare(measured, comparison, wanted, scope);
    }
  }
}

/** The name of one of the input's sizes, where an expectation speaks of it. */
function sizeSpokenOf(graph: Graph, call: Call, { right }: Comparison): Name | undefined {
  const isSize = (name: string): boolean => graph.domains.some(({ symbol }) => symbol === name);
  const head = call.arguments.filter(({ name }) => name !== undefined);
  for (const each of [...head.map(({ value }) => value), right]) {
    const name = nameWithin(each, isSize);
    if (name) return name;
  }
  return undefined;
}

/** What holds of the network at one size, where it is expected of any. */
function atOneSize(
  graph: Graph,
  measure: Measure,
  call: Call,
  { operator, span }: Comparison,
  scope: Scope,
): Help {
  const words = "the sizes of the input are no values in an expectation";
  const rest = call.arguments.filter(({ name }) => name?.text !== "at");
  const size = exampleSize(graph, 64);
  const at: Argument = {
    slash: false,
    name: { text: "at", span },
    value: { kind: "dimensions", values: [...size], span },
    span,
  };
  const takesSize = measureSlots[measure].some(({ name }) => name === "at");
  const given = { ...call, arguments: takesSize ? [...rest, at] : rest };
  const measured = new Measuring(graph, measure, given, scope).value();
  const bound = bounds[operator];
  if (measured === undefined || bound === undefined) return { text: words };
  const shown = rest.map((argument) => textOf(argument.span));
  if (takesSize) shown.push(`at: ${size.join("x")}`);
  const subject = shown.length === 0 ? measure : `${measure}(${shown.join(", ")})`;
  const text = `${subject} ${bound} ${show(measured)}`;
  const edits = [{ span, text }];
  return { text: `${words}: write \`${text}\``, edits, applicability: "unsafe" };
}

function callOf(expression: Expression): Call | undefined {
  if (expression.kind === "call") return expression.call;
  if (expression.kind !== "name") return undefined;
  return { callee: expression.name, arguments: [], span: expression.span };
}

/** A number, or a shape as text. */
type Measured = number | string;

type Comparison = Extract<Expression, { kind: "binary" }>;

function compare(
  measured: Measured,
  comparison: Comparison,
  wanted: Value,
  { found, notes }: Scope,
): void {
  const { operator, right, span } = comparison;
  const isNumber = typeof measured === "number";
  const isEquality = operator === "==" || operator === "!=";
  if (isNumber ? wanted.kind !== "number" : !isEquality) {
    const expected = isNumber ? "a number" : "`==` or `!=`, as a shape has no order";
    const shown = isNumber ? describeValue(wanted) : `\`${operator}\``;
    found.add(diagnostic("R0212", right.span, { expected, found: shown }, { notes }));
    return;
  }
  const holds =
    isNumber && wanted.kind === "number"
      ? relations[operator]?.(measured, wanted.value)
      : (String(measured) === printValue(wanted)) === (operator === "==");
  if (holds) return;
  const shown = show(measured);
  const holes = { expectation: textOf(span).replace(/\s+/g, " "), found: shown };
  const help = correction(comparison, measured, wanted);
  found.add(diagnostic("R0401", span, holes, { notes, ...(help && { help }) }));
}

function show(measured: Measured): string {
  if (typeof measured === "string") return measured;
  return Number.isFinite(measured) ? group(measured, "_") : "the whole image";
}

/** The bound that would hold, if the network is right; none for `!=`. */
function correction(
  { operator, left, right, span }: Comparison,
  measured: Measured,
  wanted: Value,
): Help | undefined {
  const bound = bounds[operator];
  if (bound === undefined || measured === Infinity) return undefined;
  const shown = show(measured);
  const subject = textOf(left.span).replace(/\s+/g, " ");
  const far =
    typeof measured === "number" && wanted.kind === "number" && measured !== wanted.value
      ? ` (${measured > wanted.value ? "+" : "-"}${group(Math.abs(measured - wanted.value), "_")})`
      : "";
  const text = `if the network is right, write \`${subject} ${bound} ${shown}\`${far}`;
  const between = span.file.span(left.span.end, right.span.start);
  const edits = [{ span: right.span, text: shown }];
  if (bound !== operator) {
    edits.unshift({ span: between, text: textOf(between).replace(operator, bound) });
  }
  return { text, edits, applicability: "unsafe" };
}

const bounds: Partial<Record<BinaryOperatorText, BinaryOperatorText>> = {
  "==": "==",
  "<": "<=",
  "<=": "<=",
  ">": ">=",
  ">=": ">=",
};

function group(value: number, separator: string): string {
  return Number.isInteger(value)
    ? String(value).replace(/\B(?=(\d{3})+(?!\d))/g, separator)
    : String(value);
}
