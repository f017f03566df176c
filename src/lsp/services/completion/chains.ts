/** Completion inside chains and networks: what can begin an item, and what can follow what is written of one. */
import type { IToken } from "chevrotain";
import * as T from "../../../syntax/tokens.js";
import type { Frame } from "../../names/cursor.js";
import { placesOf } from "../../../names/places.js";
import { calleeIndex, callAtCursor, stepTokens } from "../call-at-cursor.js";
import { calleeAt } from "../callees.js";
import { kindWords } from "../../../names/entity.js";
import { mergeDocs, wordDocs } from "../words.js";
import { parametrisedAt, type CompletionContext } from "./context.js";
import { CompletionItemKind, type Offer } from "./items.js";
import {
  offerArgumentName,
  offerArguments,
  offerBlocks,
  offerShortcuts,
  offerParameters,
  offerSteps,
  offerValues,
} from "./values.js";

const keyword = CompletionItemKind.Keyword;

/** A word of the language, with what follows it. */
export function word(label: string, snippet: string, rank = 4): Offer {
  const docs = wordDocs[label] ?? "";
  return { label, kind: keyword, snippet, docs, rank };
}

const residual = word(
  "residual",
  "residual {\n  $1\n}\nshortcut ${2|project,identity,project always,pad,none|}",
);
const stepWords: readonly Offer[] = [
  residual,
  word("branches", "branches ${1|concat,sum|} {\n  { $2 }\n  { $3 }\n}"),
  word("gate", "gate { $1 }"),
  word("from", "from $1"),
];

const networkWords: readonly Offer[] = [
  word("input", "input ${1:224x224x3}", 1),
  word("stem", "stem {\n  $1\n}", 1),
  word("stage", "stage ${1:conv2}: ${2:2} x $3", 1),
  word("head", "head ${1:classify} {\n  ${2:globalavgpool -> dense 1000}\n}", 1),
  word("expect", "expect {\n  $1\n}", 2),
];

type Body = Extract<Frame, { kind: "chain" | "network" }>;

/** What can be written at a cursor in a chain or in a network. */
export function offerInBody(
  context: CompletionContext,
  frame: Body,
  item: readonly IToken[],
): readonly Offer[] {
  const { closed } = context.cursor;
  if (item.length === 0) {
    if (closed?.kind === "chain" && closed.of === "residual") return [shortcutWord];
    const words = frame.kind === "network" ? networkWords : [];
    return [...words, ...stepWords, ...offerSteps(context)];
  }
  const last = item.at(-1);
  if (closed?.kind === "chain" && last?.tokenType === T.RightBrace) {
    return closed.of === "residual" ? [shortcutWord] : [asWord];
  }
  return offerAfter(context, frame, item, last);
}

const shortcutWord = word("shortcut", "shortcut ${1|project,identity,project always,pad,none|}", 0);
const asWord = word("as", "as $1");

/** After a word that says what follows, or inside the arguments of a step. */
function offerAfter(
  context: CompletionContext,
  frame: Body,
  item: readonly IToken[],
  last: IToken | undefined,
): readonly Offer[] {
  switch (last?.tokenType) {
    case T.From:
      return offerPlaces(context);
    case T.As:
    case T.Stage:
    case T.Head:
      return [];
    case T.Shortcut:
      return [...offerShortcuts(), ...offerParameters(context)];
    case T.Branches:
      return Object.entries(mergeDocs).map(([label, docs]) => ({ label, kind: keyword, docs }));
    case T.Times:
      return offerBlocks(context);
    case T.Arrow:
      return [...offerSteps(context), ...stepWords];
    case T.Input:
      return offerInputs();
  }
  const [first] = item;
  if (item.some(({ tokenType }) => tokenType === T.Where)) {
    if (first?.tokenType !== T.Input) return offerValues(context);
    const begins = last?.tokenType === T.Where || last?.tokenType === T.Comma;
    return [...offerSizes(context, begins), ...(begins ? [] : offerValues(context))];
  }
  if (first?.tokenType === T.Input) return [word("where", "where ${1:H % 32 == 0, W % 32 == 0}")];
  if (first?.tokenType === T.Shortcut || first?.tokenType === T.From) return [asWord];
  return offerInStep(context, frame, item);
}

/** How far before the cursor its shape is looked for, in characters. */
const longestInput = 2000;

/**
 * The sizes of an input, which its conditions are of; they stand in brackets before `where`.
 *
 * @param begins whether a condition begins at the cursor.
 */
function offerSizes({ unit, offset }: CompletionContext, begins: boolean): readonly Offer[] {
  const before = unit.file.text.slice(Math.max(0, offset - longestInput), offset);
  const [, shape = ""] = /\[([^\][]*)\]\s*where\b(?:(?!\bwhere\b)[^])*$/.exec(before) ?? [];
  const names = new Set(shape.match(/[A-Za-z_]\w*/g));
  return [...names].map((label) => ({
    label,
    kind: CompletionItemKind.Variable,
    ...(begins && { snippet: `${label} % ${"${1:32}"} == 0`, plain: label }),
    docs: "a size of the input",
  }));
}

function offerInputs(): readonly Offer[] {
  const kind = CompletionItemKind.Snippet;
  return [
    { label: "224x224x3", kind, docs: "images of one size: height, width and channels" },
    { label: "[H, W, 3]", kind, docs: "images of every size" },
    {
      label: "[H, W, 3] where H % 32 == 0, W % 32 == 0",
      kind,
      docs: "images of every size that meets conditions",
    },
  ];
}

/** `stage conv2: …`, `4 x …`, `conv 3x3, …` */
function offerInStep(
  context: CompletionContext,
  frame: Body,
  item: readonly IToken[],
): readonly Offer[] {
  const step = stepTokens(frame, item);
  const isStage = frame.kind === "network" && item[0]?.tokenType === T.Stage;
  if (step.length === 0)
    return isStage && item.length > 2 ? offerBlocks(context) : offerSteps(context);
  const isCount = calleeIndex(step) < 0;
  if (isCount) return [word("x", "x $1", 0), ...offerParameters(context)];
  return offerGiven(context);
}

/** The next argument of the call around the cursor. */
export function offerGiven(context: CompletionContext): readonly Offer[] {
  const call = callAtCursor(context.cursor);
  if (call === undefined) return offerValues(context);
  const callee = calleeAt(context.unit, call.callee, call.place);
  if (!call.empty) {
    const goesOn = call.place.in === "chain" && call.named !== "stride" ? [asWord] : [];
    return [...goesOn, ...offerValues(context)];
  }
  const named = call.before.filter((name) => name !== undefined);
  const positional = call.before.length - named.length;
  if (call.closed) {
    const stride = callee?.slots.filter(({ slash, name }) => slash && !named.includes(name)) ?? [];
    return callee ? stride.map((slot) => offerArgumentName(slot, callee)) : [];
  }
  const given = { named, positional, ...(call.named !== undefined && { slotOfValue: call.named }) };
  const offers = offerArguments(context, callee, given);
  const begins = call.before.length === 0 && call.named === undefined;
  const bare = begins && callee?.slots.every(({ required }) => !required) === true;
  return bare && call.place.in === "chain" ? [...offers, asWord] : offers;
}

/** The places above the cursor that `from` can take up. */
function offerPlaces(context: CompletionContext): readonly Offer[] {
  const declaration = parametrisedAt(context);
  if (declaration === undefined) return [];
  return [...placesOf(declaration).values()]
    .filter(({ kind, name }) => kind !== "head" && name.span.end < context.offset)
    .map(({ name, kind }) => ({
      label: name.text,
      kind: CompletionItemKind.Reference,
      detail: kindWords[kind],
      rank: 0,
    }));
}
