/** The places that networks and blocks name: stages, heads, and what `as` and `from` speak of. */
import { labelsOf, labelsOfStep } from "../check/labels.js";
import type { Unit } from "../check/program.js";
import type { Span } from "../source/source.js";
import type { BlockDeclaration, Chain, Name, NetworkDeclaration } from "../syntax/ast.js";
import { declarationOf, type Entity } from "./entity.js";

/** The places that a network or a block names, by name; the first of a name counts. */
export function placesOf(
  declaration: BlockDeclaration | NetworkDeclaration,
): ReadonlyMap<string, Entity> {
  const places = new Map<string, Entity>();
  const add = (name: Name, kind: "stage" | "head" | "place", at: Span): void => {
    if (!places.has(name.text)) places.set(name.text, { kind, name, declaration, at });
  };
  const labels = (chain: Chain): void => {
    for (const name of labelsOf([chain])) add(name, "place", name.span);
  };
  if (declaration.kind === "block") labels(declaration.body);
  else {
    for (const item of declaration.items) {
      if (item.kind === "stage") add(item.name, "stage", item.span);
      if (item.kind === "head" && item.name) add(item.name, "head", item.span);
      if (item.kind === "stem" || item.kind === "head") labels(item.chain);
      if (item.kind === "stage" && item.step.label) add(item.step.label, "place", item.span);
      if (item.kind === "step") {
        for (const name of labelsOfStep(item.step)) add(name, "place", item.step.span);
      }
    }
  }
  return places;
}

/** The places of a network, or of the network that it is an instance of. */
export function networkPlaces(entity: Entity, unit: Unit): ReadonlyMap<string, Entity> | undefined {
  const declaration = declarationOf(entity);
  if (declaration?.kind === "network") return placesOf(declaration);
  if (declaration?.kind !== "instance") return undefined;
  const home = [...unit.names.values()].find((each) => each.declaration === declaration)?.unit;
  const made = (home ?? unit).names.get(declaration.call.callee.text)?.declaration;
  return made?.kind === "network" ? placesOf(made) : undefined;
}
