/** What completion works from: the cursor, the names that are seen there, and what the editor can take. */
import type { Unit } from "../../../check/program.js";
import type { BlockDeclaration, Declaration, NetworkDeclaration } from "../../../syntax/ast.js";
import type { Cursor } from "../../names/cursor.js";
import type { Project } from "../../project/project.js";

export interface CompletionContext {
  readonly project: Project;
  readonly unit: Unit;
  readonly cursor: Cursor;
  readonly offset: number;
  /** Whether the editor fills placeholders in. */
  readonly snippets: boolean;
  /** The import paths of what ships with the compiler: `std/blocks`. */
  readonly standard: readonly string[];
}

/** The declaration that the cursor is in, as far as it could be read. */
export function declarationAt({
  unit,
  cursor,
  offset,
}: CompletionContext): Declaration | undefined {
  const { name } = cursor.declaration;
  const named = unit.declarations.filter(
    (each) => each.kind !== "import" && each.name.text === name,
  );
  return named.find(({ span }) => span.start <= offset && offset <= span.end) ?? named[0];
}

/** The declaration with parameters that the cursor is in. */
export function parametrisedAt(
  context: CompletionContext,
): BlockDeclaration | NetworkDeclaration | undefined {
  const declaration = declarationAt(context);
  return declaration?.kind === "block" || declaration?.kind === "network" ? declaration : undefined;
}
