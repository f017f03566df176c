/** "Did you mean": the help that corrects a misspelt name. */
import type { Help } from "../diagnostics/diagnostic.js";
import { nearest } from "../diagnostics/nearest.js";
import { isWrittenOperation } from "../ops/registry.js";
import type { Name } from "../syntax/ast.js";
import { isOfFieldWords, isOfJoinedWords } from "./field-words.js";

/** How many names are listed where none is near. */
const namesListed = 20;

/** A help that corrects a misspelt name, or lists the few that there are. */
export function suggestion(
  name: Name,
  candidates: Iterable<string>,
  listed?: Iterable<string>,
): Help | undefined {
  const all = [...candidates];
  const best = nearest(name.text, all);
  if (best !== undefined) {
    const help = {
      text: `did you mean \`${best}\`?`,
      edits: [{ span: name.span, text: best }],
    };
    return isSlip(name.text, best) ? help : { ...help, applicability: "unsafe" };
  }
  const names = [...(listed ?? all)];
  if (names.length === 0 || names.length > namesListed) return undefined;
  return {
    text: `there ${names.length === 1 ? "is" : "are"} ${names.map((each) => `\`${each}\``).join(", ")}`,
  };
}

/** Whether a name is another misspelt, and not a word of the field by itself that may have been meant as it stands. */
export function isSlip(written: string, meant: string): boolean {
  const plain = (name: string): string => name.toLowerCase().replaceAll("_", "");
  if (plain(written) === plain(meant)) return true;
  // Another operation makes another network: `maxunpool` is no `maxpool` misspelt.
  if (isWrittenOperation(meant)) return !isOfFieldWords(written) && !isOfJoinedWords(written);
  return !isOfFieldWords(written) || !isOfFieldWords(meant);
}
