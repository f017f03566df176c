/** Completion of callees and of what they are given: arguments by name, and values that are seen at the cursor. */
import { functionNames } from "../../../check/functions.js";
import { constantNames, isBlockName } from "../../../check/scope.js";
import { shortcutKinds } from "../../../check/value.js";
import { writtenOperations } from "../../../ops/registry.js";
import type { NamedDeclaration } from "../../../check/program.js";
import { calleeAt, declaredCallee, printCallee, type Callee, type CalleeSlot } from "../callees.js";
import { code, paragraphs } from "../markdown.js";
import { functionDocs, shortcutDocs } from "../words.js";
import { parametrisedAt, type CompletionContext } from "./context.js";
import { importable, importEdit } from "./imports.js";
import { CompletionItemKind, type Offer } from "./items.js";

/** A callee with placeholders for what it must be given. */
export function offerCallee(callee: Callee, kind: CompletionItemKind): Offer {
  const needed = callee.slots.filter(({ required }) => required);
  const holes = needed.map(({ name, positional, expects }, index) => {
    const hole = `\${${index + 1}:${exampleOf(name, expects)}}`;
    return positional ? hole : `${name}: ${hole}`;
  });
  const given = holes.join(", ");
  const snippet = callee.parentheses
    ? `${callee.name}${holes.length > 0 ? `(${given})` : ""}`
    : `${callee.name}${holes.length > 0 ? ` ${given}` : ""}`;
  const docs = paragraphs(code(printCallee(callee)), callee.docs);
  return { label: callee.name, kind, snippet, docs };
}

const examples: Readonly<Record<string, string>> = {
  kernel: "3x3",
  channels: "64",
  width: "64",
  rate: "0.1",
  size: "32",
  mean: "0.5",
  std: "0.25",
  factor: "2",
  at: "[30, 60]",
  patience: "5",
  start: "128",
  until: "6",
};

function exampleOf(name: string, expects: string): string {
  if (name === "path") return '"path"';
  return examples[name] ?? (expects === "" ? name : "1");
}

/** Operations, blocks that are seen, blocks that can be imported, and parameters that hold one. */
export function offerSteps(context: CompletionContext): readonly Offer[] {
  const operations = writtenOperations.flatMap((name) => {
    const callee = calleeAt(context.unit, name, { in: "chain" });
    return callee ? [{ ...offerCallee(callee, CompletionItemKind.Method), rank: 3 }] : [];
  });
  return [...offerBlocks(context), ...operations];
}

/** Blocks: those that are seen first, then parameters that may hold one, then those of other files. */
export function offerBlocks(context: CompletionContext): readonly Offer[] {
  const { unit } = context;
  const own = parametrisedAt(context);
  const blocks = [...unit.names].flatMap(([name, { declaration }]) => {
    if (declaration.kind !== "block" || declaration === own) return [];
    const callee = { ...declaredCallee(declaration), name };
    return [{ ...offerCallee(callee, CompletionItemKind.Function), rank: 2 }];
  });
  const held = (own?.parameters ?? [])
    .filter(({ name }) => isBlockName(name.text))
    .map(({ name }): Offer => ({
      label: name.text,
      kind: CompletionItemKind.Variable,
      detail: "parameter",
      rank: 1,
    }));
  return [...held, ...blocks, ...offerImports(context, "block")];
}

/** Networks that can be made with parameters, or every network. */
export function offerNetworks(context: CompletionContext, which: "open" | "all"): readonly Offer[] {
  const seen = [...context.unit.names].flatMap(([name, { declaration }]) =>
    offerNetwork(name, declaration, which),
  );
  return which === "open" ? [...seen, ...offerImports(context, "network")] : seen;
}

function offerNetwork(name: string, declaration: NamedDeclaration, which: "open" | "all"): Offer[] {
  if (declaration.kind === "block") return [];
  if (which === "all") {
    return [{ label: name, kind: CompletionItemKind.Class, docs: declaration.docs, rank: 1 }];
  }
  if (declaration.kind !== "network") return [];
  const callee = { ...declaredCallee(declaration), name };
  return [{ ...offerCallee(callee, CompletionItemKind.Class), rank: 1 }];
}

/** What other files declare, with the import that it needs. */
function offerImports(context: CompletionContext, kind: "block" | "network"): Offer[] {
  return importable(context).flatMap(({ declaration, specifier }) => {
    if (declaration.kind !== kind) return [];
    const item = kind === "block" ? CompletionItemKind.Function : CompletionItemKind.Class;
    const offer = offerCallee(declaredCallee(declaration), item);
    const also = [importEdit(context, declaration.name.text, specifier)];
    return [{ ...offer, detail: `import from "${specifier}"`, also, rank: 6 }];
  });
}

/** One argument that is being written. */
export interface Given {
  /** The names of the arguments that are given already, and how many have none. */
  readonly named: readonly string[];
  readonly positional: number;
  /** The argument whose value is written; absent where a new argument begins. */
  readonly slotOfValue?: string;
}

/** What the next argument of a callee can be. */
export function offerArguments(
  context: CompletionContext,
  callee: Callee | undefined,
  given: Given,
): readonly Offer[] {
  if (callee === undefined) return offerValues(context);
  if (given.slotOfValue !== undefined) {
    const slot = callee.slots.find(({ name }) => name === given.slotOfValue);
    return offerSlotValues(context, slot);
  }
  const positional = callee.slots.filter((slot) => slot.positional);
  const filled = new Set([
    ...given.named,
    ...positional.slice(0, given.positional).map(({ name }) => name),
  ]);
  const next = positional.find(({ name }) => !filled.has(name));
  const free = callee.slots.filter(({ name }) => !filled.has(name));
  const names = free.map((slot) => offerArgumentName(slot, callee));
  return [...(next ? offerSlotValues(context, next) : []), ...names];
}

/** An argument by its name, with a placeholder for its value. */
export function offerArgumentName(slot: CalleeSlot, callee: Callee): Offer {
  const { name, docs, expects, otherwise, slash, required, choices } = slot;
  const kind = CompletionItemKind.Field;
  const detail = otherwise === undefined ? expects : `${otherwise} where left out`;
  const told = paragraphs(docs, expects);
  const rank = required ? 1 : 4;
  if (slash && !callee.name.startsWith("upsample")) {
    return { label: "/2", kind, snippet: "/${1:2}", detail: "stride", docs: told, rank: 2 };
  }
  const hole = choices
    ? `\${1|${choices.join(",")}|}`
    : `\${1:${otherwise ?? exampleOf(name, expects)}}`;
  return {
    label: `${name}:`,
    kind,
    snippet: `${name}: ${hole}`,
    plain: `${name}: `,
    detail,
    docs: told,
    rank,
  };
}

function offerSlotValues(
  context: CompletionContext,
  slot: CalleeSlot | undefined,
): readonly Offer[] {
  const choices = (slot?.choices ?? []).map((label): Offer => ({
    label,
    kind: CompletionItemKind.Constant,
    rank: 0,
  }));
  const options = slot?.name === "option" || slot?.name === "shortcut" ? offerShortcuts() : [];
  return [...choices, ...options, ...offerValues(context)];
}

/** Parameters, and blocks as values, constants and functions. */
export function offerValues(context: CompletionContext): readonly Offer[] {
  const parameters = offerParameters(context);
  const blocks = [...context.unit.names].flatMap(([name, { declaration }]): Offer[] => {
    if (declaration.kind !== "block") return [];
    return [{ label: name, kind: CompletionItemKind.Function, docs: declaration.docs, rank: 6 }];
  });
  const constants = constantNames.map((label): Offer => ({
    label,
    kind: CompletionItemKind.Constant,
    docs: Object.hasOwn(shortcutDocs, label) ? shortcutDocs[label as "pad"] : "",
    rank: 8,
  }));
  const functions = functionNames.map((label): Offer => ({
    label,
    kind: CompletionItemKind.Function,
    snippet: `${label}($1)`,
    plain: `${label}(`,
    docs: functionDocs[label] ?? "",
    rank: 7,
  }));
  return [...parameters, ...blocks, ...functions, ...constants];
}

/** The parameters of the declaration that the cursor is in, also of one that cannot be read. */
export function offerParameters({ cursor }: CompletionContext): readonly Offer[] {
  return cursor.declaration.parameters.map((label) => ({
    label,
    kind: CompletionItemKind.Variable,
    detail: "parameter",
    rank: 1,
  }));
}

/** The kinds of shortcut. */
export function offerShortcuts(): readonly Offer[] {
  return shortcutKinds.map((label, index) => ({
    label,
    kind: CompletionItemKind.Constant,
    docs: shortcutDocs[label],
    rank: index < 2 ? 0 : 1,
  }));
}
