/** What can be called at a place of a spec, and what it takes: for hover, completion and signature help alike. */
import { matchArguments } from "../../check/arguments.js";
import { functionNames } from "../../check/functions.js";
import { measures, measureSlots, type Measure } from "../../check/measures.js";
import type { Unit } from "../../check/program.js";
import { kindSlots } from "../../check/recipe-settings.js";
import type { Value } from "../../check/value.js";
import { printValue } from "../../check/value.js";
import type { OpName } from "../../ops/attributes.js";
import type { ArgumentKind } from "../../ops/operation.js";
import { isWrittenOperation, operations } from "../../ops/registry.js";
import { dataKinds, isDataKind, type DataKind } from "../../recipe/data-kinds.js";
import { argumentDocs, kindDocs } from "../../recipe/setting-docs.js";
import { textOf } from "../../source/source.js";
import type {
  Argument,
  BlockDeclaration,
  Call,
  Expression,
  NetworkDeclaration,
} from "../../syntax/ast.js";
import { functionDocs, measureDocs } from "./words.js";

/** One thing that a callee takes. */
export interface CalleeSlot {
  readonly name: string;
  readonly positional: boolean;
  readonly required: boolean;
  /** Whether it is written with a slash: `/2`. */
  readonly slash: boolean;
  /** What it means; empty where nothing is said. */
  readonly docs: string;
  /** What it must be, in words; empty where anything will do. */
  readonly expects: string;
  /** What it is when left out, as it would be written. */
  readonly otherwise?: string;
  /** What it may be, where that is a matter of a few words. */
  readonly choices?: readonly string[];
}

export interface Callee {
  readonly kind: "operation" | "block" | "network" | "setting kind" | "function" | "measure";
  readonly name: string;
  readonly docs: string;
  readonly slots: readonly CalleeSlot[];
  /** Whether arguments stand in parentheses: `Basic(64)` against `conv 3x3, 64`. */
  readonly parentheses: boolean;
  readonly declaration?: BlockDeclaration | NetworkDeclaration;
}

/** Where something is called. */
export type CallPlace =
  /** In a chain of a block or network; `values` are what parameters hold there. */
  | { readonly in: "chain"; readonly values?: ReadonlyMap<string, Value | undefined> }
  | { readonly in: "instance" }
  | { readonly in: "value" }
  | { readonly in: "expect" }
  | { readonly in: "setting"; readonly key: string; readonly chain: boolean };

const expected: Readonly<Record<ArgumentKind, string>> = {
  window: "a whole number of at least 1, or a pair such as 3x3",
  count: "a whole number of at least 1",
  padding: "a whole number of at least 0, or a pair such as [1, 2]",
  flag: "true or false",
  number: "a number of at least 0",
  rate: "a number from 0 to below 1",
};

const flags = ["true", "false"] as const;

/** What `name` means as a callee at a place; undefined where nothing of that name can be called there. */
export function calleeAt(unit: Unit, name: string, place: CallPlace): Callee | undefined {
  switch (place.in) {
    case "chain":
      if (isWrittenOperation(name)) return operationCallee(name);
      return blockCallee(unit, name, place.values);
    case "instance": {
      const declaration = unit.names.get(name)?.declaration;
      return declaration?.kind === "network" ? declaredCallee(declaration) : undefined;
    }
    case "value":
      return functionNames.includes(name) ? functionCallee(name) : undefined;
    case "expect": {
      const measure = measures.find((each) => each === name);
      if (measure) return measureCallee(measure);
      return functionNames.includes(name) ? functionCallee(name) : undefined;
    }
    case "setting":
      return kindCallee(place.key, name, place.chain);
  }
}

function operationCallee(name: OpName): Callee {
  const operation = operations[name];
  const slots = operation.signature.map(({ kind, ...slot }): CalleeSlot => ({
    ...slot,
    slash: slot.name === "stride",
    expects: expected[kind],
    ...(kind === "flag" && { choices: flags }),
  }));
  const { summary } = operation;
  return { kind: "operation", name, docs: summary, slots, parentheses: false };
}

function blockCallee(
  unit: Unit,
  name: string,
  values?: ReadonlyMap<string, Value | undefined>,
): Callee | undefined {
  const value = values?.get(name);
  if (value?.kind === "block") return declaredCallee(value.block);
  if (values?.has(name)) return undefined;
  const declaration = unit.names.get(name)?.declaration;
  return declaration?.kind === "block" ? declaredCallee(declaration) : undefined;
}

/** A block or a network with its parameters. */
export function declaredCallee(declaration: BlockDeclaration | NetworkDeclaration): Callee {
  const { kind, name, docs, parameters } = declaration;
  const slots = parameters.map(({ name: own, default: otherwise }): CalleeSlot => ({
    name: own.text,
    positional: true,
    required: otherwise === undefined,
    slash: own.text === "stride" && kind === "block",
    docs: parameterDocs(docs, own.text),
    expects: "",
    ...(otherwise && { otherwise: textOf(otherwise.span) }),
  }));
  return { kind, name: name.text, docs, slots, parentheses: true, declaration };
}

/** The line of a declaration's docs that begins with a parameter's name in backquotes: "`width` is …". */
export function parameterDocs(docs: string, name: string): string {
  const sentences = docs.split(/(?<=[.!?])\s+|\n/);
  return sentences.find((each) => each.trim().startsWith(`\`${name}\``))?.trim() ?? "";
}

function functionCallee(name: string): Callee {
  const list = name === "len" || name === "sum";
  const slot = { positional: true, required: true, slash: false, docs: "" };
  const slots = [
    { ...slot, name: list ? "list" : "a", expects: list ? "a list" : "a number" },
    ...(name === "min" || name === "max" ? [{ ...slot, name: "b", expects: "a number" }] : []),
  ];
  return { kind: "function", name, docs: functionDocs[name] ?? "", slots, parentheses: true };
}

const measureArguments: Readonly<Record<string, string>> = {
  at: "height and width of the input, such as 224x224",
  batch: "images at once; 1 where left out",
  head: "the name of a head",
};

function measureCallee(measure: Measure): Callee {
  const slots = measureSlots[measure].map(({ name, positional, required }): CalleeSlot => ({
    ...{ name, positional, required, slash: false, expects: "" },
    docs: measureArguments[name] ?? "",
  }));
  const docs = measureDocs[measure];
  return { kind: "measure", name: measure, docs, slots, parentheses: true };
}

/** `sgd` of `optimizer`, `flip` of `augment`. */
function kindCallee(key: string, name: string, chain: boolean): Callee | undefined {
  const found = kindSlots(key, name);
  if (found === undefined) return undefined;
  const data = key === "data" && isDataKind(name) ? (dataKinds[name] as DataKind) : undefined;
  const slots = found.map(({ name: own, positional, required, reader, otherwise }): CalleeSlot => {
    const option = data?.options[own];
    const written = option?.default ?? otherwise;
    const docs = own === "path" && data?.path ? data.path : option?.doc;
    return {
      ...{ name: own, positional, required, slash: false, expects: reader.expected },
      docs: docs ?? argumentDocs[name]?.[own] ?? "",
      ...(written !== undefined && { otherwise: String(written) }),
      ...(reader.expected === "true or false" && { choices: flags }),
    };
  });
  const docs = data?.doc ?? kindDocs[name] ?? "";
  return { kind: "setting kind", name, docs, slots, parentheses: !chain };
}

/** The slot that an argument of a call fills. */
export function slotOf(callee: Callee, call: Call, argument: Argument): CalleeSlot | undefined {
  const match = matchArguments(call, callee.name, callee.slots);
  const found = [...match.arguments].find(([, each]) => each === argument);
  return found && callee.slots.find(({ name }) => name === found[0]);
}

/** What a callee is written like: `conv kernel, channels, /stride, pad: …`. One entry for each slot. */
export function printSlots({ slots }: Callee): string[] {
  return slots.map(({ name, positional, required, slash, otherwise }) => {
    if (slash) return otherwise === undefined ? "/stride" : `/stride = ${otherwise}`;
    const shown = positional ? name : `${name}:`;
    if (otherwise !== undefined)
      return positional ? `${name} = ${otherwise}` : `${name}: ${otherwise}`;
    return required || positional ? shown : `${shown} …`;
  });
}

/** The whole line: the name and its slots, as they would be written. */
export function printCallee(callee: Callee): string {
  const slots = printSlots(callee).join(", ");
  if (slots === "") return callee.name;
  return callee.parentheses ? `${callee.name}(${slots})` : `${callee.name} ${slots}`;
}

/** A value as a spec would write it; "in error" where it has none. */
export function shownValue(value: Value | undefined): string {
  return value ? printValue(value) : "in error";
}

/** Whether an expression is written as what it comes to. */
export function isLiteral(expression: Expression): boolean {
  return ["number", "string", "dimensions", "always"].includes(expression.kind);
}
