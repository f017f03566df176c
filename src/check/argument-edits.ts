/** Edits of a call's arguments. */
import type { Edit, Help } from "../diagnostics/diagnostic.js";
import type { Argument, Call } from "../syntax/ast.js";

/** The edit that gives a call an argument more. */
export function putBehind({ span, arguments: given }: Call, text: string): Edit {
  const { file, end } = span;
  // An argument in brackets goes inside of them; after a stride behind the brackets, behind that.
  const inside = file.text.charAt(end - 1) === ")" ? end - 1 : end;
  const comma = given.length === 0 ? " " : ", ";
  return { span: file.span(inside, inside), text: `${comma}${text}` };
}

/** The edit that takes an argument out, with the comma before it, or else the one behind it. */
export function leftOut({ span }: Argument): Edit {
  const { file, start, end } = span;
  const before = /,\s*$/.exec(file.text.slice(0, start));
  const after = /^\s*,\s*/.exec(file.text.slice(end))?.[0].length ?? 0;
  const bare = /[ \t]+$/.exec(file.text.slice(0, start));
  const cut = before
    ? file.span(before.index, end)
    : file.span(after === 0 && bare ? bare.index : start, end + after);
  return { span: cut, text: "" };
}

/** The help that leaves an argument out: a guess, as its value was meant for something. */
export function leaveOut(argument: Argument, text: string): Help {
  return { text, edits: [leftOut(argument)], applicability: "unsafe" };
}
