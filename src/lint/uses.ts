/** What a declaration reads: what an import, a block or a parameter is there for. */
import { usesOf } from "../check/name-uses.js";
import type { Declaration, Name, Parameter } from "../syntax/ast.js";

/** The names that a declaration reads, each as often as it does; places of `from` are not among them. */
export function namesRead(declaration: Declaration): readonly Name[] {
  const { values, networks, sizes, functions } = usesOf(declaration);
  return [...values, ...networks, ...sizes, ...functions];
}

/** The places that a declaration's chains go on from. */
export function placesTaken(declaration: Declaration): ReadonlySet<string> {
  return new Set(usesOf(declaration).places.map(({ text }) => text));
}

/** A declaration's parameters, where it is of a kind that has some. */
export function parametersOf(declaration: Declaration): readonly Parameter[] {
  const has = declaration.kind === "block" || declaration.kind === "network";
  return has ? declaration.parameters : [];
}
