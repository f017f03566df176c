/**
 * From `FILE` or `FILE#Name` to what a command works on: one checked network, and with it, where it is
 * trained, one recipe. Whatever is left open is said with the names to choose from.
 */
import { check, type CheckedNetwork, type CheckResult } from "../check/check.js";
import type { SourceHost } from "../check/host.js";
import type { RecipeOverride } from "../check/recipe.js";
import { nearest } from "../diagnostics/nearest.js";
import type { Graph } from "../graph/graph.js";
import { NodeHost } from "../host/node-host.js";
import { partsOf, type SpecParts } from "../host/spec-files.js";
import type { Recipe } from "../recipe/recipe.js";
import type { Expression } from "../syntax/ast.js";
import { parse } from "../syntax/parse.js";
import { SpecError, UsageError } from "./errors.js";
import { errorsIn } from "./values.js";

/** `specs/resnet.resnet#ResNet50` taken apart. */
export type SpecPlace = SpecParts;

/** Whether a word of a command line names a spec: `FILE.resnet`, `FILE.resnet#Network`. */
export function isSpecName(word: string): boolean {
  return partsOf(word).file.endsWith(".resnet");
}

export function specPlace(spec: string): SpecPlace {
  // What types promise, a program in JavaScript may not keep.
  if (typeof spec !== "string") {
    throw new UsageError(
      "a spec is a text: the path of a file, and a network's name where it has several",
      'such as "specs/resnet50.resnet" or "specs/resnet-cifar10.resnet#ResNet20"',
    );
  }
  if (/\.safetensors$/i.test(spec)) {
    throw new UsageError(
      `${spec} is a file of weights, not a spec`,
      `a checkpoint is named by \`--checkpoint ${spec}\`, weights for a spec by \`--weights ${spec}\` beside it`,
    );
  }
  const place = partsOf(spec);
  if (place.network === "") throw new UsageError(`${spec} names no network`, "write FILE#Network");
  return place;
}

/** What a file declares, read without checking any of it. */
interface Outline {
  readonly networks: readonly string[];
  /** Those of them that need no parameters. */
  readonly closed: readonly string[];
  readonly recipes: readonly { readonly name: string; readonly network: string }[];
}

/** @throws SpecError where the file cannot be read. */
function outline(file: string, host: SourceHost): Outline {
  const read = host.read(file);
  if (read.problem) throw new SpecError([read.problem]);
  const { declarations } = parse(read.file).unit;
  const networks = declarations.filter(
    (each) => each.kind === "network" || each.kind === "instance",
  );
  const isClosed = (each: (typeof networks)[number]): boolean =>
    each.kind === "instance" || each.parameters.every((parameter) => parameter.default);
  return {
    networks: networks.map(({ name }) => name.text),
    closed: networks.filter(isClosed).map(({ name }) => name.text),
    recipes: declarations.flatMap((each) =>
      each.kind === "train" ? [{ name: each.name.text, network: each.network.text }] : [],
    ),
  };
}

/** The networks that a spec may mean: the one it names, or all of its file. @throws SpecError */
export function networkNames(spec: string, host: SourceHost = new NodeHost()): readonly string[] {
  const { file, network } = specPlace(spec);
  const { networks } = outline(file, host);
  if (network === undefined) return networks;
  if (!networks.includes(network)) throw unknown("network", network, networks, file);
  return [network];
}

export interface SpecRequest {
  readonly parameters?: ReadonlyMap<string, Expression> | undefined;
  readonly overrides?: readonly RecipeOverride[] | undefined;
  readonly host?: SourceHost;
  /** Whether recipes are held to the networks that they train. Left out, `checkSpec` does that, and what opens one network does not. */
  readonly fit?: boolean | undefined;
  /** Whether recipes are read at all, and what is wrong with them counts; they are where left out. */
  readonly recipes?: boolean | undefined;
}

/** Checks a file, or the one network of it that is named. @throws UsageError for a name it has not. */
export function checkSpec(spec: string, request: SpecRequest = {}): CheckResult {
  return checkPlace(specPlace(spec), request);
}

/** The same, of a spec that is taken apart. */
export function checkPlace({ file, network }: SpecPlace, request: SpecRequest): CheckResult {
  const { host = new NodeHost(), parameters, overrides, fit, recipes = true } = request;
  if (network !== undefined && host.read(file).file !== undefined) {
    const { networks } = outline(file, host);
    if (!networks.includes(network)) throw unknown("network", network, networks, file);
  }
  const recipeName = recipes ? undefined : null;
  return check(file, host, { network, parameters, recipe: overrides, recipeName, fit });
}

/** The one network that a spec means. @throws SpecError, UsageError */
export function openNetwork(spec: string, request: SpecRequest = {}): CheckedGraph {
  const { host = new NodeHost(), fit = false } = request;
  const { file, network } = specPlace(spec);
  const name = network ?? only(file, outline(file, host), request);
  return graphOf(spec, name, checkPlace({ file, network: name }, { ...request, host, fit }));
}

/** A network of which everything is known. */
export interface CheckedGraph extends CheckedNetwork {
  readonly graph: Graph;
}

function only(file: string, { networks, closed, recipes }: Outline, request: SpecRequest): string {
  const [first, second] = networks;
  if (first === undefined) {
    const { diagnostics } = checkPlace({ file }, request);
    if (errorsIn(diagnostics)) throw new SpecError(diagnostics);
    throw new UsageError(`${file} declares no network`, "declare one: `network Name { … }`");
  }
  if (second === undefined) return first;
  const example = recipes[0]?.network ?? closed[0] ?? first;
  throw new UsageError(
    `${file} declares ${networks.length} networks: ${networks.join(", ")}`,
    `name one of them, such as ${file}#${example}`,
  );
}

function graphOf(spec: string, name: string, result: CheckResult): CheckedGraph {
  const { networks, open, diagnostics } = result;
  if (errorsIn(diagnostics)) throw new SpecError(diagnostics);
  refuseOpen(name, open.get(name));
  const network = networks.find((each) => each.name === name);
  if (network?.graph === undefined) throw new RangeError(`${spec} was checked and not built`);
  return { ...network, graph: network.graph };
}

/**
 * Refuses a network that has parameters without a value, and so no graph.
 *
 * @param missing the parameters' names; undefined where there are none.
 * @throws UsageError naming them, with how to give them.
 */
export function refuseOpen(network: string, missing: readonly string[] | undefined): void {
  if (missing === undefined) return;
  const given = missing.map((each) => `--set ${each}=…`).join(" ");
  throw new UsageError(
    `${network} has parameters without a value: ${missing.join(", ")}`,
    `give them with \`${given}\`, or name one of its instances`,
  );
}

/** A recipe and the network it trains. */
export interface TrainableSpec {
  readonly graph: Graph;
  readonly recipe: Recipe;
}

/**
 * The recipe that a spec means, with its network.
 *
 * @param wanted the recipe's name, where the file has several.
 * @throws SpecError, UsageError
 */
export function openRecipe(
  spec: string,
  wanted: string | undefined,
  request: SpecRequest = {},
): TrainableSpec {
  const { host = new NodeHost() } = request;
  const { file } = specPlace(spec);
  const name = recipeName(spec, wanted, host);
  const { networks, recipes } = outline(file, host);
  const network = recipes.find((each) => each.name === name)?.network ?? "";
  if (!networks.includes(network)) {
    const { diagnostics } = checkPlace({ file }, { ...request, host });
    if (errorsIn(diagnostics)) throw new SpecError(diagnostics);
    throw new RangeError(`the recipe ${name} was checked and trains no network of ${file}`);
  }
  const result = check(file, host, {
    network,
    recipeName: name,
    parameters: request.parameters,
    recipe: request.overrides,
    fit: request.fit ?? false,
  });
  const { graph } = graphOf(spec, network, result);
  const recipe = result.recipes.find((each) => each.name === name);
  if (recipe === undefined) throw new RangeError(`the recipe ${name} was checked and not read`);
  return { graph, recipe };
}

/**
 * The network that a spec means, with its recipe; without one where none is named and the spec has none for it.
 *
 * @throws SpecError, UsageError
 */
export function openWithRecipe(
  spec: string,
  wanted: string | undefined,
  request: SpecRequest = {},
): { readonly graph: Graph; readonly recipe?: Recipe } {
  const { host = new NodeHost() } = request;
  const { file, network } = specPlace(spec);
  const { recipes } = outline(file, host);
  const isTrained = recipes.some((each) => network === undefined || each.network === network);
  if (wanted !== undefined || isTrained) return openRecipe(spec, wanted, request);
  return { graph: openNetwork(spec, { host, parameters: request.parameters }).graph };
}

/** The names of the recipes of a spec's file. @throws SpecError where it cannot be read. */
export function recipeNames(spec: string, host: SourceHost = new NodeHost()): readonly string[] {
  return outline(specPlace(spec).file, host).recipes.map(({ name }) => name);
}

/** The network that each recipe of a spec's file trains, by the recipe's name. @throws SpecError where it cannot be read. */
export function trainedNetworks(
  spec: string,
  host: SourceHost = new NodeHost(),
): ReadonlyMap<string, string> {
  const { recipes } = outline(specPlace(spec).file, host);
  return new Map(recipes.map(({ name, network }) => [name, network]));
}

/** The name of the one recipe that a spec means. @throws SpecError, UsageError */
export function recipeName(
  spec: string,
  wanted: string | undefined,
  host: SourceHost = new NodeHost(),
): string {
  const { file, network } = specPlace(spec);
  const declared = outline(file, host);
  const { networks, recipes } = declared;
  if (network !== undefined && !networks.includes(network)) {
    throw unknown("network", network, networks, file);
  }
  const fitting = recipes.filter((each) => network === undefined || each.network === network);
  const names = fitting.map((each) => each.name);
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw unknown("recipe", wanted, names, spec);
  }
  const [first, second] = names;
  if (first === undefined) throw noRecipe(spec, network, declared, host);
  if (second === undefined) return first;
  throw new UsageError(
    `${spec} has ${names.length} recipes: ${names.join(", ")}`,
    `choose one, such as \`--recipe ${first}\``,
  );
}

function noRecipe(
  spec: string,
  network: string | undefined,
  { networks, recipes }: Outline,
  host: SourceHost,
): Error {
  const { file } = specPlace(spec);
  const { diagnostics } = check(file, host);
  if (errorsIn(diagnostics)) return new SpecError(diagnostics);
  const others = [...new Set(recipes.map((each) => `${file}#${each.network}`))];
  const name = network ?? networks[0] ?? "Network";
  return new UsageError(
    `${spec} has no recipe${network === undefined ? "" : ` for ${network}`}`,
    others.length > 0
      ? `there is one for ${others.join(", ")}`
      : `add one: \`train NAME for ${name} { data … optimizer … batch … epochs … }\`, ` +
          "as in specs/quickstart.resnet",
  );
}

function unknown(kind: string, name: string, known: readonly string[], where: string): UsageError {
  const near = nearest(name, known);
  const has = known.length === 0 ? `has no ${kind}` : `has ${known.join(", ")}`;
  const also = known.length > 1 ? ` It ${has}` : "";
  return new UsageError(
    `there is no ${kind} ${name} in ${where}`,
    near === undefined ? `it ${has}` : `did you mean ${near}?${also}`,
  );
}
