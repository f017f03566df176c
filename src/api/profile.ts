/**
 * `profile` for programs: where the time and the memory of a training step go on an engine, by stage, by
 * kind of work and by node. Times add up to the step: what no kernel accounts for is a figure of its own.
 */
import type { RecipeOverride } from "../check/recipe.js";
import { EngineError, type Batch, type EngineName } from "../engines/engine.js";
import { engines, selectEngine } from "../engines/registry.js";
import type { Peaks, StepProfile, Work, WorkKind } from "../engines/step-profile.js";
import type { Graph, Region } from "../graph/graph.js";
import { printTakenImages, refusedSizes } from "../graph/refused-sizes.js";
import { inputOf, typeAt, type Sizes } from "../graph/traversal.js";
import { knownImageSize } from "../recipe/image-size.js";
import { partsOf } from "../recipe/parts.js";
import { isWithin } from "../recipe/frozen.js";
import { recipeDefaults, type Recipe } from "../recipe/recipe.js";
import { request, type SpecOptions } from "./check.js";
import { UsageError } from "./errors.js";
import { checkSpec, openNetwork, openRecipe } from "./spec.js";
import { sizesAt } from "./given-size.js";
import { givenValues, overrideOf, type GivenValues } from "./values.js";
import { Demands, leastTime } from "./work-limits.js";

export interface ProfileSpecOptions extends SpecOptions {
  /** The recipe whose step it is, where the file has several; none is needed. */
  readonly recipeName?: string;
  /** Values for the recipe: `{ batch: 32 }`. */
  readonly recipe?: GivenValues;
  /** "auto", the best there is, where left out. */
  readonly engine?: EngineName | "auto";
  readonly device?: string;
  /** Images of a step; the recipe's where left out, or 8. */
  readonly batch?: number;
  /** How many steps are measured, after one that is not; 5 where left out. */
  readonly steps?: number;
  /** Height and width of the images, for a symbolic input; those of the recipe's images where left out. */
  readonly at?: readonly [number, number];
}

/**
 * Milliseconds of one step; shares are of the whole step, in [0, 1]: of all kernels together where these, timed
 * one by one, take longer than a step in which the device overlaps them.
 */
export interface StageTime {
  /** A stem, stage or head by its name, `loss`, or `update`. */
  readonly name: string;
  readonly forward: number;
  readonly backward: number;
  readonly share: number;
  /** What its nodes give for the batch, or for the largest of its parts, as training keeps it. */
  readonly activationBytes: number;
  /** Of its trainable weights; gradients, and each slot of the optimizer, take as much again. */
  readonly weightBytes: number;
}

export interface KindTime {
  readonly kind: WorkKind;
  readonly milliseconds: number;
  readonly share: number;
  /** 10^9 additions and multiplications per second; of convolutions and dense layers. */
  readonly gigaflops?: number;
  /**
   * The least time that the machine's peaks allow, divided by the time taken: over 1 where they were measured
   * too low, as on a busy machine, or where the work finds its numbers in caches.
   */
  readonly roofline?: number;
}

export interface NodeTime {
  readonly name: string;
  readonly milliseconds: number;
  readonly share: number;
  readonly gigaflops?: number;
  /** What it gives for the batch, or for the largest of its parts. */
  readonly activationBytes: number;
  readonly weightBytes: number;
}

export interface ProfileReport {
  readonly network: string;
  /** Absent where the spec has none: then plain SGD. */
  readonly recipe?: string;
  readonly engine: { readonly name: EngineName; readonly why: string };
  /** (N, H, W, C). */
  readonly shape: Batch["shape"];
  /** What of the recipe gave a symbolic input its size, such as `resize 32x32`; absent where nothing did. */
  readonly sizeFrom?: string;
  /** In how many parts, one after the other, the batch is passed. */
  readonly parts: number;
  readonly steps: number;
  /** The mean, as all times here. */
  readonly stepMilliseconds: number;
  readonly imagesPerSecond: number;
  /** The most memory that the process has had. */
  readonly peakBytes: number;
  readonly activationBytes: number;
  readonly weightBytes: number;
  readonly peaks?: Peaks;
  readonly note?: string;
  /** Empty, as the other two, where the engine knows whole steps alone. */
  readonly stages: readonly StageTime[];
  readonly kinds: readonly KindTime[];
  /** The dearest first. */
  readonly nodes: readonly NodeTime[];
  /** Of the step, what is in none of the above; 0 where those take longer than it. */
  readonly unattributed: number;
}

/**
 * Profiles a training step of a spec's network on images of random numbers.
 *
 * @throws SpecError, UsageError, EngineError
 */
export async function profileSpec(
  spec: string,
  options: ProfileSpecOptions = {},
): Promise<ProfileReport> {
  const { steps = 5, batch = 1 } = options;
  checkCount("steps", steps);
  checkCount("batch", batch);
  const { graph, recipe, isOwn } = openStep(spec, options);
  const { sizes, sizeFrom } = sizesOf(graph, recipe, isOwn, options.at);
  const { spatial, channels } = typeAt(inputOf(graph).type, sizes);
  const [height = 1, width = 1] = spatial.map(Number);
  const shape = [recipe.batch, height, width, channels] as const;
  const { engine, why } = await selectEngine(options.engine ?? "auto", engines, options.device);
  if (engine.profile === undefined) {
    throw new EngineError(
      `the engine ${engine.name} cannot be profiled`,
      "choose another with `--engine`; `resnetc engines` lists them",
    );
  }
  const device = options.device === undefined ? {} : { device: options.device };
  const parts = partsOf(recipe.batch, recipe.accumulate).map(([from, to]) => to - from);
  const profile = await engine.profile(graph, { recipe, shape, steps, ...device });
  return {
    network: graph.name,
    ...(isOwn && { recipe: recipe.name }),
    engine: { name: engine.name, why },
    shape,
    ...(sizeFrom !== undefined && { sizeFrom }),
    parts: parts.length,
    steps,
    ...report(graph, profile, new Demands(graph, parts, sizes)),
  };
}

/** What types promise, a program in JavaScript may not keep. @throws UsageError where it is no number of things. */
function checkCount(option: "steps" | "batch", given: unknown): void {
  if (Number.isSafeInteger(given) && Number(given) > 0) return;
  throw new UsageError(
    `\`${option}\` is a whole number above 0, not ${JSON.stringify(given)}`,
    `give a number, such as \`${option}: 8\``,
  );
}

/** The network and the recipe of its step. */
function openStep(
  spec: string,
  options: ProfileSpecOptions,
): { readonly graph: Graph; readonly recipe: Recipe; readonly isOwn: boolean } {
  const { recipe: values, recipeName: wanted, batch } = options;
  const given = givenValues("recipe", values);
  const overrides: readonly RecipeOverride[] = given.map(overrideOf);
  const sized = (recipe: Recipe): Recipe => (batch === undefined ? recipe : { ...recipe, batch });
  if (wanted !== undefined || given.length > 0) {
    const opened = openRecipe(spec, wanted, { ...request(options), overrides });
    return { graph: opened.graph, recipe: sized(opened.recipe), isOwn: true };
  }
  const { graph } = openNetwork(spec, request(options));
  const own = checkSpec(spec, request(options)).recipes.find(
    ({ network }) => network === graph.name,
  );
  const recipe = own ?? plainRecipe(graph);
  return { graph, recipe: sized(recipe), isOwn: own !== undefined };
}

function plainRecipe({ name }: Graph): Recipe {
  return {
    ...recipeDefaults,
    name: "plain",
    network: name,
    data: { kind: "random", options: {} },
    optimizer: { kind: "sgd", rate: 0.01, momentum: 0.9, nesterov: false, decay: 1e-4 },
    batch: 8,
    epochs: 1,
  };
}

/**
 * The sizes of a symbolic input: those that are asked for, or those of the recipe's images.
 *
 * @param isOwn whether the recipe is the spec's, whose images are of a size.
 * @throws UsageError where there are none, or the network does not take them.
 */
function sizesOf(
  graph: Graph,
  recipe: Recipe,
  isOwn: boolean,
  at: readonly [number, number] | undefined,
): { readonly sizes: Sizes; readonly sizeFrom?: string } {
  if (at !== undefined) return { sizes: sizesAt(graph, at) };
  if (inputOf(graph).type.spatial.every((extent) => typeof extent === "number")) {
    return { sizes: new Map() };
  }
  const known = isOwn ? knownImageSize(recipe) : undefined;
  if (known === undefined) {
    throw new UsageError(
      `the input of ${graph.name} has no one size`,
      "give it one, such as `--at 224x224`",
    );
  }
  const refused = refusedSizes(graph, known.size);
  if (refused.length > 0) {
    throw new UsageError(
      `by \`${known.from}\` of ${recipe.name} the images are ${known.size.join("x")}, ` +
        `and ${graph.name} takes ${printTakenImages(graph)}`,
      `${refused.join("; ")}; change the recipe, or give a size, such as \`--at 224x224\``,
    );
  }
  return { sizes: sizesAt(graph, known.size), sizeFrom: known.from };
}

type Memory = Pick<StageTime, "activationBytes" | "weightBytes">;

const noMemory: Memory = { activationBytes: 0, weightBytes: 0 };

function memoryOf(node: string, demands: Demands): Memory {
  return { activationBytes: 4 * demands.kept(node), weightBytes: 4 * demands.weights(node) };
}

type Measured = Omit<
  ProfileReport,
  "network" | "recipe" | "engine" | "shape" | "sizeFrom" | "parts" | "steps"
>;

function report(graph: Graph, profile: StepProfile, demands: Demands): Measured {
  const { stepMilliseconds, work, note, peaks, peakBytes } = profile;
  const step = stepMilliseconds.reduce((all, each) => all + each, 0) / stepMilliseconds.length;
  const attributed = sum(work);
  const whole = Math.max(step, attributed);
  const memory = (within: (name: string) => boolean): Memory =>
    graph.nodes
      .filter(({ name, op }) => op !== "input" && within(name))
      .map(({ name }) => memoryOf(name, demands))
      .reduce(
        (total, { activationBytes, weightBytes }) => ({
          activationBytes: total.activationBytes + activationBytes,
          weightBytes: total.weightBytes + weightBytes,
        }),
        noMemory,
      );
  return {
    stepMilliseconds: step,
    imagesPerSecond: (demands.batch / step) * 1000,
    peakBytes,
    ...memory(() => true),
    ...(peaks && { peaks }),
    ...(note !== undefined && { note }),
    stages: work.length === 0 ? [] : stagesOf(graph.regions, work, whole, memory),
    kinds: kindsOf(work, whole, demands, peaks),
    nodes: nodesOf(work, whole, demands),
    unattributed: whole - attributed,
  };
}

function stagesOf(
  regions: readonly Region[],
  work: readonly Work[],
  whole: number,
  memory: (within: (name: string) => boolean) => Memory,
): StageTime[] {
  const row = (name: string, of: readonly Work[], memory: Memory): StageTime => ({
    name,
    forward: sum(of.filter(({ phase }) => phase === "forward")),
    backward: sum(of.filter(({ phase }) => phase !== "forward")),
    share: sum(of) / whole,
    ...memory,
  });
  const inRegion = (node: string | undefined): Region | undefined =>
    node === undefined ? undefined : regions.find(({ name }) => isWithin(node, name));
  const rows = regions.map((region) => {
    const within = (node: string): boolean => isWithin(node, region.name);
    return row(
      region.name,
      work.filter(({ node }) => inRegion(node) === region),
      memory(within),
    );
  });
  const rest = work.filter(({ node }) => inRegion(node) === undefined);
  const isUpdate = ({ phase }: Work): boolean => phase === "update";
  const isLoss = ({ kind }: Work): boolean => kind === "loss";
  return [
    ...rows,
    row("loss", rest.filter(isLoss), noMemory),
    row("update", rest.filter(isUpdate), noMemory),
    row(
      "between them",
      rest.filter((each) => !isLoss(each) && !isUpdate(each)),
      noMemory,
    ),
  ].filter(({ forward, backward }) => forward + backward > 0);
}

/** Kinds whose work is what the graph says, also where an engine fuses the others. */
const products: readonly WorkKind[] = [
  "convolution",
  "convolution, input gradient",
  "convolution, kernel gradient",
  "dense",
];

function kindsOf(
  work: readonly Work[],
  whole: number,
  demands: Demands,
  peaks: Peaks | undefined,
): KindTime[] {
  const kinds = [...new Set(work.map(({ kind }) => kind))].map((kind): KindTime => {
    const of = work.filter((each) => each.kind === kind);
    const milliseconds = sum(of);
    const base = { kind, milliseconds, share: milliseconds / whole };
    if (!products.includes(kind)) return base;
    const wanted = demandsOf(of, demands);
    const operations = wanted.reduce((total, each) => total + each.operations, 0);
    const least = peaks && wanted.reduce((total, each) => total + leastTime(each, peaks), 0);
    return {
      ...base,
      gigaflops: operations / milliseconds / 1e6,
      ...(least !== undefined && { roofline: least / milliseconds }),
    };
  });
  return kinds.toSorted((a, b) => b.milliseconds - a.milliseconds);
}

/** What each node does in each pass, once, however many kernels did it. */
function demandsOf(work: readonly Work[], demands: Demands) {
  const passes = new Map(
    work.flatMap((each) =>
      each.node === undefined ? [] : [[`${each.phase} ${each.kind} ${each.node}`, each] as const],
    ),
  );
  return [...passes.values()].map(({ node = "", phase, kind }) =>
    demands.of(node, phase === "backward", kind),
  );
}

function nodesOf(work: readonly Work[], whole: number, demands: Demands): NodeTime[] {
  const byNode = new Map<string, Work[]>();
  for (const each of work) {
    if (each.node === undefined) continue;
    byNode.set(each.node, [...(byNode.get(each.node) ?? []), each]);
  }
  const nodes = [...byNode].map(([name, of]): NodeTime => {
    const milliseconds = sum(of);
    const wanted = demandsOf(
      of.filter(({ kind }) => products.includes(kind)),
      demands,
    );
    const operations = wanted.reduce((total, each) => total + each.operations, 0);
    return {
      name,
      milliseconds,
      share: milliseconds / whole,
      ...(operations > 0 && { gigaflops: operations / milliseconds / 1e6 }),
      ...memoryOf(name, demands),
    };
  });
  return nodes.toSorted((a, b) => b.milliseconds - a.milliseconds);
}

function sum(work: readonly Pick<Work, "milliseconds">[]): number {
  return work.reduce((total, { milliseconds }) => total + milliseconds, 0);
}
