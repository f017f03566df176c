/** Reads `input 224x224x3` and `input [H, W, 3] where …`: a type, and the sizes that are admissible. */
import { diagnostic } from "../diagnostics/diagnostic.js";
import {
  domainFault,
  smallestSize,
  symbolExtent,
  type Condition,
  type Domain,
  type Extent,
  type TensorType,
} from "../shapes/index.js";
import { textOf } from "../source/source.js";
import type { BinaryOperatorText, Expression, NetworkItem } from "../syntax/ast.js";
import { sizeLimit } from "./arguments.js";
import { evaluate } from "./evaluate.js";
import type { Scope } from "./scope.js";
import { describeValue } from "./value.js";

export interface DeclaredInput {
  readonly type: TensorType;
  readonly domains: readonly Domain[];
}

type InputItem = Extract<NetworkItem, { kind: "input" }>;

/** @returns undefined where it cannot be read, which has been reported. */
export function declareInput(item: InputItem, scope: Scope): DeclaredInput | undefined {
  const sizes = sizesOf(item.shape, scope);
  if (sizes === undefined) return undefined;
  const [height, width, channels] = sizes;
  if (height === undefined || width === undefined || typeof channels !== "number") {
    return undefined;
  }
  const symbols = [
    ...new Set([height, width].flatMap((e) => (typeof e === "number" ? [] : [e.symbol]))),
  ];
  const conditions = new Map<string, Condition[]>(symbols.map((symbol) => [symbol, []]));
  for (const condition of item.where) {
    if (!addCondition(condition, conditions, scope)) return undefined;
  }
  const domains = symbols.map((symbol) => ({ symbol, conditions: conditions.get(symbol) ?? [] }));
  for (const domain of domains) {
    const at = item.where[0]?.span ?? item.span;
    const fault = domainFault(domain);
    if (fault !== undefined) {
      scope.found.add(diagnostic("R0221", at, {}, { label: fault, notes: scope.notes }));
      return undefined;
    }
    if (smallestSize(domain) === undefined) {
      scope.found.add(diagnostic("R0222", at, { symbol: domain.symbol }, { notes: scope.notes }));
      return undefined;
    }
  }
  return { type: { spatial: [height, width], channels, dtype: "float32" }, domains };
}

const wanted = "a shape: height, width and channels, such as 224x224x3 or [H, W, 3]";

function sizesOf(shape: Expression, scope: Scope): (Extent | undefined)[] | undefined {
  if (shape.kind === "list" && shape.items.length === 3) {
    const sizes = shape.items.map((item, axis) => sizeOf(item, axis < 2, scope));
    return sizes.includes(undefined) ? undefined : sizes;
  }
  const value = shape.kind === "list" ? undefined : evaluate(shape, scope);
  if (value?.kind === "dimensions" && value.values.length === 3) {
    const bad = value.values.find((size) => size < 1 || size > sizeLimit);
    if (bad === undefined) return [...value.values];
  } else if (shape.kind !== "list" && value === undefined) return undefined;
  const found = `\`${textOf(shape.span)}\``;
  scope.found.add(
    diagnostic("R0212", shape.span, { expected: wanted, found }, { notes: scope.notes }),
  );
  return undefined;
}

/** A number, a parameter, or a name that nothing else has: a symbol. */
function sizeOf(item: Expression, spatial: boolean, scope: Scope): Extent | undefined {
  if (spatial && item.kind === "name" && !scope.values.has(item.name.text)) {
    return symbolExtent(item.name.text);
  }
  const value = evaluate(item, scope);
  if (value === undefined) return undefined;
  if (value.kind === "number" && Number.isInteger(value.value)) {
    if (value.value >= 1 && value.value <= sizeLimit) return value.value;
  }
  const expected = `a whole number from 1 to ${sizeLimit.toLocaleString("en-US")}`;
  const holes = { expected, found: describeValue(value) };
  scope.found.add(diagnostic("R0212", item.span, holes, { notes: scope.notes }));
  return undefined;
}

const mirrored: Partial<Record<BinaryOperatorText, Relation>> = {
  "==": "==",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

type Relation = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** `H % 32 == 0`, `H >= 33`, `224 <= H`, and conditions joined by `&&`. */
function addCondition(
  expression: Expression,
  conditions: ReadonlyMap<string, Condition[]>,
  scope: Scope,
): boolean {
  if (expression.kind === "binary" && expression.operator === "&&") {
    const { left, right } = expression;
    return addCondition(left, conditions, scope) && addCondition(right, conditions, scope);
  }
  const read =
    expression.kind === "binary" ? readCondition(expression, conditions, scope) : undefined;
  if (read === undefined) {
    const symbols = [...conditions.keys()];
    const help = symbols.length === 0 ? "an input of one size needs no conditions" : undefined;
    const details = { notes: scope.notes, ...(help !== undefined && { help }) };
    scope.found.add(diagnostic("R0221", expression.span, {}, details));
    return false;
  }
  conditions.get(read.symbol)?.push(read.condition);
  return true;
}

function readCondition(
  expression: Extract<Expression, { kind: "binary" }>,
  conditions: ReadonlyMap<string, Condition[]>,
  scope: Scope,
): { symbol: string; condition: Condition } | undefined {
  const mentions = (side: Expression): boolean =>
    (side.kind === "name" && conditions.has(side.name.text)) ||
    (side.kind === "binary" && side.operator === "%" && mentions(side.left));
  const swapped = !mentions(expression.left);
  const [subject, bound] = swapped
    ? [expression.right, expression.left]
    : [expression.left, expression.right];
  const relation = swapped ? mirrored[expression.operator] : (expression.operator as Relation);
  if (!mentions(subject) || relation === undefined || !(relation in mirrored)) return undefined;
  const value = numberIn(bound, conditions, scope);
  if (value === undefined) return undefined;
  if (subject.kind === "name") {
    return { symbol: subject.name.text, condition: { kind: "compare", relation, value } };
  }
  if (subject.kind !== "binary" || subject.left.kind !== "name") return undefined;
  const modulus = numberIn(subject.right, conditions, scope);
  if (modulus === undefined || (relation !== "==" && relation !== "!=")) return undefined;
  const condition = {
    kind: "remainder",
    modulus,
    equal: relation === "==",
    remainder: value,
  } as const;
  return { symbol: subject.left.name.text, condition };
}

function numberIn(
  expression: Expression,
  conditions: ReadonlyMap<string, Condition[]>,
  scope: Scope,
): number | undefined {
  if (expression.kind === "name" && conditions.has(expression.name.text)) return undefined;
  const value = evaluate(expression, scope);
  return value?.kind === "number" && Number.isInteger(value.value) ? value.value : undefined;
}
