/** Which calls are around a place of the syntax tree, and as what each of them is called. */
import type { Value } from "../../check/value.js";
import { isChain, type Call } from "../../syntax/ast.js";
import { innermost, type SyntaxNode } from "../names/syntax-path.js";
import type { CallPlace } from "./callees.js";

/** The calls around a place, innermost first; a setting's kind without arguments counts as one. */
export function callsAt(path: readonly SyntaxNode[]): readonly Call[] {
  return [...path].reverse().flatMap(({ is, node }): Call[] => {
    if (is === "expression" && node.kind === "call") return [node.call];
    if (is === "step" && node.kind === "call") return [node.call];
    if (is === "declaration" && node.kind === "instance") return [node.call];
    if (is === "setting" && !isChain(node.value) && node.value.kind === "name") {
      return [{ callee: node.value.name, arguments: [], span: node.value.span }];
    }
    return [];
  });
}

/** As what `call`, or else the innermost call, is called; undefined where nothing is called at all. */
export function callPlace(
  path: readonly SyntaxNode[],
  values: ReadonlyMap<string, Value | undefined> | undefined,
  call?: Call,
): CallPlace | undefined {
  const setting = innermost(path, "setting");
  const owner = path.findLast((each) => {
    if (call === undefined) return each.is === "step" || each.is === "expression";
    const { node } = each;
    return "kind" in node && node.kind === "call" && node.call === call;
  });
  if (setting) {
    const isValue = !isChain(setting.value) && owner?.node === setting.value;
    const isStep = owner?.is === "step" || isChain(setting.value);
    if (isStep) return { in: "setting", key: setting.key.text, chain: true };
    if (isValue || owner === undefined || owner.node === setting.value) {
      return { in: "setting", key: setting.key.text, chain: false };
    }
    return { in: "value" };
  }
  if (owner?.is === "step") return { in: "chain", ...(values && { values }) };
  if (innermost(path, "item")?.kind === "expect") return { in: "expect" };
  if (owner?.is === "expression") return { in: "value" };
  const declaration = innermost(path, "declaration");
  return declaration?.kind === "instance" ? { in: "instance" } : undefined;
}
