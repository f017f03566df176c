/** For what of its data a run would fail as a whole: what the network, the recipe and all images come to together. */
import { grouped } from "../../diagnostics/numbers.js";
import type { Graph } from "../../graph/graph.js";
import type { Recipe } from "../../recipe/recipe.js";
import { DataError, type DataSet } from "../data/data-set.js";
import { oneSizeHelp } from "../data/preprocess.js";
import { TrainingError } from "../errors.js";
import { checkFit, checkImageShape, checkSeveral } from "../fit.js";
import { sizeText, type SizeCount, type SplitSurvey } from "./survey-split.js";

/** Something for which a run would fail. */
export interface DataFault {
  /** The image, where it is of one alone. */
  readonly sample?: string;
  readonly message: string;
  readonly help?: string;
}

export interface Trainable {
  readonly graph: Graph;
  readonly recipe: Recipe;
}

/** What a run would say before its first step; of data alone, what any would. */
export async function wholeFaults(
  trained: Trainable | undefined,
  dataSet: DataSet,
): Promise<readonly DataFault[]> {
  try {
    if (trained === undefined) checkSeveral(dataSet.name, dataSet.classes);
    else await checkFit(trained.graph, trained.recipe, dataSet);
    return [];
  } catch (error) {
    if (error instanceof TrainingError) return [faultOf(error)];
    // An image that cannot be read is met again, in its place.
    if (error instanceof DataError) return [];
    throw error;
  }
}

function faultOf({ message, help }: TrainingError): DataFault {
  return { message, help };
}

/** Whether all images come to one size, which is one that the network takes. */
export function preparedFaults(
  trained: Trainable | undefined,
  { prepared }: SplitSurvey,
  known: readonly DataFault[],
): readonly DataFault[] {
  const [most, ...others] = prepared;
  if (trained === undefined || most === undefined) return [];
  if (others.length > 0) return [severalSizes(trained.recipe, most, others)];
  if (known.length > 0) return [];
  const { height, width, channels, sample } = most;
  try {
    checkImageShape(trained.graph, [1, height, width, channels], `${sample} comes to`);
    return [];
  } catch (error) {
    if (error instanceof TrainingError) return [faultOf(error)];
    throw error;
  }
}

function severalSizes(recipe: Recipe, most: SizeCount, others: readonly SizeCount[]): DataFault {
  const [next] = others;
  const odd = others.reduce((sum, { images }) => sum + images, 0);
  const come = odd === 1 ? "1 image comes" : `${grouped(odd)} images come`;
  const example = next === undefined ? "" : `: ${next.sample} to ${sizeText(next)}`;
  return {
    message: `${come} to another size than ${sizeText(most)}, that of ${grouped(most.images)}${example}`,
    help: oneSizeHelp(recipe, most.height, most.width),
  };
}
