/** Makes the printed tree of expressions, with the parentheses that the syntax tree does not keep. */
import { textOf } from "../source/source.js";
import type * as A from "../syntax/ast.js";
import * as T from "../syntax/tokens.js";
import { findSign, skipBlank } from "./gaps.js";
import type * as F from "./tree.js";

/** How literals are written, as the lexer reads them. */
const literals = {
  number: new RegExp(T.NumberLiteral.PATTERN as RegExp, "y"),
  dimensions: new RegExp(T.Dimensions.PATTERN as RegExp, "y"),
  string: new RegExp(T.StringLiteral.PATTERN as RegExp, "y"),
} as const;

/** An expression, in the parentheses that stand around it. */
export function valueTree(expression: A.Expression): F.Value {
  const { file, start } = expression.span;
  const { text } = file;
  const first = innerStart(expression);
  const opening: number[] = [];
  for (let at = skipBlank(text, start); at < first; at = skipBlank(text, at + 1)) opening.push(at);
  let value = bareValue(expression, first);
  for (const open of opening.reverse()) {
    const end = findSign(text, ")", value.end) + 1;
    value = { type: "parentheses", inside: value, start: open, end };
  }
  return value;
}

/** Where the expression begins inside of its parentheses. */
function innerStart(expression: A.Expression): number {
  const { file, start } = expression.span;
  switch (expression.kind) {
    case "binary":
      return expression.left.span.start;
    case "index":
      return expression.list.span.start;
    case "name":
    case "always":
      return expression.name.span.start;
    case "call":
      return expression.call.span.start;
    default: {
      let at = skipBlank(file.text, start);
      while (file.text.charAt(at) === "(") at = skipBlank(file.text, at + 1);
      return at;
    }
  }
}

function bareValue(expression: A.Expression, start: number): F.Value {
  const { text } = expression.span.file;
  switch (expression.kind) {
    case "number":
    case "dimensions":
    case "string": {
      const pattern = literals[expression.kind];
      pattern.lastIndex = start;
      const [written = ""] = pattern.exec(text) ?? [];
      return { type: "atom", text: written, start, end: start + written.length };
    }
    case "name":
      return { type: "atom", text: expression.name.text, start, end: expression.name.span.end };
    case "always": {
      const end = findSign(text, "always", expression.name.span.end) + "always".length;
      return { type: "atom", text: `${expression.name.text} always`, start, end };
    }
    case "list": {
      const items = expression.items.map(valueTree);
      const end = findSign(text, "]", items.at(-1)?.end ?? start + 1) + 1;
      return { type: "list", items, start, end };
    }
    case "index": {
      const [list, at] = [valueTree(expression.list), valueTree(expression.at)];
      return { type: "index", list, at, start, end: findSign(text, "]", at.end) + 1 };
    }
    case "call":
      return callTree(expression.call);
    case "unary": {
      const operand = valueTree(expression.operand);
      return { type: "unary", operator: expression.operator, operand, start, end: operand.end };
    }
    case "binary": {
      const [left, right] = [valueTree(expression.left), valueTree(expression.right)];
      const { operator } = expression;
      return { type: "binary", operator, left, right, start, end: right.end };
    }
  }
}

/** A call whose arguments are all in parentheses. */
export function callTree({ callee, arguments: given, span }: A.Call): F.CallValue {
  const enclosed = given.map(argumentTree);
  return { type: "call", callee: callee.text, enclosed, start: span.start, end: span.end };
}

export function argumentTree({ name, value, slash, span }: A.Argument): F.Argument {
  return {
    type: "argument",
    slash,
    value: valueTree(value),
    start: span.start,
    end: span.end,
    ...(name && !slash && { name: textOf(name.span) }),
  };
}
