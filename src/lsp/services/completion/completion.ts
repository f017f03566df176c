/**
 * What can be written at the cursor: told from the words before it, so that it is offered in the middle of a line that
 * does not parse yet, and from the names that the file sees.
 */
import type { IToken } from "chevrotain";
import type { CompletionItem, Position } from "vscode-languageserver";
import { measures } from "../../../check/measures.js";
import * as T from "../../../syntax/tokens.js";
import { cursorAt } from "../../names/cursor.js";
import { placesOf } from "../../../names/places.js";
import { offsetAt } from "../../project/positions.js";
import type { Project } from "../../project/project.js";
import { callAtCursor } from "../call-at-cursor.js";
import { measureDocs } from "../words.js";
import { offerGiven, offerInBody, word } from "./chains.js";
import { declarationAt, type CompletionContext } from "./context.js";
import { offerImportedNames, offerPaths } from "./imports.js";
import { CompletionItemKind, itemsOf, type Offer } from "./items.js";
import { offerInRecipe, offerInSetting, offerPlaces } from "./recipes.js";
import { offerNetworks, offerValues } from "./values.js";

export interface CompletionOptions {
  /** Whether the editor fills placeholders in. */
  readonly snippets: boolean;
  /** The import paths of what ships with the compiler. */
  readonly standard: readonly string[];
}

/** The items for a position of a document. */
export function completion(
  project: Project,
  path: string,
  position: Position,
  options: CompletionOptions,
): readonly CompletionItem[] {
  const unit = project.unit(path);
  if (unit === undefined) return [];
  const offset = offsetAt(unit.file, position);
  const cursor = cursorAt(unit.file, offset);
  if (cursor === undefined) return [];
  const context: CompletionContext = { project, unit, cursor, offset, ...options };
  return itemsOf(context, offers(context));
}

function offers(context: CompletionContext): readonly Offer[] {
  const { cursor } = context;
  if (cursor.path) return offerPaths(context);
  const { frame, item } = cursor.around.at(-1) ?? { frame: { kind: "file" } as const, item: [] };
  switch (frame.kind) {
    case "file":
      return offerInFile(context, item);
    case "import":
      return item.at(-1)?.tokenType === T.As ? [] : offerImportedNames(context);
    case "parameters":
      return item.at(-1)?.tokenType === T.Assign ? offerValues(context) : [];
    case "chain":
    case "network":
      return offerInBody(context, frame, item);
    case "branches":
      return [];
    case "instance":
      return item.length === 0 ? [word("expect", "expect {\n  $1\n}", 0)] : [];
    case "expect":
      return offerInExpect(context, item);
    case "recipe":
      return offerInRecipe(context, item);
    case "setting":
      return offerInSetting(context, frame.key, item);
    case "call":
      return offerInCall(context);
    case "group":
      return offerPlaces(context) ?? offerValues(context);
  }
}

const declarations: readonly Offer[] = [
  word("import", 'import { $2 } from "${1:std/blocks}"', 1),
  word("block", "block ${1:Name}(${2:width}, stride = 1) {\n  $0\n}", 2),
  word(
    "network",
    "network ${1:Name}(classes = ${2:10}) {\n  input ${3:32x32x3}\n\n  stem { $0 }\n\n  head classify { globalavgpool -> dense classes }\n}",
    2,
  ),
  word(
    "train",
    "train ${1:name} for ${2:Network} {\n  data $0\n  optimizer sgd(0.1, momentum: 0.9)\n  batch 128\n  epochs 10\n}",
    2,
  ),
];

/** Between the declarations, and in their first lines. */
function offerInFile(context: CompletionContext, item: readonly IToken[]): readonly Offer[] {
  const [first] = item;
  const last = item.at(-1);
  if (first === undefined) return declarations;
  switch (first.image) {
    case "import":
      if (last?.tokenType === T.From) return offerPaths(context);
      return last?.tokenType === T.RightBrace ? [word("from", 'from "${1:std/blocks}"', 0)] : [];
    case "train":
      if (last?.tokenType === T.For) return offerNetworks(context, "all");
      return item.length === 2 ? [word("for", "for $1", 0)] : [];
    case "block":
    case "network":
      if (last?.tokenType === T.Assign) return offerNetworks(context, "open");
      if (item.some(({ tokenType }) => tokenType === T.Where)) return offerValues(context);
      return item.length >= 2 ? [word("where", "where $1", 0)] : [];
    default:
      return [];
  }
}

function offerInExpect(context: CompletionContext, item: readonly IToken[]): readonly Offer[] {
  if (item.length > 0) return item.length > 1 ? offerValues(context) : [];
  return measures.map((label) => {
    const sized = label === "macs" || label === "memory";
    const [snippet, plain] = [`${label} <= $1`, `${label} `];
    const docs = measureDocs[label];
    return { label, kind: CompletionItemKind.Field, snippet, plain, docs, rank: sized ? 2 : 1 };
  });
}

/** In parentheses: arguments; a head for `output(…)`. */
function offerInCall(context: CompletionContext): readonly Offer[] {
  const call = callAtCursor(context.cursor);
  const places = offerPlaces(context);
  if (places !== undefined) return [...places, ...offerGiven(context)];
  if (call?.place.in !== "expect" || call.callee !== "output" || !call.empty) {
    return offerGiven(context);
  }
  return [...offerHeads(context), ...offerGiven(context)];
}

function offerHeads(context: CompletionContext): readonly Offer[] {
  const declaration = declarationAt(context);
  const made =
    declaration?.kind === "instance"
      ? context.unit.names.get(declaration.call.callee.text)?.declaration
      : declaration;
  if (made?.kind !== "network") return [];
  return [...placesOf(made).values()]
    .filter(({ kind }) => kind === "head")
    .map(({ name }) => ({ label: name.text, kind: CompletionItemKind.Reference, rank: 0 }));
}
