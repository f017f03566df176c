/** What names mean at one place: parameters with their values, then what the file declares. */
import {
  diagnostic,
  type Collector,
  type Diagnostic,
  type Label,
} from "../diagnostics/diagnostic.js";
import { writtenOperations } from "../ops/registry.js";
import type { Span } from "../source/source.js";
import type { Expression, Name } from "../syntax/ast.js";
import type { Budget } from "./budget.js";
import type { Unit } from "./program.js";
import { suggestion } from "./suggestion.js";
import { shortcutKinds, type Value } from "./value.js";

export interface Scope {
  readonly unit: Unit;
  /** Parameters; `undefined` is a value that is already in error. */
  readonly values: Map<string, Value | undefined>;
  /** What the parameters were given as, where that is known. */
  readonly given: ReadonlyMap<string, Given>;
  readonly found: Collector;
  readonly budget: Budget;
  /** Where this is: the instance, the stage, the call. Innermost first. */
  readonly notes: readonly string[];
  /** The calls of blocks that this is in, innermost first. */
  readonly calls?: readonly Span[];
}

/** An argument or a default, and what its names mean. */
export interface Given {
  readonly expression: Expression;
  readonly scope: Scope;
  readonly isDefault: boolean;
}

/**
 * Where a wrong value was written: a parameter that holds it leads to the argument it was given as.
 * The parameters on the way are in error from here on, so that their other uses say no more.
 */
export function blame(
  scope: Scope,
  expression: Expression,
): { readonly at: Span; readonly related: readonly Label[] } {
  let [written, where] = [expression, scope];
  const related: Label[] = [];
  while (written.kind === "name") {
    const given = where.given.get(written.name.text);
    if (given?.isDefault) {
      // Whoever wrote the default wrote the use as well: the use is as likely to be wrong.
      related.push({
        span: given.expression.span,
        text: `the default of \`${written.name.text}\``,
      });
    }
    if (given === undefined || given.isDefault) break;
    where.values.set(written.name.text, undefined);
    [written, where] = [given.expression, given.scope];
  }
  if (written !== expression) related.push({ span: expression.span, text: "it is used here" });
  return { at: written.span, related };
}

/**
 * Where the one argument was written that a compound expression rests on, as `2 * width` does; undefined
 * where it rests on none or on several. The parameter is in error from here on.
 */
export function blameWithin(scope: Scope, expression: Expression): Span | undefined {
  const only = givenWithin(scope, expression);
  if (only === undefined) return undefined;
  scope.values.set(only.name, undefined);
  return only.given.expression.span;
}

/** The one argument that an expression rests on; undefined where it rests on none or on several. */
export function givenWithin(
  scope: Scope,
  expression: Expression,
): { readonly name: string; readonly given: Given } | undefined {
  const names = new Set<string>();
  const walk = (inner: Expression): void => {
    if (inner.kind === "name") names.add(inner.name.text);
    else if (inner.kind === "unary") walk(inner.operand);
    else if (inner.kind === "binary") {
      walk(inner.left);
      walk(inner.right);
    }
  };
  walk(expression);
  const all = [...names].flatMap((name) => {
    const given = scope.given.get(name);
    return given && !given.isDefault ? [{ name, given }] : [];
  });
  const [only, ...more] = all;
  return more.length > 0 ? undefined : only;
}

/**
 * Where a value was written, out of the blocks that it was given to. What is computed stands where it is
 * computed if `around` is of the same call: other numbers of that call are right.
 */
export function writtenAt({ expression, scope }: Written, around: Scope | undefined): Span {
  let [written, where] = [expression, scope];
  for (;;) {
    if (written.kind !== "name" && where.given === around?.given) return written.span;
    const only = givenWithin(where, written);
    if (only === undefined) return written.span;
    [written, where] = [only.given.expression, only.given.scope];
  }
}

/** An expression, and what its names mean. */
export interface Written {
  readonly expression: Expression;
  readonly scope: Scope;
}

/**
 * Reports an error of a block's body, or of the call that made it where the same place is sound for others.
 *
 * @param site the piece of syntax that is wrong here; `found.sound(site)` says that it is right.
 * @param at what in the call is at fault, where that is known.
 */
export function reportOfBody(
  scope: Pick<Scope, "found" | "calls" | "notes">,
  site: object,
  found: Diagnostic,
  at?: Span,
): void {
  const inside = { ...found, notes: [...found.notes, ...scope.notes] };
  const call = at ?? scope.calls?.[0];
  if (call === undefined || found.span === undefined) {
    scope.found.add(inside);
    return;
  }
  const { label, related, ...rest } = inside;
  const here = { span: found.span, text: label ?? "it is used here" };
  scope.found.addEither(site, inside, { ...rest, span: call, related: [here, ...related] });
}

const constants: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["true", { kind: "boolean", value: true }],
  ["false", { kind: "boolean", value: false }],
  ...shortcutKinds.map((form): [string, Value] => [form, { kind: "shortcut", form }]),
]);

/** The names that mean a value wherever they stand. */
export const constantNames: readonly string[] = [...constants.keys()].filter(
  (name) => !name.includes(" "),
);

export type Lookup =
  { readonly known: true; readonly value: Value | undefined } | { readonly known: false };

/** A name as a value: a parameter, a constant, or a block of the file. */
export function lookUp(scope: Scope, name: string): Lookup {
  if (scope.values.has(name)) return { known: true, value: scope.values.get(name) };
  const constant = constants.get(name);
  if (constant) return { known: true, value: constant };
  const binding = scope.unit.names.get(name);
  if (binding?.declaration.kind === "block") {
    return {
      known: true,
      value: { kind: "block", block: binding.declaration, unit: binding.unit },
    };
  }
  if (scope.unit.lost.has(name)) return { known: true, value: undefined };
  return { known: false };
}

/** The diagnostic for a name that means nothing. @param listed what is listed if none is near. */
export function unknownName(
  name: Name,
  kind: string,
  candidates: Iterable<string>,
  listed?: Iterable<string>,
): Diagnostic {
  const near = suggestion(name, candidates, listed);
  // A value can be so much that a list of some of it says nothing.
  const help = kind === "value" && !near?.edits ? undefined : near;
  return diagnostic("R0201", name.span, { kind, name: name.text }, help ? { help } : {});
}

/** Everything that can stand in a chain: operations, blocks of the file, parameters. */
export function callable(unit: Unit, parameters: Iterable<string>): string[] {
  const blocks = [...unit.names].filter(([, { declaration }]) => declaration.kind === "block");
  return [...writtenOperations, ...blocks.map(([name]) => name), ...parameters];
}

/** Whether a name is written as those of blocks are. */
export function isBlockName(name: string): boolean {
  return /^[A-Z]/.test(name);
}
