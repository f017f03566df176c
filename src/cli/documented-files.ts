/** What pages are made for: the specs that a command names, those that they import, and what their names mean. */
import { relative, sep } from "node:path";
import { noneMeant, SpecError } from "../api/errors.js";
import { errorsIn } from "../api/values.js";
import { check, type CheckResult } from "../check/check.js";
import type { Unit } from "../check/program.js";
import { lintedFiles } from "../host/linted-files.js";
import { NodeHost, packageRoot } from "../host/node-host.js";
import { resolved } from "../names/entity.js";
import { occurrencesOf } from "../names/occurrences.js";
import type { DocumentedFile } from "../pages/documented-file.js";
import type { SourceName } from "../pages/source-names.js";

/**
 * The specs and all that they import, each once.
 *
 * @throws SpecError with all that is wrong with any of them; UsageError where there is none.
 */
export async function documentedFiles(
  patterns: readonly string[],
): Promise<readonly DocumentedFile[]> {
  const host = new NodeHost();
  const meant = await lintedFiles(patterns);
  if (meant.length === 0) throw noneMeant("spec", patterns, "name specs, folders or patterns");
  const results = meant.map(({ path }) => check(path, host));
  const wrong = results.flatMap(({ diagnostics }) => diagnostics);
  if (errorsIn(wrong)) throw new SpecError(wrong);
  const entries = results.flatMap((result) =>
    result.program ? [entryOf(result, result.program.entry)] : [],
  );
  const files = new Map(entries.map((entry) => [entry.unit.file.path, entry]));
  for (const unit of results.flatMap(({ program }) => program?.units ?? [])) {
    if (files.has(unit.file.path)) continue;
    const { path } = unit.file;
    files.set(path, { title: titleOf(path), unit, networks: [], recipes: [], imported: true });
  }
  return [...files.values()];
}

function entryOf({ networks, recipes }: CheckResult, unit: Unit): DocumentedFile {
  return { title: titleOf(unit.file.path), unit, networks, recipes, imported: false };
}

/** What ships with the compiler has the name by which it is imported, wherever it lies. */
function titleOf(path: string): string {
  const shipped = relative(packageRoot(), path);
  const title = shipped.startsWith(`std${sep}`) ? shipped : path;
  return title.split(sep).join("/");
}

const kinds: Readonly<Record<string, SourceName["kind"]>> = {
  block: "block",
  network: "network",
  recipe: "recipe",
  parameter: "parameter",
  size: "size",
};

/** The names of a file, as the editor knows them. */
export function namesOf(unit: Unit): readonly SourceName[] {
  return occurrencesOf(unit).all.flatMap(({ span, entity, role }): SourceName[] => {
    const declared = resolved(entity);
    if (role === "slash" || role === "quoted") return [];
    const { file, start } = declared.name.span;
    const kind = kinds[declared.kind] ?? "place";
    const declares = role === "definition";
    return [
      {
        start: span.start,
        end: span.end,
        kind,
        declares,
        path: file.path,
        ...file.position(start),
      },
    ];
  });
}
