/** What a name of a spec stands for. Two names mean the same thing where their entities have the same `name`. */
import type {
  BlockDeclaration,
  Declaration,
  InstanceDeclaration,
  Name,
  NetworkDeclaration,
  Parameter,
  TrainDeclaration,
} from "../syntax/ast.js";
import type { Span } from "../source/source.js";

interface Base {
  /** Where it is declared: the very object of the syntax tree. */
  readonly name: Name;
}

/** A stage, a head, or what `as` names; `at` is the whole of what is named. */
export interface PlaceEntity extends Base {
  readonly kind: "stage" | "head" | "place";
  readonly declaration: Declaration;
  readonly at: Span;
}

export type Entity =
  | (Base & { readonly kind: "block"; readonly declaration: BlockDeclaration })
  | (Base & {
      readonly kind: "network";
      readonly declaration: NetworkDeclaration | InstanceDeclaration;
    })
  | (Base & { readonly kind: "recipe"; readonly declaration: TrainDeclaration })
  | (Base & {
      readonly kind: "parameter";
      readonly declaration: BlockDeclaration | NetworkDeclaration;
      readonly parameter: Parameter;
    })
  | PlaceEntity
  /** A height or width of a symbolic input. */
  | (Base & { readonly kind: "size"; readonly declaration: NetworkDeclaration })
  /** The name that an import gives to what it imports. */
  | (Base & { readonly kind: "alias"; readonly target: Entity });

/** How an entity is called in a message. */
export const kindWords: Readonly<Record<Entity["kind"], string>> = {
  block: "block",
  network: "network",
  recipe: "recipe",
  parameter: "parameter",
  stage: "stage",
  head: "head",
  place: "place",
  size: "size",
  alias: "import",
};

/** One place where an entity is named. */
export interface Occurrence {
  readonly span: Span;
  readonly entity: Entity;
  readonly role:
    | "definition"
    /** The name in the braces of an import. */
    | "import"
    /** Where it is called: a step, what an instance is made from, what a recipe trains. */
    | "call"
    /** As a value. */
    | "use"
    /** `name:` before an argument. */
    | "argument"
    /** `/2`, which gives the parameter `stride` without its name. */
    | "slash"
    /** The first part of a place in quotes: `freeze ["conv2"]`. */
    | "quoted";
}

/** What an alias stands for in the end; the entity itself where it is none. */
export function resolved(entity: Entity): Entity {
  return entity.kind === "alias" ? resolved(entity.target) : entity;
}

/** What a block or a network is, as an entity. */
export function entityOf(
  declaration: BlockDeclaration | NetworkDeclaration | InstanceDeclaration | TrainDeclaration,
): Entity {
  const { name } = declaration;
  if (declaration.kind === "block") return { kind: "block", name, declaration };
  if (declaration.kind === "train") return { kind: "recipe", name, declaration };
  return { kind: "network", name, declaration };
}

/** A parameter of a block or a network, as an entity. */
export function parameterEntity(
  declaration: BlockDeclaration | NetworkDeclaration,
  parameter: Parameter,
): Entity {
  return { kind: "parameter", name: parameter.name, declaration, parameter };
}

/** The block or network that an entity stands for, through aliases. */
export function declarationOf(
  entity: Entity,
): BlockDeclaration | NetworkDeclaration | InstanceDeclaration | undefined {
  const meant = resolved(entity);
  return meant.kind === "block" || meant.kind === "network" ? meant.declaration : undefined;
}
