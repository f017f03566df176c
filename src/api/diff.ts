/** `diff` for programs: what changed between two specs, or between two revisions of one. */
import type { Recipe } from "../recipe/recipe.js";
import { compareNetworks, type BothSizes, type NetworkComparison } from "../compare/compare.js";
import { compareRecipes, type SettingChange } from "../compare/recipes.js";
import { inputOf, type Sizes } from "../graph/traversal.js";
import type { Graph } from "../graph/graph.js";
import type { NetworkReport } from "./check.js";
import type { CheckpointFit } from "./diff-checkpoint.js";
import { openSide, sidePlace, type Side, type SidePlace } from "./diff-side.js";
import { SpecError, UsageError } from "./errors.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { checkSize, sizesAt } from "./given-size.js";
import { errorsIn, givenValues, type GivenValues } from "./values.js";
import { isRecord, written } from "./written-value.js";

export interface DiffOptions {
  /** Values for the networks' parameters, on both sides. */
  readonly parameters?: GivenValues | undefined;
  /** Height and width for symbolic inputs. */
  readonly at?: readonly [number, number] | undefined;
  /** A file of weights of the first spec: whether the second takes it. */
  readonly checkpoint?: string | undefined;
}

const diffOptions: OptionTable<DiffOptions> = {
  parameters: "open",
  at: "open",
  checkpoint: "text",
};

export interface RecipeDiff {
  /** What it is called after the change, or was called where it is gone. */
  readonly name: string;
  readonly kind: "same" | "changed" | "added" | "removed";
  readonly settings: readonly SettingChange[];
}

export interface DiffReport {
  /** The two sides, as `specs/net.resnet@HEAD~1`. */
  readonly before: string;
  readonly after: string;
  /** Whether nothing changed. */
  readonly same: boolean;
  readonly networks: readonly NetworkComparison[];
  /** Networks of one side alone. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Networks that are not compared, as they need parameters. */
  readonly open: readonly string[];
  readonly recipes: readonly RecipeDiff[];
  readonly checkpoint?: CheckpointFit;
}

/**
 * Compares two specs. Each is `FILE`, `FILE#Network`, or either at a git revision: `FILE@HEAD~1`.
 *
 * @throws SpecError with the errors of both where one is in error; UsageError where a network, a file or a revision is
 * not there; CheckpointError where the checkpoint cannot be read.
 */
export async function diffSpecs(
  before: string | SidePlace,
  after: string | SidePlace,
  options: DiffOptions = {},
): Promise<DiffReport> {
  checkOptions("diff", options, diffOptions);
  const { parameters, at, checkpoint } = options;
  if (at !== undefined) checkSize(at);
  const given = givenValues("parameters", parameters);
  const open = (side: string | SidePlace): Side =>
    openSide(isPlace(side) ? side : sidePlace(side), given);
  const [one, other] = [open(before), open(after)];
  refuseErrors(one, other);
  for (const side of [one, other]) refuseNone(side, side === one ? other : one);
  const report = compareSides(one, other, (graph, size) => sizesAt(graph, size), at);
  if (checkpoint === undefined) return report;
  return { ...report, checkpoint: await fitOf(checkpoint, pairNetworks(one, other).pairs, other) };
}

/** @throws UsageError where an object is no place. */
function isPlace(side: string | SidePlace): side is SidePlace {
  if (!isRecord(side)) return false;
  const { file, network = "", revision = "" } = side as Record<keyof SidePlace, unknown>;
  if ([file, network, revision].every((part) => typeof part === "string")) return true;
  throw new UsageError(
    `a side of a comparison has a file, and may have a network and a revision: not ${written(side)}`,
    'such as "specs/net.resnet@HEAD~1", or { file: "specs/net.resnet", revision: "HEAD~1" }',
  );
}

/** The sizes of a network's symbols where its input is given. */
type SizesOf = (graph: Graph, at: readonly [number, number]) => Sizes;

/**
 * What changed between two sound sides.
 *
 * @param sizesOf for the size that is given.
 */
export function compareSides(
  one: Side,
  other: Side,
  sizesOf: SizesOf,
  at: readonly [number, number] | undefined,
): DiffReport {
  const { pairs, added, removed } = pairNetworks(one, other);
  const networks = pairs.map(([from, to]) =>
    compareNetworks(from.graph, to.graph, bothSizes(from.graph, to.graph, sizesOf, at)),
  );
  const recipes = diffRecipes(pairs, one.report.recipes, other.report.recipes);
  return {
    before: one.shown,
    after: other.shown,
    same:
      networks.every(({ same, name }) => same && name.before === name.after) &&
      added.length + removed.length === 0 &&
      recipes.every(({ kind }) => kind === "same"),
    networks,
    added,
    removed,
    open: [...new Set([...one.report.open.keys(), ...other.report.open.keys()])],
    recipes,
  };
}

function refuseErrors({ report: one }: Side, { report: other }: Side): void {
  const found = [one, other].filter(({ ok }) => !ok).flatMap(({ diagnostics }) => diagnostics);
  if (errorsIn(found)) throw new SpecError(found);
}

type NetworkPair = readonly [NetworkReport, NetworkReport];

/** The networks by name; one network of each is compared whatever it is called. */
function pairNetworks(
  one: Side,
  other: Side,
): {
  readonly pairs: readonly NetworkPair[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
} {
  const [from, to] = [named(one, other), named(other, one)];
  const [first, second] = [from[0], to[0]];
  if (first && second && from.length === 1 && to.length === 1) {
    return { pairs: [[first, second]], added: [], removed: [] };
  }
  const isIn = (networks: readonly NetworkReport[], name: string): boolean =>
    networks.some((each) => each.name === name);
  const pairs = from.flatMap((network): readonly NetworkPair[] => {
    const counterpart = to.find(({ name }) => name === network.name);
    return counterpart ? [[network, counterpart]] : [];
  });
  const names = (networks: readonly NetworkReport[], others: readonly NetworkReport[]): string[] =>
    networks.map(({ name }) => name).filter((name) => !isIn(others, name));
  return { pairs, added: names(to, from), removed: names(from, to) };
}

function refuseNone({ place, report, shown }: Side, other: Side): void {
  if (place.network === undefined && other.place.network !== undefined) return;
  if (report.networks.length > 0 || report.open.size > 0) return;
  throw new UsageError(`${shown} declares no network`, "name a spec that declares one");
}

/** The networks of a side; where only the other names one, the one of that name or the only one. */
function named({ place, report, shown }: Side, other: Side): readonly NetworkReport[] {
  const { networks } = report;
  const wanted = other.place.network;
  if (place.network !== undefined || wanted === undefined) return networks;
  const same = networks.filter(({ name }) => name === wanted);
  if (same.length === 1 || networks.length === 1) return same.length === 1 ? same : networks;
  const all = networks.map(({ name }) => name).join(", ");
  throw new UsageError(
    `${shown} has no network ${wanted} to compare with`,
    networks.length === 0 ? "name one that needs no parameters" : `name one of its own: ${all}`,
  );
}

/**
 * Sizes for the symbols of the inputs: those that are given, or that of the other side where it is of one size.
 *
 * @throws UsageError where a network is not for the sizes that are given.
 */
function bothSizes(
  before: Graph,
  after: Graph,
  sizesOf: SizesOf,
  at: readonly [number, number] | undefined,
): BothSizes {
  const sizes = (graph: Graph, other: Graph): Sizes => {
    if (graph.domains.length === 0) return new Map();
    if (at !== undefined) return sizesOf(graph, at);
    const [height, width] = inputOf(other).type.spatial;
    if (typeof height !== "number" || typeof width !== "number") return new Map();
    // Where it is not for the other's size, they have none in common to be compared at.
    return sizesIfAny(graph, [height, width]);
  };
  return { before: sizes(before, after), after: sizes(after, before) };
}

/** The sizes of a network's symbols, or none where it is not for this size. */
export function sizesIfAny(graph: Graph, at: readonly [number, number]): Sizes {
  try {
    return sizesAt(graph, at);
  } catch (error) {
    if (error instanceof UsageError) return new Map();
    throw error;
  }
}

function diffRecipes(
  pairs: readonly NetworkPair[],
  before: readonly Recipe[],
  after: readonly Recipe[],
): readonly RecipeDiff[] {
  return pairs.flatMap(([from, to]) => {
    const own = before.filter(({ network }) => network === from.name);
    const others = after.filter(({ network }) => network === to.name);
    const alone = own.length === 1 && others.length === 1;
    const counterpart = (recipe: Recipe, among: readonly Recipe[]): Recipe | undefined =>
      alone ? among[0] : among.find(({ name }) => name === recipe.name);
    const kept = others.map((recipe): RecipeDiff => {
      const was = counterpart(recipe, own);
      if (was === undefined) return { name: recipe.name, kind: "added", settings: [] };
      const settings = compareRecipes(was, recipe);
      const same = settings.length === 0 && was.name === recipe.name;
      return { name: recipe.name, kind: same ? "same" : "changed", settings };
    });
    const gone = own.filter((recipe) => counterpart(recipe, others) === undefined);
    return [
      ...kept,
      ...gone.map(({ name }): RecipeDiff => ({ name, kind: "removed", settings: [] })),
    ];
  });
}

async function fitOf(
  checkpoint: string,
  pairs: readonly NetworkPair[],
  { shown }: Side,
): Promise<CheckpointFit> {
  const [pair] = pairs;
  if (pair === undefined || pairs.length > 1) {
    const names = pairs.map(([, { name }]) => name).join(", ");
    throw new UsageError(
      `\`--checkpoint\` is of one network, and ${pairs.length === 0 ? "none is" : `${pairs.length} are`} compared`,
      pairs.length === 0
        ? "name two networks"
        : `name one, such as ${shown}#${names.split(",")[0]}`,
    );
  }
  const { checkpointFit } = await import("./diff-checkpoint.js");
  return checkpointFit(checkpoint, pair[0].graph, pair[1].graph);
}
