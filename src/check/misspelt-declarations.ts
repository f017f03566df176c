/**
 * Finds declarations that are misspelt, where all that use them are right: one mistake, and one finding,
 * where it was made. What comes back declares the name that was meant, so that nothing else is said of it.
 *
 * A name that is declared and never used, beside a near one that is used and never declared, is misspelt in
 * one of the two places. It is the declaration if the other name is used more than once, stands elsewhere, or is
 * made of words that the field's names are made of, as the declared one is not.
 */
import { catalog } from "../diagnostics/catalog.js";
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import { operations, writtenOperations } from "../ops/registry.js";
import { dataKinds } from "../recipe/data-kinds.js";
import { SourceFile, type Span } from "../source/source.js";
import type { Declaration, Name, NetworkDeclaration } from "../syntax/ast.js";
import { isOfFieldWords } from "./field-words.js";
import { labelsOf, labelsOfStep } from "./labels.js";
import { usesOf, type NameUses } from "./name-uses.js";
import { constantNames, isBlockName } from "./scope.js";
import { nearest } from "../diagnostics/nearest.js";

/** What a file's declarations are read with. */
export interface Reading {
  readonly declarations: readonly Declaration[];
  readonly findings: readonly Diagnostic[];
}

/** How many names of a kind are looked at: a file with more has other worries. */
const namesLimit = 500;

/** The declarations of a file as they were meant. @param texts of the files that it imports. */
export function meantDeclarations(
  file: SourceFile,
  declarations: readonly Declaration[],
  lost: ReadonlySet<string>,
  texts: readonly string[],
): Reading {
  const readable = declarations.filter(({ broken }) => !broken);
  const uses = new Map(readable.map((each) => [each, usesOf(each)]));
  // A file may be called by what it declares.
  const fileName = file.path.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
  const words = new Vocabulary([file.text, fileName, ...texts]);
  const imported = declarations.flatMap((each) =>
    each.kind === "import" ? each.names.map(({ name, alias }) => (alias ?? name).text) : [],
  );
  const everywhere = new Set([...imported, ...writtenOperations, ...constantNames, ...lost]);
  const aliases = declarations.flatMap((each) =>
    each.kind === "import" ? each.names.flatMap(({ alias }) => alias ?? []) : [],
  );
  const named = declarations.filter((each) => each.kind !== "import" && each.kind !== "train");
  const all = [...uses.values()];
  const families: Family[] = [
    {
      kind: "block",
      declared: [
        ...aliases,
        ...named.filter(({ kind }) => kind === "block").map(({ name }) => name),
      ],
      used: all.flatMap(({ values }) => values).filter(({ text }) => isBlockName(text)),
      known: new Set([...everywhere, ...named.map(({ name }) => name.text)]),
    },
    {
      kind: "network",
      declared: named.filter(({ kind }) => kind !== "block").map(({ name }) => name),
      used: all.flatMap(({ networks }) => networks),
      known: everywhere,
    },
  ];
  const blocks = new Set([...everywhere, ...named.map(({ name }) => name.text)]);
  for (const [declaration, own] of uses) {
    if (declaration.kind !== "block" && declaration.kind !== "network") continue;
    families.push(parametersOf(declaration, own, all, blocks));
    if (declaration.kind === "network") families.push(placeFamily(declaration, own));
    else
      families.push({
        kind: "place",
        declared: labelsOf([declaration.body]),
        used: own.places,
        known: new Set(),
      });
  }
  const slips = families.flatMap((family) => slipsOf(family, words));
  if (slips.length === 0) return { declarations, findings: [] };
  const meant = new Map(slips.map(({ name, used }) => [name, used[0]?.text ?? name.text]));
  return {
    declarations: renamed(declarations, meant),
    findings: slips.map((slip) => misspelt(slip, "used here")),
  };
}

/** Names that are declared in one place and used in others. */
interface Family {
  readonly kind: "block" | "network" | "value" | "place";
  readonly declared: readonly Name[];
  readonly used: readonly Name[];
  /** Names that mean something without being declared here. */
  readonly known: ReadonlySet<string>;
}

function parametersOf(
  declaration: Extract<Declaration, { kind: "block" | "network" }>,
  { values }: NameUses,
  all: readonly NameUses[],
  known: ReadonlySet<string>,
): Family {
  const callers = all
    .flatMap(({ named }) => named)
    .filter(({ callee }) => callee === declaration.name.text);
  const declared = declaration.parameters.map(({ name }) => name);
  return { kind: "value", declared, used: [...values, ...callers.map(({ name }) => name)], known };
}

function placeFamily({ items }: NetworkDeclaration, { places }: NameUses): Family {
  const declared = items.flatMap((item): readonly Name[] => {
    switch (item.kind) {
      case "stage":
        return [item.name, ...labelsOfStep(item.step)];
      case "head":
        return [...(item.name ? [item.name] : []), ...labelsOf([item.chain])];
      case "stem":
        return labelsOf([item.chain]);
      case "step":
        return labelsOfStep(item.step);
      default:
        return [];
    }
  });
  return { kind: "place", declared, used: places, known: new Set() };
}

/** A declared name, and all uses of the one that it was meant to be. */
interface Slip {
  readonly kind: Family["kind"];
  readonly name: Name;
  readonly used: readonly Name[];
}

function slipsOf({ kind, declared, used, known }: Family, words: Vocabulary): readonly Slip[] {
  if (declared.length > namesLimit || used.length === 0) return [];
  const names = new Set(declared.map(({ text }) => text));
  const usedNames = new Set(used.map(({ text }) => text));
  const unused = declared.filter(({ text }) => !usedNames.has(text));
  if (unused.length === 0) return [];
  const unknown = new Map<string, Name[]>();
  for (const name of used) {
    if (names.has(name.text) || known.has(name.text)) continue;
    unknown.set(name.text, [...(unknown.get(name.text) ?? []), name]);
  }
  const taken = new Set<Name>();
  return [...unknown].slice(0, namesLimit).flatMap(([text, places]): readonly Slip[] => {
    // A letter that nothing uses and one that nothing declares may be one.
    const near = nearest(text, [...names, ...known], true);
    const name = unused.find((each) => each.text === near && !taken.has(each));
    if (name === undefined) return [];
    const isEstablished =
      isCapitalised(text) > isCapitalised(name.text) ||
      isMisspelt(name.text, text) ||
      (words.has(text, places.length) && !words.has(name.text, 1));
    if (places.length < 2 && !isEstablished) return [];
    taken.add(name);
    return [{ kind, name, used: places }];
  });
}

/** Whether a name is one that reads like no word, where one is meant that does. */
function isMisspelt(name: string, meant: string): boolean {
  return isOfFieldWords(meant) && !isOfFieldWords(name);
}

/**
 * The finding that a declaration is misspelt which another file imports by the name that was meant: it is made
 * of words that the declared one is not, and the file does not use what it declares.
 *
 * @param uses where the file that imports it has the name, the import first.
 */
export function misspeltForImport(
  declaration: Declaration & { readonly name: Name },
  meant: string,
  uses: readonly Span[],
  beside: readonly Declaration[],
): Diagnostic | undefined {
  const { name } = declaration;
  if (!isMisspelt(name.text, meant)) return undefined;
  const isUsed = beside.some((each) => {
    const { values, networks } = usesOf(each);
    return [...values, ...networks].some(({ text }) => text === name.text);
  });
  if (isUsed) return undefined;
  const used = uses.map((span) => ({ text: meant, span }));
  const kind = declaration.kind === "block" ? "block" : "network";
  const found = misspelt({ kind, name, used }, "imported here");
  return { ...found, related: found.related.slice(0, 1) };
}

/** Blocks and networks begin with a capital: 1 for what does, 0 for what does not. */
function isCapitalised(text: string): number {
  return isBlockName(text) ? 1 : 0;
}

/** How many uses a finding points at. */
const usesShown = 3;

/** The finding that a declaration is misspelt. @param how what is said at the uses. */
function misspelt({ kind, name, used }: Slip, how: string): Diagnostic {
  const text = used[0]?.text ?? "";
  const edits = [{ span: name.span, text }];
  const help: Help = { text: `did you mean \`${text}\`?`, edits };
  const times = used.length === 1 ? "" : ` ${used.length} times`;
  const back: Help = {
    text: `write \`${name.text}\` where it is used${times}`,
    edits: used.map(({ span }) => ({ span, text: name.text })),
  };
  const related = used.slice(0, usesShown).map(({ span }) => ({ span, text: how }));
  return diagnostic(
    "R0201",
    name.span,
    { kind, name: text },
    {
      label: `it is declared as \`${name.text}\``,
      ...{ related, help, alternatives: [back] },
    },
  );
}

/** The words of the language and of the files, with how often each stands there. */
class Vocabulary {
  readonly #counts = new Map<string, number>();
  #filled = false;

  constructor(private readonly texts: readonly string[]) {}

  /** Whether a word stands in more places than those that are looked at. */
  has(word: string, places: number): boolean {
    if (!this.#filled) this.#fill();
    if (this.#times(word) > places) return true;
    const parts = word.split(/_|(?<=[a-z0-9])(?=[A-Z])/);
    return parts.length > 1 && parts.every((part) => part.length > 2 && this.#times(part) > 0);
  }

  #times(word: string): number {
    return this.#counts.get(word.toLowerCase()) ?? 0;
  }

  #fill(): void {
    this.#filled = true;
    const add = (word: string, times = 1): void => {
      const lower = word.toLowerCase();
      this.#counts.set(lower, (this.#counts.get(lower) ?? 0) + times);
    };
    for (const text of this.texts) {
      for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) add(word);
    }
    for (const text of languageTexts()) {
      for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) add(word, Infinity);
    }
  }
}

/** What the language says of itself: its words, and the plain English of its messages. */
function languageTexts(): readonly string[] {
  return [
    ...Object.values(operations).flatMap(({ signature }) =>
      signature.flatMap(({ name, docs }) => [name, docs]),
    ),
    ...Object.values(dataKinds).flatMap(({ doc, options }) => [doc, ...Object.keys(options)]),
    ...Object.values(catalog).map(({ message }) => message),
  ];
}

/** The tree with other texts for some of its names. */
function renamed<T>(tree: T, meant: ReadonlyMap<Name, string>): T {
  if (Array.isArray(tree)) return tree.map((each: unknown) => renamed(each, meant)) as T;
  if (typeof tree !== "object" || tree === null || tree instanceof SourceFile) return tree;
  const text = meant.get(tree as unknown as Name);
  if (text !== undefined) return { ...tree, text };
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      key === "span" ? value : renamed(value, meant),
    ]),
  ) as T;
}
