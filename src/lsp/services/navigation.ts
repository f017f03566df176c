/** From a name to where it is declared, and to every place that means the same. */
import {
  DocumentHighlightKind,
  type DocumentHighlight,
  type Location,
  type Position,
} from "vscode-languageserver";
import type { Unit } from "../../check/program.js";
import type { Span } from "../../source/source.js";
import { resolved, type Entity, type Occurrence } from "../../names/entity.js";
import { occurrenceAt, occurrencesOf } from "../../names/occurrences.js";
import { innermost, syntaxPath } from "../names/syntax-path.js";
import type { Locations } from "../project/locations.js";
import { offsetAt, rangeOf } from "../project/positions.js";
import type { Project } from "../project/project.js";

/** Where what stands at a position is declared; in an import's path, the beginning of the file it means. */
export function definition(
  project: Project,
  locations: Locations,
  path: string,
  position: Position,
): readonly Location[] {
  const unit = project.unit(path);
  if (unit === undefined) return [];
  const offset = offsetAt(unit.file, position);
  const imported = importedFile(project, unit, offset);
  if (imported) return [locationOf(imported, locations)];
  const occurrence = occurrenceAt(unit, offset);
  return occurrence ? [locationOf(resolved(occurrence.entity).name.span, locations)] : [];
}

function locationOf(span: Span, locations: Locations): Location {
  return { uri: locations.uriOf(span.file.path), range: rangeOf(span) };
}

/** The file that the import path at an offset means, if there is one. */
function importedFile(project: Project, unit: Unit, offset: number): Span | undefined {
  const declaration = innermost(syntaxPath(unit, offset), "declaration");
  if (declaration?.kind !== "import") return undefined;
  const { value, span } = declaration.from;
  if (offset < span.start || offset > span.end) return undefined;
  return project.file(project.host.resolve(value, unit.file.path))?.span(0, 0);
}

/** Every place of the project that means what stands at a position, through imports and their aliases. */
export function references(
  project: Project,
  locations: Locations,
  path: string,
  position: Position,
  withDeclaration: boolean,
): readonly Location[] {
  const unit = project.unit(path);
  const occurrence = unit && occurrenceAt(unit, offsetAt(unit.file, position));
  if (unit === undefined || occurrence === undefined) return [];
  const { name } = resolved(occurrence.entity);
  return occurrencesEverywhere(project, unit, occurrence.entity)
    .filter(({ entity }) => resolved(entity).name === name)
    .filter(({ role }) => withDeclaration || role !== "definition")
    .map(({ span }) => locationOf(span, locations));
}

/** The occurrences of every file that may name an entity: its own, the one at hand, and all of the project. */
export function occurrencesEverywhere(
  project: Project,
  unit: Unit,
  entity: Entity,
): readonly Occurrence[] {
  const home = resolved(entity).name.span.file.path;
  const paths = new Set([unit.file.path, home, ...project.paths]);
  return [...paths].flatMap((path) => {
    const each = project.unit(path);
    return each ? occurrencesOf(each).all : [];
  });
}

/** The places of the same document that mean what stands at a position. */
export function highlights(
  project: Project,
  path: string,
  position: Position,
): readonly DocumentHighlight[] {
  const unit = project.unit(path);
  const occurrence = unit && occurrenceAt(unit, offsetAt(unit.file, position));
  if (unit === undefined || occurrence === undefined) return [];
  const { name } = resolved(occurrence.entity);
  return occurrencesOf(unit)
    .all.filter(({ entity }) => resolved(entity).name === name)
    .map(({ span, role }) => ({
      range: rangeOf(span),
      kind: role === "definition" ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
}
