/** The edits that limit an input by more conditions: those that make a written one surplus take its place. */
import type { Edit } from "../diagnostics/diagnostic.js";
import {
  intersectSizes,
  printDomain,
  sameSizes,
  sizesOfDomain,
  type Condition,
} from "../shapes/index.js";
import type { Expression } from "../syntax/ast.js";
import { textOf } from "../source/source.js";
import type { InputItem, WrittenCondition } from "./input.js";

/** By symbol, the conditions that its sizes must meet. */
export type Needs = ReadonlyMap<string, readonly Condition[]>;

/** What is written of one condition of a list, with what stands before it. */
interface Part {
  readonly before: string;
  readonly text: string;
}

/** The edits that give an input these conditions. */
export function limitingEdits(
  { shape, where }: InputItem,
  written: readonly WrittenCondition[],
  needs: Needs,
): readonly Edit[] {
  const [first, last] = [where[0]?.span, where.at(-1)?.span ?? shape.span];
  const { file } = last;
  const single = where.flatMap(joinedByAnd);
  const surplus = single.map((condition) => symbolMadeSurplus(condition, written, needs));
  if (first && surplus.some((symbol) => symbol !== undefined) && isPlain(where, single)) {
    return [{ span: file.span(first.start, last.end), text: rewritten(single, surplus, needs) }];
  }
  const text = `${where.length === 0 ? " where" : ","} ${printNeeds(needs)}`;
  return [{ span: file.span(last.end, last.end), text }];
}

/** The conditions that `&&` joins, in their order. */
function joinedByAnd(written: Expression): readonly Expression[] {
  const found: Expression[] = [];
  let expression = written;
  while (expression.kind === "binary" && expression.operator === "&&") {
    found.unshift(...joinedByAnd(expression.right));
    expression = expression.left;
  }
  return [expression, ...found];
}

/** Whether nothing but commas and `&&` stands between conditions: no comment, and no parenthesis around several. */
function isPlain(where: readonly Expression[], single: readonly Expression[]): boolean {
  const [all, each] = [where, single].map((list) => [list[0]?.span.start, list.at(-1)?.span.end]);
  const isWhole = all?.every((offset, index) => offset === each?.[index]) ?? false;
  return (
    isWhole &&
    single.every((_, index) => index === 0 || /^(?:,|\s*&&)\s*$/.test(before(single, index)))
  );
}

/** The symbol of a condition that what is needed of it implies, if it stands there by itself. */
function symbolMadeSurplus(
  { span }: Expression,
  written: readonly WrittenCondition[],
  needs: Needs,
): string | undefined {
  const known = written.find((each) => each.span === span);
  if (known === undefined) return undefined;
  const { symbol, condition } = known;
  const [needed, wider] = [needs.get(symbol) ?? [], [condition]].map((conditions) =>
    sizesOfDomain({ symbol, conditions }),
  );
  const both = needed && wider && intersectSizes(needed, wider);
  return both && sameSizes(both, needed) ? symbol : undefined;
}

/** The conditions of a list anew: where the first surplus one of a symbol was is what the symbol needs. */
function rewritten(
  where: readonly Expression[],
  surplus: readonly (string | undefined)[],
  needs: Needs,
): string {
  const left = new Map(needs);
  const parts: Part[] = [];
  for (const [index, { span }] of where.entries()) {
    const symbol = surplus[index];
    const conditions = symbol === undefined ? undefined : left.get(symbol);
    if (symbol !== undefined) left.delete(symbol);
    if (symbol !== undefined && conditions === undefined) continue;
    const text =
      symbol !== undefined && conditions ? printDomain({ symbol, conditions }) : textOf(span);
    parts.push({ before: parts.length === 0 ? "" : before(where, index), text });
  }
  const more = left.size === 0 ? "" : `, ${printNeeds(left)}`;
  return `${parts.map((part) => `${part.before}${part.text}`).join("")}${more}`;
}

/** What stands between a condition and the one before it. */
function before(where: readonly Expression[], index: number): string {
  const [one, other] = [where[index - 1]?.span, where[index]?.span];
  return one && other ? one.file.text.slice(one.end, other.start) : "";
}

/** `H % 32 == 0, W % 32 == 0` */
export function printNeeds(needs: Needs): string {
  return [...needs].map(([symbol, conditions]) => printDomain({ symbol, conditions })).join(", ");
}
