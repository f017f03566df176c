/** Names that a file declares for itself and never uses: what it imports, and what its blocks and networks take. */
import type { Span } from "../../source/source.js";
import { resolved } from "../names/entity.js";
import { occurrencesOf } from "../names/occurrences.js";
import type { Project } from "../project/project.js";

export interface Unused {
  readonly span: Span;
  readonly text: string;
}

/** The unused names of a file; none while a part of it cannot be read, as they may be used there. */
export function unusedNames(project: Project, path: string): readonly Unused[] {
  const unit = project.unit(path);
  if (unit === undefined || project.parsed(unit.file).diagnostics.length > 0) return [];
  const { all } = occurrencesOf(unit);
  const used = new Set(
    all
      .filter(({ role }) => role !== "definition" && role !== "import")
      .map(({ entity }) => entity.name),
  );
  const aliased = new Set(
    all.flatMap(({ entity, role }) =>
      entity.kind === "alias" && role === "definition" ? [entity.target.name] : [],
    ),
  );
  return all.flatMap(({ span, entity, role }): Unused[] => {
    if (used.has(entity.name)) return [];
    const { text } = entity.name;
    if (role === "import" && !aliased.has(entity.name)) {
      return [{ span, text: `\`${text}\` is imported and never used` }];
    }
    if (role !== "definition") return [];
    if (entity.kind === "alias") {
      const target = resolved(entity).name.text;
      return [{ span, text: `\`${target}\` is imported as \`${text}\` and never used` }];
    }
    if (entity.kind !== "parameter") return [];
    return [{ span, text: `the parameter \`${text}\` is never used` }];
  });
}
