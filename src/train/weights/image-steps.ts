/**
 * How images become what a file's weights were trained on: as the file says it, or as torchvision prepares images for
 * the weights that it publishes.
 */
import type { Graph } from "../../graph/graph.js";
import { refusedSizes } from "../../graph/refused-sizes.js";
import { inputOf } from "../../graph/traversal.js";
import type { Preprocessing } from "../../recipe/recipe.js";
import { normalisationTable } from "../data/preprocess.js";
import { isStoredPreprocess } from "../stored-recipe.js";

/**
 * What the metadata of an export of a checkpoint says: `preprocess`, where images are sized, and `mean` and `std`.
 *
 * @returns nothing where a file does not say it, or what another program means by these words is no step.
 */
export function stepsInMetadata(
  metadata: ReadonlyMap<string, string>,
): readonly Preprocessing[] | undefined {
  const steps: unknown = [
    ...asList(metadata.get("preprocess") ?? "[]"),
    { kind: "normalize", mean: parsed(metadata.get("mean")), std: parsed(metadata.get("std")) },
  ];
  return isStoredPreprocess(steps) ? steps : undefined;
}

function asList(text: string): readonly unknown[] {
  const value = parsed(text);
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

/** A text that is JSON; of any other nothing. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** Whether two lists of steps make the same of every image. */
export function isSamePreparation(
  graph: Graph,
  one: readonly Preprocessing[],
  other: readonly Preprocessing[],
): boolean {
  const sizing = (steps: readonly Preprocessing[]): string =>
    JSON.stringify(steps.filter(({ kind }) => kind !== "normalize"));
  return sizing(one) === sizing(other) && isSameNormalisation(graph, one, other);
}

/** Whether two lists of steps make the same numbers of bytes, in every channel that a network takes. */
export function isSameNormalisation(
  graph: Graph,
  one: readonly Preprocessing[],
  other: readonly Preprocessing[],
): boolean {
  const { channels } = inputOf(graph).type;
  const isFor = (step: Preprocessing): boolean =>
    step.kind !== "normalize" ||
    [step.mean, step.std].every(({ length }) => length === 1 || length === channels);
  if (![one, other].every((steps) => steps.every(isFor))) return false;
  const [left, right] = [one, other].map((steps) => normalisationTable(steps, channels));
  const isNear = (value: number, i: number): boolean =>
    Math.abs(value - (right?.[i] ?? NaN)) < 1e-4;
  return left?.every(isNear) === true;
}

/**
 * How torchvision prepares images for the weights of ResNets that it publishes (`ImageClassification` of its
 * `transforms`); nothing for a network that does not take what comes of it.
 */
export function publishedSteps(graph: Graph): readonly Preprocessing[] | undefined {
  const { channels, spatial } = inputOf(graph).type;
  const fits =
    channels === 3 && spatial.length === 2 && refusedSizes(graph, [224, 224]).length === 0;
  if (!fits) return undefined;
  return [
    { kind: "shorter", side: 256 },
    { kind: "centercrop", height: 224, width: 224 },
    { kind: "normalize", mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  ];
}
