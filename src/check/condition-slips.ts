/** What is said of a condition on an input that is none: a name that is nearly a size's, two bounds in one, two sizes. */
import type { Help } from "../diagnostics/diagnostic.js";
import { nearest } from "../diagnostics/nearest.js";
import { textOf } from "../source/source.js";
import type { BinaryOperatorText, Expression } from "../syntax/ast.js";
import { lookUp, type Scope } from "./scope.js";
import { nameWithin } from "./size-names.js";

/** @param symbols the names of the input's sizes. */
export function conditionHelp(
  expression: Expression,
  symbols: readonly string[],
  scope: Scope,
): Help | string {
  const [first] = symbols;
  if (first === undefined) return "an input of one size needs no conditions";
  return (
    misspeltSize(expression, symbols, scope) ??
    twoBounds(expression) ??
    twoSizes(expression, symbols) ??
    `limit ${symbols.join(" or ")} by a number, such as ${first} % 32 == 0`
  );
}

/** `h % 2 == 0` of an input that has `H`. */
function misspeltSize(
  expression: Expression,
  symbols: readonly string[],
  scope: Scope,
): Help | undefined {
  const isUnknown = (name: string): boolean =>
    !symbols.includes(name) && !lookUp(scope, name).known;
  const name = nameWithin(expression, isUnknown);
  const meant = name && nearest(name.text, symbols);
  if (name === undefined || meant === undefined) return undefined;
  const edits = [{ span: name.span, text: meant }];
  return { text: `did you mean \`${meant}\`?`, edits };
}

const ordering: ReadonlySet<BinaryOperatorText> = new Set(["<", "<=", ">", ">="]);

/** `16 <= H <= 64` */
function twoBounds(expression: Expression): Help | undefined {
  if (expression.kind !== "binary" || !ordering.has(expression.operator)) return undefined;
  const { left, operator, right } = expression;
  if (left.kind !== "binary" || !ordering.has(left.operator)) return undefined;
  const text = `${textOf(left.span)}, ${textOf(left.right.span)} ${operator} ${textOf(right.span)}`;
  const edits = [{ span: expression.span, text }];
  return { text: `these are two conditions: \`${text}\``, edits };
}

/** `H == W`, which can be said otherwise, and `H >= W`, which cannot. */
function twoSizes(expression: Expression, symbols: readonly string[]): string | undefined {
  if (expression.kind !== "binary") return undefined;
  const { left, operator, right } = expression;
  const isSize = (name: string): boolean => symbols.includes(name);
  if (!nameWithin(left, isSize) || !nameWithin(right, isSize)) return undefined;
  const isPlain = left.kind === "name" && right.kind === "name" && symbols.length === 2;
  if (isPlain && operator === "==") {
    return `for square inputs write one name twice: [${symbols[0]}, ${symbols[0]}, …]`;
  }
  return `a size is compared with a number, and never with another: ${symbols[0]} >= 32`;
}
