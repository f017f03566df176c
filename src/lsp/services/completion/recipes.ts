/** Completion inside recipes: settings, the kinds that they choose from, and the steps of their chains. */
import type { IToken } from "chevrotain";
import { settingExpects, settingKinds } from "../../../check/recipe-settings.js";
import { settingDocs } from "../../../recipe/setting-docs.js";
import { chainSettings } from "../../../syntax/setting-slips.js";
import * as T from "../../../syntax/tokens.js";
import { placesOf } from "../../../names/places.js";
import { calleeAt } from "../callees.js";
import { line, paragraphs } from "../markdown.js";
import { callAtCursor, stepTokens } from "../call-at-cursor.js";
import { offerGiven } from "./chains.js";
import { declarationAt, type CompletionContext } from "./context.js";
import { CompletionItemKind, type Offer } from "./items.js";
import { offerCallee } from "./values.js";

const examples: Readonly<Record<string, string>> = {
  data: "data $1",
  preprocess: "preprocess { normalize mean: ${1:0.5}, std: ${2:0.25} }",
  augment: "augment { ${1:flip -> crop 32, pad: 4} }",
  optimizer: "optimizer sgd(${1:0.1}, momentum: ${2:0.9}, decay: ${3:5e-4})",
  schedule: "schedule cosine(warmup: ${1:1})",
  batch: "batch ${1:128}",
  epochs: "epochs ${1:90}",
};

/** What can be written at a cursor in a recipe, outside the braces of a setting. */
export function offerInRecipe(
  context: CompletionContext,
  item: readonly IToken[],
): readonly Offer[] {
  const [key, ...rest] = item;
  if (key === undefined) return offerSettings(context);
  if (rest.length > 0) return [];
  return offerSettingValues(context, key.image);
}

function offerSettings(context: CompletionContext): readonly Offer[] {
  const declaration = declarationAt(context);
  const written = declaration?.kind === "train" ? declaration.settings : [];
  const set = new Set(written.map(({ key }) => key.text));
  return Object.entries(settingDocs).flatMap(([label, { meaning, unit }]): Offer[] => {
    if (set.has(label)) return [];
    const kinds = settingKinds
      .get(label)
      ?.map((kind) => `\`${kind}\``)
      .join(", ");
    const takes = kinds ?? settingExpects(label) ?? "";
    const counts = unit === undefined ? "" : `in ${unit}`;
    const docs = paragraphs(meaning.replace(/: see below$/, ""), line(`takes ${takes}`, counts));
    const snippet = examples[label] ?? `${label} $1`;
    const kind = CompletionItemKind.Property;
    const rank = label in needed ? 1 : 3;
    return [{ label, kind, snippet, plain: `${label} `, docs, rank }];
  });
}

/** The settings without which there is no recipe. */
const needed = { data: true, optimizer: true, batch: true, epochs: true };

function offerSettingValues(context: CompletionContext, key: string): readonly Offer[] {
  if (key === "freeze") return [...offerFlags(), ...offerQuotedPlaces(context, "list")];
  if (key === "shuffle") return offerFlags();
  if (key === "precision") return [{ label: "float32", kind: CompletionItemKind.Constant }];
  if (chainSettings.has(key)) {
    const kind = CompletionItemKind.Snippet;
    return [{ label: "{ … }", kind, snippet: "{ $1 }", plain: "{ " }];
  }
  return offerKinds(context, key, false);
}

function offerFlags(): readonly Offer[] {
  return ["true", "false"].map((label) => ({ label, kind: CompletionItemKind.Constant }));
}

/**
 * Names of places where an argument takes them: in the brackets of `freeze […]` and `rates within([…], …)`, or before
 * them. Undefined where the cursor is at no such argument.
 */
export function offerPlaces(context: CompletionContext): readonly Offer[] | undefined {
  const { around } = context.cursor;
  const [outer, inner] = around.slice(-2);
  const isList = inner?.frame.kind === "group";
  if (isList && outer?.frame.kind === "recipe" && outer.item[0]?.image === "freeze") {
    return offerQuotedPlaces(context, "item");
  }
  const call = callAtCursor(context.cursor);
  if (call?.place.in !== "setting" || call.callee !== "within") return undefined;
  const isPlaces = (call.named ?? (call.before.length === 0 ? "places" : "")) === "places";
  if (!isPlaces || !(isList || call.empty)) return undefined;
  return offerQuotedPlaces(context, isList ? "item" : "list");
}

/** The stages and the stem of the network that a recipe trains, in quotes. @param as written in brackets, or with them. */
function offerQuotedPlaces(context: CompletionContext, as: "item" | "list"): readonly Offer[] {
  const declaration = declarationAt(context);
  if (declaration?.kind !== "train") return [];
  const network = context.unit.names.get(declaration.network.text);
  const target = network?.declaration;
  const made =
    target?.kind === "instance"
      ? network?.unit.names.get(target.call.callee.text)?.declaration
      : target;
  if (made?.kind !== "network") return [];
  const stem = made.items.some(({ kind }) => kind === "stem") ? ["stem"] : [];
  return [...stem, ...placesOf(made).keys()].map((name) => ({
    label: `"${name}"`,
    kind: CompletionItemKind.Reference,
    plain: as === "list" ? `["${name}"]` : `"${name}"`,
    rank: 0,
  }));
}

function offerKinds(context: CompletionContext, key: string, chain: boolean): readonly Offer[] {
  return (settingKinds.get(key) ?? []).flatMap((name) => {
    const callee = calleeAt(context.unit, name, { in: "setting", key, chain });
    return callee ? [{ ...offerCallee(callee, CompletionItemKind.Function), rank: 1 }] : [];
  });
}

/** What can be written in the braces of a setting. */
export function offerInSetting(
  context: CompletionContext,
  key: string,
  item: readonly IToken[],
): readonly Offer[] {
  const step = stepTokens({ kind: "setting", key }, item);
  if (step.length === 0 || item.at(-1)?.tokenType === T.Arrow)
    return offerKinds(context, key, true);
  return offerGiven(context);
}
