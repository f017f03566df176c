/** What pages are made for: the specs that are named, those that they import, and what their names mean. */
import { relative, sep } from "node:path";
import { check, type CheckedNetwork, type CheckResult } from "../check/check.js";
import type { SourceHost } from "../check/host.js";
import type { Unit } from "../check/program.js";
import type { Graph } from "../graph/graph.js";
import { refusedSizes } from "../graph/refused-sizes.js";
import { graphAt } from "../graph/sized.js";
import { inputOf } from "../graph/traversal.js";
import { lintedFiles } from "../host/linted-files.js";
import { packageRoot } from "../host/node-host.js";
import { resolved } from "../names/entity.js";
import { occurrencesOf } from "../names/occurrences.js";
import type { DocumentedFile, DocumentedNetwork } from "../pages/documented-file.js";
import type { SourceName } from "../pages/source-names.js";
import { noneMeant, refusePatterns, SpecError, UsageError } from "./errors.js";
import { sizesAt } from "./given-size.js";
import { errorsIn } from "./values.js";

/** Height and width in pixels. */
type Size = readonly [number, number];

/**
 * The specs and all that they import, each once.
 *
 * @param at the size at which networks with a symbolic input are shown; one that is not for it keeps its symbols.
 * @throws SpecError with all that is wrong with any of them.
 * @throws UsageError where there is no spec, or a size that none of their networks takes.
 */
export async function documentedFiles(
  patterns: readonly string[],
  host: SourceHost,
  at?: Size,
): Promise<readonly DocumentedFile[]> {
  const meant = await lintedFiles(patterns);
  if (meant.length === 0) throw noneMeant("spec", patterns, "name specs, folders or patterns");
  refusePatterns(meant.map(({ path }) => path));
  const results = meant.map(({ path }) => check(path, host));
  const wrong = results.flatMap(({ diagnostics }) => diagnostics);
  if (errorsIn(wrong)) throw new SpecError(wrong);
  const entries = results.flatMap((result) =>
    result.program ? [entryOf(result, result.program.entry, at)] : [],
  );
  if (at) refuseUnused(entries, at);
  const files = new Map(entries.map((entry) => [entry.unit.file.path, entry]));
  for (const unit of results.flatMap(({ program }) => program?.units ?? [])) {
    if (files.has(unit.file.path)) continue;
    const { path } = unit.file;
    files.set(path, { title: titleOf(path), unit, networks: [], recipes: [], imported: true });
  }
  return [...files.values()];
}

function entryOf(
  { networks, recipes }: CheckResult,
  unit: Unit,
  at: Size | undefined,
): DocumentedFile {
  return {
    title: titleOf(unit.file.path),
    unit,
    networks: networks.map((network) => (at ? shownAt(network, at) : network)),
    recipes,
    imported: false,
  };
}

function shownAt(network: CheckedNetwork, at: Size): DocumentedNetwork {
  const { graph } = network;
  if (graph === undefined || !isSymbolic(graph)) return network;
  const refused = refusedSizes(graph, at);
  if (refused.length > 0) return { ...network, refused: refused.join("; ") };
  return { ...network, graph: graphAt(graph, sizesAt(graph, at)), symbolic: graph };
}

function isSymbolic(graph: Graph): boolean {
  return inputOf(graph).type.spatial.some((extent) => typeof extent !== "number");
}

/** @throws UsageError where a size that is given is that of no picture and no number of any page. */
function refuseUnused(files: readonly DocumentedFile[], at: Size): void {
  const networks = files.flatMap((file) => file.networks);
  if (networks.some(({ symbolic }) => symbolic !== undefined)) return;
  const refused = networks.find((network) => network.refused !== undefined);
  // Says what it takes, as it does everywhere else.
  if (refused?.graph) sizesAt(refused.graph, at);
  throw new UsageError(
    `no network here has a symbolic input, to which ${at.join("x")} could be given`,
    "leave out `--at`: every input has a size already",
  );
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
