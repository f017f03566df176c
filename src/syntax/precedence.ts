/** Turns operands and the operators between them into a tree by precedence; all bind to the left. */
import { cover } from "../source/source.js";
import type { BinaryOperatorText, Expression } from "./ast.js";

/** How tightly each operator binds; a higher number binds tighter. */
const strength: Readonly<Record<BinaryOperatorText, number>> = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<=": 3,
  ">=": 3,
  "<": 3,
  ">": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
};

/** `operands` is one longer than `operators` (Dijkstra's shunting yard, without recursion). */
export function climb(
  operands: readonly Expression[],
  operators: readonly BinaryOperatorText[],
): Expression | undefined {
  const output: Expression[] = [];
  const pending: BinaryOperatorText[] = [];
  const reduce = (): void => {
    const operator = pending.pop();
    const right = output.pop();
    const left = output.pop();
    if (operator === undefined || left === undefined || right === undefined) return;
    output.push({ kind: "binary", operator, left, right, span: cover(left.span, right.span) });
  };
  for (const [index, operand] of operands.entries()) {
    output.push(operand);
    const operator = operators[index];
    if (operator === undefined) break;
    for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
      if (strength[top] < strength[operator]) break;
      reduce();
    }
    pending.push(operator);
  }
  while (pending.length > 0) reduce();
  return output[0];
}
