/** What is said of names that mean something, and something else than what stands there. */
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import type { BlockDeclaration, Call, InstanceDeclaration, Name } from "../syntax/ast.js";

/** A kind of shortcut, or a truth value, where a step should stand. */
export function notAStep({ callee, span }: Call): Diagnostic {
  const { text: name } = callee;
  const found = name === "true" || name === "false" ? "a value" : "a kind of shortcut";
  const holes = { name, found, expected: "a step of a chain" };
  if (name !== "identity") return diagnostic("R0215", callee.span, holes);
  const { file, start, end } = span;
  const before = /\s*->\s*$/.exec(file.text.slice(0, start));
  const behind = /^\s*->\s*/.exec(file.text.slice(end));
  const cut = before
    ? file.span(before.index, end)
    : behind && file.span(start, end + behind[0].length);
  const text = "a step that changes nothing is left out";
  const help = cut ? { text, edits: [{ span: cut, text: "" }] } : { text };
  return diagnostic("R0215", callee.span, holes, { help });
}

export function notANetwork(
  { text, span }: Name,
  target: BlockDeclaration | InstanceDeclaration,
): Diagnostic {
  const holes = { name: text, expected: "a network with parameters" };
  if (target.kind === "block") {
    return diagnostic("R0215", span, { ...holes, found: "a block" });
  }
  const { callee } = target.call;
  const related = [{ span: target.call.span, text: `made from \`${callee.text}\` here` }];
  const help = `make it from \`${callee.text}\` itself`;
  return diagnostic("R0215", span, { ...holes, found: "an instance already" }, { related, help });
}

/** Another name for a head that is named like a stage or another head. */
export function headNamed({ text, span }: Name): Help {
  const own = `${text}_head`;
  return {
    text: `stages and heads each have a name of their own, such as \`head ${own}\``,
    edits: [{ span, text: own }],
    applicability: "unsafe",
  };
}
