/**
 * The network of a spec with weights from a file, and how images become what it takes: as the file says it, or where it
 * does not, a recipe of the spec, or who published weights by these names.
 */
import type { RecipeOverride } from "../check/recipe.js";
import type { NamedTensor } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import { inputOf } from "../graph/traversal.js";
import {
  recipeDefaults,
  type DataReference,
  type EvaluationSettings,
  type Recipe,
} from "../recipe/recipe.js";
import { isSamePreparation, publishedSteps } from "../train/weights/image-steps.js";
import { request, type SpecOptions } from "./check.js";
import { changedSettings } from "./changed-settings.js";
import { UsageError } from "./errors.js";
import { openWeights, type GivenWeights, type WeightReport } from "./given-weights.js";
import { openWithRecipe } from "./spec.js";

export interface WeightedSpec {
  /** Of the weights. */
  readonly path: string;
  readonly graph: Graph;
  readonly recipe: EvaluationSettings & { readonly data?: DataReference };
  readonly weights: ReadonlyMap<string, NamedTensor>;
  readonly report: WeightReport;
  readonly classes?: readonly string[];
}

/** How many images go at once where no recipe says it. */
const fewImages = 32;

/**
 * Opens a spec with the weights of a file for its network.
 *
 * @param overrides change its recipe, or stand in its place.
 * @throws SpecError, CheckpointError
 * @throws UsageError as for the spec, and where nothing says how images become what the network takes.
 */
export async function openWeighted(
  spec: string,
  path: string,
  options: SpecOptions & { readonly recipeName?: string | undefined },
  overrides: readonly RecipeOverride[],
): Promise<WeightedSpec> {
  const asked = { ...request(options), overrides };
  const { graph, recipe } = openWithRecipe(spec, options.recipeName, asked);
  const given = await openWeights(path, graph);
  const { weights, report, classes, preprocess, preprocessFrom } = given;
  const opened = { path: report.path, graph, weights, ...(classes && { classes }) };
  if (recipe !== undefined) {
    const isAsked = overrides.some(({ setting }) => setting === "preprocess");
    if (isAsked || preprocess === undefined) return { ...opened, recipe, report };
    const notes = isSamePreparation(graph, recipe.preprocess, preprocess)
      ? report.notes
      : [
          ...report.notes,
          `images are prepared as ${preprocessFrom ?? "the file"} says, not as ${recipe.name} does`,
        ];
    return { ...opened, recipe: { ...recipe, preprocess }, report: { ...report, notes } };
  }
  const { loss, seed } = recipeDefaults;
  const plain = { loss, seed, batch: fewImages };
  const settings = { ...plain, ...changedSettings<Partial<Recipe>>(plain, overrides) };
  const said = settings.preprocess ?? preprocess;
  if (said !== undefined) {
    const isBeside = settings.preprocess === undefined && preprocessFrom !== undefined;
    const beside = isBeside ? [`images are prepared as ${preprocessFrom} says`] : [];
    return {
      ...opened,
      recipe: { ...settings, preprocess: said },
      report: { ...report, notes: [...report.notes, ...beside] },
    };
  }
  return { ...opened, ...asPublished(spec, graph, settings, report) };
}

/** Steps that end in images which the network takes. */
function exampleSteps(graph: Graph): string {
  const extents = inputOf(graph).type.spatial.filter((extent) => typeof extent === "number");
  const resize = extents.length === 2 ? [`resize ${extents.join("x")}`] : [];
  return [...resize, "normalize mean: 0.5, std: 0.25"].join(" -> ");
}

/** Images prepared as those who published weights by such names do it, and said so. */
function asPublished(
  spec: string,
  graph: Graph,
  settings: Omit<EvaluationSettings, "preprocess">,
  report: GivenWeights["report"],
): Pick<WeightedSpec, "recipe" | "report"> {
  const preprocess = report.names === "torchvision" ? publishedSteps(graph) : undefined;
  if (preprocess === undefined) {
    throw new UsageError(
      `neither ${spec} nor ${report.path} says how images become what ${graph.name} takes`,
      `say it, such as \`--with "preprocess={ ${exampleSteps(graph)} }"\`, or in a recipe of the spec: ` +
        `\`train NAME for ${graph.name} { … preprocess { … } … }\``,
    );
  }
  const note =
    "images go in as those of torchvision's weights for ImageNet (`shorter 256 -> centercrop 224`, normalised), as " +
    "neither the spec nor the file says how";
  return {
    recipe: { ...settings, preprocess },
    report: { ...report, notes: [...report.notes, note] },
  };
}
