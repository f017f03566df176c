/** "Did you mean": the help that corrects a misspelt name. */
import type { Help } from "../diagnostics/diagnostic.js";
import { nearest } from "../diagnostics/nearest.js";
import type { Name } from "../syntax/ast.js";

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
    return { text: `did you mean \`${best}\`?`, edits: [{ span: name.span, text: best }] };
  }
  const names = [...(listed ?? all)];
  if (names.length === 0 || names.length > namesListed) return undefined;
  return {
    text: `there ${names.length === 1 ? "is" : "are"} ${names.map((each) => `\`${each}\``).join(", ")}`,
  };
}
