/** The words of a hover: what a word of the language, an argument or a setting is and takes. */
import { settingExpects, settingKinds } from "../../check/recipe-settings.js";
import { listed } from "../../diagnostics/lists.js";
import { settingDocs } from "../../recipe/setting-docs.js";
import { isChain, type Setting } from "../../syntax/ast.js";
import { innermost, type SyntaxNode } from "../names/syntax-path.js";
import type { Callee, CalleeSlot } from "./callees.js";
import { line, paragraphs } from "./markdown.js";
import { functionDocs, measureDocs, mergeDocs, shortcutDocs, wordDocs } from "./words.js";

/** What a word means at its place; undefined where it means nothing. */
export function wordText(word: string, path: readonly SyntaxNode[]): string | undefined {
  const step = innermost(path, "step");
  const own = (table: Readonly<Record<string, string>>): string | undefined =>
    Object.hasOwn(table, word) ? table[word] : undefined;
  if (step?.kind === "residual" && own(shortcutDocs)) return own(shortcutDocs);
  if (step?.kind === "branches" && own(mergeDocs)) return own(mergeDocs);
  const item = innermost(path, "item");
  if (item?.kind === "expect" && own(measureDocs)) return own(measureDocs);
  return own(wordDocs) ?? own(shortcutDocs) ?? own(functionDocs) ?? own(measureDocs);
}

/** How many values are written out. */
const valuesShown = 6;

/** Values side by side, the first few of them. */
export function listedValues(values: Iterable<string>): string {
  const texts = Array.from(values, (value) => `\`${value}\``);
  return listed(texts, valuesShown);
}

/** What an argument means, must be, and is when left out. */
export function slotText(
  { name, docs, expects, otherwise, required, slash }: CalleeSlot,
  callee: Callee,
): string {
  const shown = slash ? "/stride" : name;
  const facts = [
    expects,
    required ? "must be given" : otherwise === undefined ? "" : `\`${otherwise}\` where left out`,
  ];
  return paragraphs(
    `**${shown}** of \`${callee.name}\`${docs === "" ? "" : `: ${docs}`}`,
    facts.filter((each) => each !== "").join("; "),
  );
}

/** What a setting of a recipe is, what it takes and in which unit it counts. */
export function settingText({ key, value }: Pick<Setting, "key" | "value">): string {
  const docs = Object.hasOwn(settingDocs, key.text) ? settingDocs[key.text] : undefined;
  if (docs === undefined) return "";
  const kinds = settingKinds.get(key.text);
  const takes = kinds
    ? `${isChain(value) ? "steps: " : ""}${kinds.map((kind) => `\`${kind}\``).join(", ")}`
    : (settingExpects(key.text) ?? "");
  const unit = docs.unit === undefined ? "" : `in ${docs.unit}`;
  return paragraphs(
    `**${key.text}**: ${docs.meaning.replace(/: see below$/, "")}`,
    line(`takes ${takes}`, unit),
  );
}
