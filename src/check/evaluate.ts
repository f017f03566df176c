/**
 * Evaluates expressions. What goes wrong is reported once, and the value is then `undefined`, which
 * raises nothing further wherever it goes.
 */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.js";
import type { BinaryOperatorText, Call, Expression } from "../syntax/ast.js";
import { callFunction, functionNames } from "./functions.js";
import { blame, constantNames, lookUp, unknownName, type Scope } from "./scope.js";
import { describeValue, kindNames, printValue, sameValue, type Value } from "./value.js";

/** The value of an expression, or `undefined` where it has none and that has been reported. */
export function evaluate(expression: Expression, scope: Scope): Value | undefined {
  scope.budget.spend(1);
  switch (expression.kind) {
    case "number":
      return { kind: "number", value: expression.value };
    case "string":
      return { kind: "string", value: expression.value };
    case "dimensions":
      return { kind: "dimensions", values: expression.values };
    case "name":
      return evaluateName(expression.name, scope);
    case "always":
      return evaluateAlways(expression, scope);
    case "list":
      return evaluateList(expression.items, scope);
    case "index":
      return evaluateIndex(expression, scope);
    case "call":
      return evaluateCall(expression.call, scope);
    case "unary":
      return evaluateUnary(expression, scope);
    case "binary":
      return evaluateBinary(expression, scope);
  }
}

type Of<K extends Expression["kind"]> = Extract<Expression, { kind: K }>;

function report(scope: Scope, found: Diagnostic): undefined {
  scope.found.add({ ...found, notes: [...found.notes, ...scope.notes] });
}

function mismatch(scope: Scope, at: Expression, expected: string, value: Value): undefined {
  const holes = { expected, found: describeValue(value) };
  const blamed = blame(scope, at);
  return report(scope, diagnostic("R0212", blamed.at, holes, { related: blamed.related }));
}

function evaluateName(name: Of<"name">["name"], scope: Scope): Value | undefined {
  const looked = lookUp(scope, name.text);
  if (looked.known) return looked.value;
  if (scope.found.isFlooded) return report(scope, unknownName(name, "value", []));
  const candidates = [...scope.values.keys(), ...constantNames, ...scope.unit.names.keys()];
  return report(scope, unknownName(name, "value", candidates));
}

function evaluateAlways(expression: Of<"always">, scope: Scope): Value | undefined {
  if (expression.name.text === "project") return { kind: "shortcut", form: "project always" };
  const holes = { expected: "`project always`", found: `\`${expression.name.text} always\`` };
  return report(scope, diagnostic("R0212", expression.span, holes));
}

function evaluateList(items: readonly Expression[], scope: Scope): Value | undefined {
  const values: Value[] = [];
  let whole = true;
  for (const item of items) {
    const value = evaluate(item, scope);
    if (value) values.push(value);
    else whole = false;
  }
  return whole ? { kind: "list", items: values } : undefined;
}

function evaluateIndex(expression: Of<"index">, scope: Scope): Value | undefined {
  const list = evaluate(expression.list, scope);
  const at = evaluate(expression.at, scope);
  if (!list || !at) return undefined;
  if (list.kind !== "list") return mismatch(scope, expression.list, "a list", list);
  if (at.kind !== "number") return mismatch(scope, expression.at, "a number", at);
  const item = list.items[at.value];
  if (item) return item;
  const { length } = list.items;
  const holes = { items: length === 1 ? "1 item" : `${length} items`, index: at.value };
  const label = `the list is ${printValue(list)}`;
  const help = `items are counted from 0: the last is item ${length - 1}`;
  const details = { label, ...(length > 0 && { help }) };
  return report(scope, diagnostic("R0213", expression.at.span, holes, details));
}

function evaluateCall(call: Call, scope: Scope): Value | undefined {
  const given = call.arguments.map(({ value }) => evaluate(value, scope));
  if (!functionNames.includes(call.callee.text)) {
    return report(scope, unknownName(call.callee, "function", functionNames));
  }
  const values = given.filter((value) => value !== undefined);
  if (values.length < given.length) return undefined;
  const { text } = call.callee;
  for (const value of values) if (value.kind === "list") scope.budget.spend(value.items.length);
  const result = callFunction(text, values);
  if (typeof result !== "string") return result;
  const shown = values.slice(0, 8).map(printValue);
  if (values.length > shown.length) shown.push("…");
  const holes = { expected: result, found: `\`${text}(${shown.join(", ")})\`` };
  const [only, ...more] = call.arguments;
  const blamed = only && more.length === 0 ? blame(scope, only.value) : undefined;
  // What a parameter was given as is wrong there; what is written in the call is the call's own mistake.
  const isGiven = blamed !== undefined && blamed.at !== only?.value.span;
  const details = isGiven ? { related: blamed.related } : {};
  return report(scope, diagnostic("R0212", isGiven ? blamed.at : call.span, holes, details));
}

/** `--x`, `!!x`: sign after sign, in a loop, as there may be many. */
function evaluateUnary(expression: Of<"unary">, scope: Scope): Value | undefined {
  const signs: Of<"unary">[] = [];
  let inner: Expression = expression;
  for (; inner.kind === "unary"; inner = inner.operand) signs.push(inner);
  let value = evaluate(inner, scope);
  for (const { operator, operand } of signs.reverse()) {
    if (value === undefined) return undefined;
    if (operator === "-") {
      if (value.kind !== "number") return mismatch(scope, operand, "a number", value);
      value = { kind: "number", value: -value.value };
    } else {
      if (value.kind !== "boolean") return mismatch(scope, operand, "true or false", value);
      value = { kind: "boolean", value: !value.value };
    }
  }
  return value;
}

const arithmetic: Partial<Record<BinaryOperatorText, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a - b * Math.floor(a / b),
};

const comparisons: Partial<Record<BinaryOperatorText, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** `a + b + c …` leans to the left: it is folded in a loop, however long it is. */
function evaluateBinary(expression: Of<"binary">, scope: Scope): Value | undefined {
  const pending: Of<"binary">[] = [];
  let inner: Expression = expression;
  for (; inner.kind === "binary"; inner = inner.left) pending.push(inner);
  let left = evaluate(inner, scope);
  for (const each of pending.reverse()) {
    const right = evaluate(each.right, scope);
    left = left && right && applyBinary(each, left, right, scope);
  }
  return left;
}

function applyBinary(
  expression: Of<"binary">,
  left: Value,
  right: Value,
  scope: Scope,
): Value | undefined {
  const { operator } = expression;
  if (operator === "==" || operator === "!=") {
    const equal = sameValue(left, right, (work) => scope.budget.spend(work));
    return { kind: "boolean", value: equal === (operator === "==") };
  }
  if (operator === "&&" || operator === "||") {
    if (left.kind !== "boolean") return mismatch(scope, expression.left, "true or false", left);
    if (right.kind !== "boolean") return mismatch(scope, expression.right, "true or false", right);
    const both = left.value && right.value;
    return { kind: "boolean", value: operator === "&&" ? both : left.value || right.value };
  }
  if (left.kind !== "number") return mismatch(scope, expression.left, "a number", left);
  if (right.kind !== "number") return mismatch(scope, expression.right, "a number", right);
  const compare = comparisons[operator];
  if (compare) return { kind: "boolean", value: compare(left.value, right.value) };
  const value = arithmetic[operator]?.(left.value, right.value) ?? Number.NaN;
  if (Number.isFinite(value)) return { kind: "number", value };
  const divides = operator === "/" || operator === "%";
  const reason = divides && right.value === 0 ? "it divides by zero" : "it is too large";
  const holes = { left: printValue(left), operator, right: printValue(right), reason };
  return report(scope, diagnostic("R0214", expression.span, holes));
}

/** The value if it is of the kind that is needed; reports where it is not. */
export function expectKind<K extends Value["kind"]>(
  expression: Expression,
  kind: K,
  scope: Scope,
): Extract<Value, { kind: K }> | undefined {
  const value = evaluate(expression, scope);
  if (!value) return undefined;
  if (value.kind === kind) return value as Extract<Value, { kind: K }>;
  return mismatch(scope, expression, kindNames[kind], value);
}
