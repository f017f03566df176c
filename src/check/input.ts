/** Reads `input 224x224x3` and `input [H, W, 3] where …`: a type, and the sizes that are admissible. */
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import { nearest } from "../diagnostics/nearest.js";
import {
  domainFault,
  smallestSize,
  symbolExtent,
  type Condition,
  type Domain,
  type Extent,
  type TensorType,
} from "../shapes/index.js";
import { textOf, type Span } from "../source/source.js";
import type { BinaryOperatorText, Expression, NetworkItem } from "../syntax/ast.js";
import { sizeLimit } from "./bound-operation.js";
import { conditionHelp } from "./condition-slips.js";
import { evaluate } from "./evaluate.js";
import { shapeSlip } from "./input-slips.js";
import { lookUp, type Scope } from "./scope.js";
import { nameWithin } from "./size-names.js";
import { grouped } from "../diagnostics/numbers.js";
import { describeValue } from "./value.js";

/** A condition of an input, and where it is written. */
export interface WrittenCondition {
  readonly symbol: string;
  readonly condition: Condition;
  readonly span: Span;
}

export interface DeclaredInput {
  readonly type: TensorType;
  readonly domains: readonly Domain[];
  readonly written: readonly WrittenCondition[];
  /** Whether a condition is in error, so that nothing can be said of the sizes. */
  readonly guessed: boolean;
}

export type InputItem = Extract<NetworkItem, { kind: "input" }>;

/** How many conditions an input may have. */
export const conditionLimit = 64;

/** @returns undefined where it cannot be read, which has been reported. */
export function declareInput(item: InputItem, scope: Scope): DeclaredInput | undefined {
  const sizes = sizesOf(item.shape, scope);
  const [height, width, channels] = sizes ?? [];
  if (height === undefined || width === undefined || typeof channels !== "number") {
    return undefined;
  }
  const symbols = [height, width].flatMap((e) => (typeof e === "number" ? [] : [e.symbol]));
  const type = { spatial: [height, width], channels, dtype: "float32" } as const;
  const { domains, written, whole } = new DomainReader(new Set(symbols), scope).read(item);
  return { type, domains, written, guessed: !whole };
}

/** Reads the conditions of an input, one after the other, each against those before it. */
class DomainReader {
  readonly #conditions: Map<string, { condition: Condition; span: Span }[]>;
  #whole = true;

  constructor(
    symbols: Iterable<string>,
    private readonly scope: Scope,
  ) {
    this.#conditions = new Map([...symbols].map((symbol) => [symbol, []]));
  }

  read({ where }: InputItem): Omit<DeclaredInput, "type" | "guessed"> & { whole: boolean } {
    const extra = where[conditionLimit];
    if (extra) {
      const holes = {
        what: "the number of conditions",
        value: where.length,
        limit: conditionLimit,
      };
      this.#report(diagnostic("R0602", extra.span, holes));
    }
    for (const condition of where.slice(0, conditionLimit)) this.#add(condition);
    const domains = [...this.#conditions.keys()].map((symbol) => this.#domain(symbol));
    const written = [...this.#conditions].flatMap(([symbol, conditions]) =>
      conditions.map((each) => ({ symbol, ...each })),
    );
    return { domains, written, whole: this.#whole };
  }

  #domain(symbol: string): Domain {
    const conditions = this.#conditions.get(symbol) ?? [];
    return { symbol, conditions: conditions.map(({ condition }) => condition) };
  }

  #report(found: Diagnostic): void {
    this.#whole = false;
    this.scope.found.add({ ...found, notes: this.scope.notes });
  }

  /** `H % 32 == 0`, `H >= 33`, `224 <= H`, and conditions joined by `&&`. */
  #add(written: Expression): void {
    let expression = written;
    while (expression.kind === "binary" && expression.operator === "&&") {
      this.#add(expression.right);
      expression = expression.left;
    }
    const read =
      expression.kind === "binary"
        ? readCondition(expression, this.#conditions, this.scope)
        : undefined;
    if (read === "in error") this.#whole = false;
    else if (read) this.#keep(read.symbol, read.condition, expression.span);
    else this.#report(diagnostic("R0221", expression.span, {}, { help: this.#help(expression) }));
  }

  #help(expression: Expression): Help | string {
    return conditionHelp(expression, [...this.#conditions.keys()], this.scope);
  }

  #keep(symbol: string, condition: Condition, span: Span): void {
    const alone = domainFault({ symbol, conditions: [condition] });
    if (alone !== undefined) {
      this.#report(diagnostic("R0221", span, {}, { label: alone }));
      return;
    }
    const before = this.#conditions.get(symbol) ?? [];
    const domain = { symbol, conditions: [...before.map((each) => each.condition), condition] };
    const fault = domainFault(domain);
    const least = fault === undefined ? smallestSize(domain) : undefined;
    const related = before.map((each) => ({ span: each.span, text: "together with this" }));
    if (fault !== undefined) this.#report(diagnostic("R0221", span, {}, { label: fault }));
    else if (least === undefined) this.#report(diagnostic("R0222", span, { symbol }, { related }));
    else if (least > sizeLimit) {
      const holes = {
        what: `the smallest ${symbol}`,
        value: grouped(least),
        limit: grouped(sizeLimit),
      };
      this.#report(diagnostic("R0602", span, holes, { related }));
    } else before.push({ condition, span });
  }
}

const wanted = "a shape: height, width and channels, such as 224x224x3 or [H, W, 3]";

function sizesOf(shape: Expression, scope: Scope): (Extent | undefined)[] | undefined {
  const slip = shapeSlip(shape, scope);
  if (slip) return noShape(shape, scope, slip);
  if (shape.kind === "list" && shape.items.length === 3) {
    const sizes = shape.items.map((item, axis) => sizeOf(item, axis < 2, scope));
    return sizes.includes(undefined) ? undefined : sizes;
  }
  const value = shape.kind === "list" ? undefined : evaluate(shape, scope);
  if (value?.kind === "dimensions" && value.values.length === 3) {
    const bad = value.values.find((size) => size < 1 || size > sizeLimit);
    if (bad === undefined) return [...value.values];
  } else if (shape.kind !== "list" && value === undefined) return undefined;
  return noShape(shape, scope);
}

/** Reports a shape that no input has. */
function noShape(shape: Expression, { found, notes }: Scope, help?: Help): undefined {
  const holes = { expected: wanted, found: `\`${textOf(shape.span)}\`` };
  found.add(diagnostic("R0212", shape.span, holes, { notes, ...(help && { help }) }));
}

/** A number, a parameter, or a name that nothing else has: a symbol. */
function sizeOf(item: Expression, spatial: boolean, scope: Scope): Extent | undefined {
  const isNew = item.kind === "name" && !lookUp(scope, item.name.text).known;
  if (spatial && isNew) return symbolExtent(item.name.text);
  if (spatial && isOfNewName(item, scope)) {
    const holes = { expected: "a number or a new name", found: `\`${textOf(item.span)}\`` };
    const help =
      "no size of an input is computed of another: `[H, W, 3]` gives each a name, and `[S, S, 3]` both one";
    scope.found.add(diagnostic("R0212", item.span, holes, { help, notes: scope.notes }));
    return undefined;
  }
  const value = isNew ? undefined : evaluate(item, scope);
  if (isNew) {
    const holes = { expected: "a number of channels", found: `\`${item.name.text}\`` };
    const help = "height and width can be of any size, channels cannot";
    const found = diagnostic("R0212", item.span, holes, { help, notes: scope.notes });
    scope.found.add(found);
  }
  if (value === undefined) return undefined;
  if (value.kind === "number" && Number.isInteger(value.value)) {
    if (value.value >= 1 && value.value <= sizeLimit) return value.value;
  }
  const expected = `a whole number from 1 to ${grouped(sizeLimit)}`;
  const holes = { expected, found: describeValue(value) };
  scope.found.add(diagnostic("R0212", item.span, holes, { notes: scope.notes }));
  return undefined;
}

/** Whether a size is computed of a name that means nothing, nor is near to one that does. */
function isOfNewName(item: Expression, scope: Scope): boolean {
  const isUnknown = (name: string): boolean => !lookUp(scope, name).known;
  const name = nameWithin(item, isUnknown);
  return name !== undefined && nearest(name.text, scope.values.keys()) === undefined;
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

/** @returns undefined where it is no condition on a size; "in error" where a value of it is. */
function readCondition(
  expression: Extract<Expression, { kind: "binary" }>,
  conditions: ReadonlyMap<string, unknown>,
  scope: Scope,
): { symbol: string; condition: Condition } | "in error" | undefined {
  const isSize = (side: Expression): side is Extract<Expression, { kind: "name" }> =>
    side.kind === "name" && conditions.has(side.name.text);
  const mentions = (side: Expression): boolean =>
    isSize(side) || (side.kind === "binary" && side.operator === "%" && isSize(side.left));
  const swapped = !mentions(expression.left);
  const [subject, bound] = swapped
    ? [expression.right, expression.left]
    : [expression.left, expression.right];
  const relation = swapped ? mirrored[expression.operator] : (expression.operator as Relation);
  if (!mentions(subject) || relation === undefined || !(relation in mirrored)) return undefined;
  if (speaksOf(bound, conditions)) return undefined;
  const value = wholeNumber(bound, scope);
  if (isSize(subject)) {
    if (typeof value !== "number") return value;
    return { symbol: subject.name.text, condition: { kind: "compare", relation, value } };
  }
  if (subject.kind !== "binary" || !isSize(subject.left)) return undefined;
  if (speaksOf(subject.right, conditions) || (relation !== "==" && relation !== "!=")) {
    return undefined;
  }
  const modulus = wholeNumber(subject.right, scope);
  if (typeof value !== "number") return value;
  if (typeof modulus !== "number") return modulus;
  const equal = relation === "==";
  const condition = { kind: "remainder", modulus, equal, remainder: value } as const;
  return { symbol: subject.left.name.text, condition };
}

/** Whether a size stands anywhere in an expression; one that is not is for the evaluation. */
function speaksOf(expression: Expression, conditions: ReadonlyMap<string, unknown>): boolean {
  return nameWithin(expression, (name) => conditions.has(name)) !== undefined;
}

function wholeNumber(expression: Expression, scope: Scope): number | "in error" | undefined {
  const value = evaluate(expression, scope);
  if (value === undefined) return "in error";
  return value.kind === "number" && Number.isInteger(value.value) ? value.value : undefined;
}
