/** What the names of a spec are, by the offset at which each begins. */
import type * as A from "../../src/syntax/ast.js";

export type Role = "declared" | "place" | "argument" | "merge" | "step" | "name";

/** Every name of the tree. */
export function rolesOf(unit: A.SourceUnit): ReadonlyMap<number, Role> {
  const roles = new Map<number, Role>();
  for (const declaration of unit.declarations) visit(declaration, roles);
  return roles;
}

function visit(node: unknown, roles: Map<number, Role>): void {
  if (Array.isArray(node)) {
    for (const each of node) visit(each, roles);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "span" || key.endsWith("Span") || key === "from") continue;
    if (isName(value)) roles.set(value.span.start, roleOf(node as { kind?: string }, key));
    else visit(value, roles);
  }
}

function isName(value: unknown): value is A.Name {
  return typeof value === "object" && value !== null && "text" in value && "span" in value;
}

function roleOf(owner: { readonly kind?: string }, key: string): Role {
  const { kind } = owner;
  if (key === "label" || key === "place") return "place";
  if (kind === "stage" || kind === "head") return "place";
  if (key === "merge") return "merge";
  if (key === "callee") return "step";
  // The items of an import have no span of their own; parameters and arguments have.
  if (kind === undefined && !("span" in owner)) return "declared";
  if (kind === undefined && "slash" in owner) return owner.slash === true ? "name" : "argument";
  if (["block", "network", "instance", "train"].includes(kind ?? "")) return "declared";
  return "name";
}
