/**
 * `profile` for programs: a training step of a spec's network by its recipe, on images of the size that the
 * recipe or the caller says, measured on an engine.
 */
import type { RecipeOverride } from "../check/recipe.js";
import { EngineError, type Batch, type EngineName } from "../engines/engine.js";
import { engines, selectEngine } from "../engines/registry.js";
import type { Graph } from "../graph/graph.js";
import { printTakenImages, refusedSizes } from "../graph/refused-sizes.js";
import { inputOf, typeAt, type Sizes } from "../graph/traversal.js";
import { withDroppedPaths } from "../recipe/dropped-paths.js";
import { networkMisfits } from "../recipe/fit/fit.js";
import { knownImageSize } from "../recipe/image-size.js";
import { partsOf } from "../recipe/parts.js";
import { recipeDefaults, type Recipe } from "../recipe/recipe.js";
import { refuse } from "../train/fit.js";
import { request, specOptions, type SpecOptions } from "./check.js";
import { UsageError } from "./errors.js";
import { checkSpec, openNetwork, openRecipe } from "./spec.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { engineOptions } from "./trained.js";
import { sizesAt } from "./given-size.js";
import { givenValues, overrideOf, type GivenValues } from "./values.js";
import { stepReport, type StepReport } from "./step-report.js";
import { Demands } from "./work-limits.js";

export interface ProfileSpecOptions extends SpecOptions {
  /** The recipe whose step it is, where the file has several; none is needed. */
  readonly recipeName?: string | undefined;
  /** Values for the recipe: `{ batch: 32 }`. */
  readonly recipe?: GivenValues | undefined;
  /** "auto", the best there is, where left out. */
  readonly engine?: EngineName | "auto" | undefined;
  readonly device?: string | undefined;
  /** Images of a step; the recipe's where left out, or 8. */
  readonly batch?: number | undefined;
  /** How many steps are measured, after one that is not; 5 where left out. */
  readonly steps?: number | undefined;
  /** Height and width of the images, for a symbolic input; those of the recipe's images where left out. */
  readonly at?: readonly [number, number] | undefined;
}

const profileOptions: OptionTable<ProfileSpecOptions> = {
  ...specOptions,
  ...engineOptions,
  recipeName: "text",
  recipe: "open",
  batch: "open",
  steps: "open",
  at: "open",
};

export interface ProfileReport extends StepReport {
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
}

/**
 * Profiles a training step of a spec's network on images of random numbers.
 *
 * @throws SpecError, UsageError, EngineError. @throws TrainingError where the recipe does not suit the network.
 */
export async function profileSpec(
  spec: string,
  options: ProfileSpecOptions = {},
): Promise<ProfileReport> {
  checkOptions("profile", options, profileOptions);
  const { steps = 5, batch = 1 } = options;
  checkCount("steps", steps);
  checkCount("batch", batch);
  const { graph: network, recipe, isOwn } = openStep(spec, options);
  refuse(networkMisfits(network, recipe));
  const graph = withDroppedPaths(network, recipe);
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
    ...stepReport(graph, profile, new Demands(graph, parts, sizes)),
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
