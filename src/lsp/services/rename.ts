/**
 * Renames what a spec declares, in every file of the project that names it. Whatever would change the meaning of
 * anything is refused, with the reason and the place.
 */
import type { Position, Range } from "vscode-languageserver";
import { constantNames } from "../../check/scope.js";
import type { Unit } from "../../check/program.js";
import type { Edit } from "../../diagnostics/diagnostic.js";
import { isWrittenOperation } from "../../ops/registry.js";
import type { Span } from "../../source/source.js";
import type { Declaration } from "../../syntax/ast.js";
import { reservedWords } from "../../syntax/tokens.js";
import { kindWords, type Entity, type Occurrence } from "../../names/entity.js";
import { occurrenceAt, occurrencesOf } from "../../names/occurrences.js";
import { placesOf } from "../../names/places.js";
import { offsetAt, rangeOf } from "../project/positions.js";
import type { Project } from "../project/project.js";
import { occurrencesEverywhere } from "./navigation.js";

/** Why something cannot be renamed: a message for the user. */
export class RenameRefused extends Error {
  override readonly name = "RenameRefused";
}

/** Whether a file may be changed by a rename. */
export type IsOurs = (path: string) => boolean;

/** What is renamed at a position, and what it is called now. @throws RenameRefused */
export function prepareRename(
  project: Project,
  path: string,
  position: Position,
  isOurs: IsOurs,
): { readonly range: Range; readonly placeholder: string } {
  const { occurrence } = renamable(project, path, position, isOurs);
  return { range: rangeOf(occurrence.span), placeholder: occurrence.entity.name.text };
}

/** The changes that a new name asks for, over all files. @throws RenameRefused */
export function rename(
  project: Project,
  path: string,
  position: Position,
  to: string,
  isOurs: IsOurs,
): readonly Edit[] {
  const { unit, occurrence } = renamable(project, path, position, isOurs);
  const { entity } = occurrence;
  if (to === entity.name.text) return [];
  checkWord(entity, to);
  const found = occurrencesEverywhere(project, unit, entity).filter(
    (each) => each.entity.name === entity.name,
  );
  for (const each of found) {
    if (each.role === "slash") {
      const where = placeOf(each.span);
      throw new RenameRefused(
        `the stride at ${where} is given to \`${entity.name.text}\` with a slash, which only a ` +
          "parameter of that name takes",
      );
    }
    if (!isOurs(each.span.file.path)) throw notOurs(entity.name.text, each.span.file.path);
  }
  checkCollisions(project, entity, found, to);
  if (entity.kind === "parameter") checkOpenArguments(project, unit, entity);
  return [...found.map(({ span }) => ({ span, text: to })), ...inDocs(project, entity, to)];
}

function renamable(
  project: Project,
  path: string,
  position: Position,
  isOurs: IsOurs,
): { unit: Unit; occurrence: Occurrence } {
  const unit = project.unit(path);
  const occurrence = unit && occurrenceAt(unit, offsetAt(unit.file, position));
  if (unit === undefined || occurrence === undefined) {
    throw new RenameRefused("there is no name here that a spec has declared");
  }
  const { name } = occurrence.entity;
  if (occurrence.role === "slash") {
    throw new RenameRefused("`/` is how the language writes the parameter `stride`");
  }
  if (!isOurs(name.span.file.path)) throw notOurs(name.text, name.span.file.path);
  return { unit, occurrence };
}

function notOurs(name: string, path: string): RenameRefused {
  return new RenameRefused(
    `\`${name}\` cannot be renamed: ${path} is not part of this project; ` +
      `\`import { ${name} as … }\` gives it another name in one file`,
  );
}

function placeOf({ file, start }: Span): string {
  return `${file.path}:${file.position(start).line}`;
}

const reserved: ReadonlySet<string> = new Set(reservedWords.map(({ PATTERN }) => String(PATTERN)));

/** Whether a word can be the name of such a thing at all. */
function checkWord(entity: Entity, to: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(to)) {
    throw new RenameRefused(
      `\`${to}\` is no name: names are made of a to z, A to Z, 0 to 9 and \`_\`, and begin with no digit`,
    );
  }
  if (reserved.has(to)) throw new RenameRefused(`\`${to}\` is a word of the language`);
  const { kind } = entity;
  if (kind !== "recipe" && isPlace(kind) === false && isWrittenOperation(to)) {
    throw new RenameRefused(`\`${to}\` is an operation of the language`);
  }
  if (!isPlace(kind) && kind !== "recipe" && constantNames.includes(to)) {
    throw new RenameRefused(`\`${to}\` is a value of the language`);
  }
}

function isPlace(kind: Entity["kind"]): boolean {
  return kind === "stage" || kind === "head" || kind === "place";
}

function taken(to: string, kind: Entity["kind"], span: Span): RenameRefused {
  return new RenameRefused(`there is a ${kindWords[kind]} \`${to}\` already, at ${placeOf(span)}`);
}

/** Whether anything else is called so wherever the entity is named. */
function checkCollisions(
  project: Project,
  entity: Entity,
  found: readonly Occurrence[],
  to: string,
): void {
  switch (entity.kind) {
    case "stage":
    case "head":
    case "place": {
      const { declaration } = entity;
      if (declaration.kind !== "network" && declaration.kind !== "block") return;
      const other = placesOf(declaration).get(to);
      if (other) throw taken(to, other.kind, other.name.span);
      return;
    }
    case "parameter":
    case "size":
      return checkWithin(project, entity, to);
    default: {
      const files = new Set(found.map(({ span }) => span.file.path));
      for (const path of files) {
        const unit = project.unit(path);
        if (unit) checkFile(unit, entity, found, to);
      }
    }
  }
}

/** A parameter or a size: against the others of its declaration, and the blocks that it would hide. */
function checkWithin(
  project: Project,
  { declaration }: Extract<Entity, { kind: "parameter" | "size" }>,
  to: string,
): void {
  const unit = project.unit(declaration.span.file.path);
  if (unit === undefined) return;
  const other = occurrencesOf(unit).all.find(
    ({ entity, span }) =>
      entity.name.text === to && !isPlace(entity.kind) && isInside(span, declaration),
  );
  if (other) throw taken(to, other.entity.kind, other.span);
}

function isInside({ file, start, end }: Span, { span }: Declaration): boolean {
  return file === span.file && span.start <= start && end <= span.end;
}

/** A declaration or an alias: against all that a file sees, and the parameters that would hide it. */
function checkFile(unit: Unit, entity: Entity, found: readonly Occurrence[], to: string): void {
  const here = found.filter(({ span }) => span.file === unit.file);
  if (entity.kind === "recipe") {
    const other = unit.declarations.find((each) => each.kind === "train" && each.name.text === to);
    if (other?.kind === "train") throw taken(to, "recipe", other.name.span);
    return;
  }
  const visible = here.some(({ role }) => role !== "import") || !isAliased(unit, entity);
  const binding = visible ? unit.names.get(to) : undefined;
  if (binding) {
    const { declaration, imported } = binding;
    const kind = declaration.kind === "block" ? "block" : "network";
    throw taken(to, kind, imported ?? declaration.name.span);
  }
  for (const { span } of here) {
    const inside = unit.declarations.find((each) => isInside(span, each));
    if (inside?.kind !== "block" && inside?.kind !== "network") continue;
    const hides = inside.parameters.find(({ name }) => name.text === to);
    if (hides) throw taken(to, "parameter", hides.name.span);
  }
}

function isAliased(unit: Unit, { name }: Entity): boolean {
  return occurrencesOf(unit).all.some(
    ({ entity, role }) =>
      role === "definition" && entity.kind === "alias" && entity.target.name === name,
  );
}

/** A block that is given as a value is called where it is not known by which name its parameters go. */
function checkOpenArguments(
  project: Project,
  unit: Unit,
  entity: Extract<Entity, { kind: "parameter" }>,
): void {
  const { declaration, name } = entity;
  if (declaration.kind !== "block") return;
  const owner: Entity = { kind: "block", name: declaration.name, declaration };
  const isGiven = occurrencesEverywhere(project, unit, owner).some(
    (each) => each.entity.name === declaration.name && each.role === "use",
  );
  if (!isGiven) return;
  for (const path of project.paths) {
    const each = project.unit(path);
    const open = each && occurrencesOf(each).openArguments.find((one) => one.name === name.text);
    if (open) {
      throw new RenameRefused(
        `\`${name.text}\` is given at ${placeOf(open.span)} to whatever block a parameter holds, ` +
          `and ${declaration.name.text} may be one of them`,
      );
    }
  }
}

/** A parameter in backquotes in the lines of docs above its declaration. */
function inDocs(project: Project, entity: Entity, to: string): readonly Edit[] {
  if (entity.kind !== "parameter") return [];
  const { declaration, name } = entity;
  const { file, start } = declaration.span;
  const { comments } = project.parsed(file).unit;
  let line = file.position(start).line;
  const edits: Edit[] = [];
  for (const { span, text } of [...comments].reverse()) {
    if (span.start >= start || !text.startsWith("///")) continue;
    if (file.position(span.start).line !== line - 1) break;
    line--;
    for (const { index } of text.matchAll(new RegExp(`\`${name.text}\``, "g"))) {
      const from = span.start + index + 1;
      edits.push({ span: file.span(from, from + name.text.length), text: to });
    }
  }
  return edits;
}
