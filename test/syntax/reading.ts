/** Short ways to read text in tests of the syntax. */
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { SourceFile, textOf } from "../../src/source/source.js";
import type { Chain, Expression } from "../../src/syntax/ast.js";
import { parse, parseValue, type Parsed } from "../../src/syntax/parse.js";

export function read(text: string): Parsed {
  return parse(new SourceFile("test.resnet", text));
}

/** Each finding as `line: code message`. */
export function findings(text: string): string[] {
  return read(text).diagnostics.map(
    ({ code, message, span }) =>
      `${span ? span.file.position(span.start).line : 0}: ${code} ${message}`,
  );
}

/** The one finding of a text. @throws Error where there are none or several. */
export function onlyFinding(text: string): Diagnostic {
  const [found, ...more] = read(text).diagnostics;
  if (found === undefined || more.length > 0) {
    throw new Error(
      `expected one finding, got ${[found, ...more].length}: ${findings(text).join("; ")}`,
    );
  }
  return found;
}

/** An expression with all its parentheses. @throws Error where it cannot be read. */
export function parenthesised(text: string): string {
  const { expression, diagnostics } = parseValue(new SourceFile("value.resnet", text));
  if (expression === undefined) throw new Error(diagnostics[0]?.message ?? "no expression");
  return print(expression);
}

function print(expression: Expression): string {
  switch (expression.kind) {
    case "binary":
      return `(${print(expression.left)} ${expression.operator} ${print(expression.right)})`;
    case "unary":
      return `(${expression.operator}${print(expression.operand)})`;
    case "index":
      return `${print(expression.list)}[${print(expression.at)}]`;
    case "list":
      return `[${expression.items.map(print).join(", ")}]`;
    case "call":
      return `${expression.call.callee.text}(${expression.call.arguments
        .map(({ name, value }) => `${name ? `${name.text}: ` : ""}${print(value)}`)
        .join(", ")})`;
    default:
      return textOf(expression.span);
  }
}

/** The steps of the first block, each as it is written. */
export function stepsOf(text: string): string[] {
  const block = read(text).unit.declarations.find((each) => each.kind === "block");
  return (block?.body as Chain | undefined)?.steps.map((step) => textOf(step.span)) ?? [];
}
