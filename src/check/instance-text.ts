/**
 * How a call reads in one instance of its network: as it is written, with the values of parameters in their place.
 * `Block(64, option: option)` is `Basic(64, option: pad)` where that is what they are.
 */
import { isWrittenOperation } from "../ops/registry.js";
import { textOf, type Span } from "../source/source.js";
import type { Argument, BlockDeclaration, Call, Expression } from "../syntax/ast.js";
import { evaluate } from "./evaluate.js";
import { lookUp, type Scope } from "./scope.js";
import { printValue } from "./value.js";

/**
 * The call of an instance that was built without an error. A named argument whose parameter holds the default of
 * what is called is left out: it says nothing.
 */
export function instanceText(call: Call, scope: Scope): string {
  const { text } = call.callee;
  const looked = isWrittenOperation(text) ? undefined : lookUp(scope, text);
  const callee = looked?.known && looked.value?.kind === "block" ? looked.value : undefined;
  const shown = call.arguments
    .map((argument) => ({ argument, text: argumentText(argument, scope, callee?.block) }))
    .filter((each) => each.text !== undefined);
  const texts = (slash: boolean): readonly (string | undefined)[] =>
    shown.filter(({ argument }) => argument.slash === slash).map((each) => each.text);
  if (callee === undefined)
    return [text, shown.map((each) => each.text).join(", ")].join(" ").trim();
  const name = scope.values.has(text) ? printValue(callee) : text;
  const given = texts(false);
  return [given.length === 0 ? name : `${name}(${given.join(", ")})`, ...texts(true)].join(", ");
}

/** Undefined for an argument that says nothing. */
function argumentText(
  argument: Argument,
  scope: Scope,
  block: BlockDeclaration | undefined,
): string | undefined {
  const { name, value: expression, slash, span } = argument;
  if (!mentionsParameter(expression, scope)) return written(span);
  const value = evaluate(expression, scope);
  if (value === undefined) return written(span);
  const text = printValue(value);
  if (name === undefined) return text;
  const parameter = block?.parameters.find((each) => each.name.text === name.text);
  if (parameter?.default && written(parameter.default.span) === text) return undefined;
  return slash ? `/${text}` : `${name.text}: ${text}`;
}

/** Part after part in a loop, as there may be many. */
function mentionsParameter(expression: Expression, scope: Scope): boolean {
  const parts = [expression];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    if (part.kind === "name" && scope.values.has(part.name.text)) return true;
    for (const inner of partsOf(part)) parts.push(inner);
  }
  return false;
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "number":
    case "string":
    case "dimensions":
    case "name":
    case "always":
      return [];
    case "list":
      return expression.items;
    case "index":
      return [expression.list, expression.at];
    case "call":
      return expression.call.arguments.map(({ value }) => value);
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
  }
}

/** As it is written, on one line. */
function written(span: Span): string {
  return textOf(span).replace(/\s+/g, " ");
}
