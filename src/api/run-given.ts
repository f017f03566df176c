/**
 * What a call gives a run beside its spec, and what a run that goes on has kept of what it was given before: killed and
 * taken up again by `--resume` alone, it is the same run.
 */
import type { RecipeOverride } from "../check/recipe.js";
import { fromLast, readGiven } from "../train/checkpoint.js";
import { givenWords, stillGiven, together, type RunGiven, type RunValue } from "../train/given.js";
import { runFiles } from "../train/run-folder.js";
import { absoluteData, overridesOf } from "./data-argument.js";
import { givenValues, parametersOf, type GivenValues, type PlacedValue } from "./values.js";

/** What is given to a call that starts a run or goes on with one. */
export interface RunValues {
  readonly parameters?: GivenValues | undefined;
  readonly recipe?: GivenValues | undefined;
  readonly data?: string | undefined;
}

export interface GivenToRun {
  /** As the checker takes them. */
  readonly parameters: ReturnType<typeof parametersOf>;
  readonly overrides: readonly RecipeOverride[];
  /** All of it, for the run's checkpoints. */
  readonly given: RunGiven;
  /** The words of what is not given anew: `--epochs 3`. */
  readonly kept: readonly string[];
}

/**
 * All that a run is given.
 *
 * @param resumed the folder of the run that goes on; undefined for a new one.
 * @throws SpecError, UsageError where a value is none. @throws CheckpointError where the run's checkpoint is damaged.
 */
export async function givenToRun(
  values: RunValues,
  resumed: string | undefined,
): Promise<GivenToRun> {
  const now = givenNow(values);
  const before = resumed === undefined ? undefined : await fromLast(readGiven, runFiles(resumed));
  const still = stillGiven(before ?? { parameters: [], recipe: [] }, now);
  return {
    parameters: parametersOf([...still.parameters.map(asKept), ...now.parameters]),
    overrides: overridesOf({
      recipe: [...still.recipe.map(asKept), ...now.recipe],
      data: values.data ?? still.data,
    }),
    given: together(still, now),
    kept: givenWords(still),
  };
}

function asKept(value: RunValue): PlacedValue {
  return { ...value, kept: true };
}

function givenNow({ parameters, recipe, data }: RunValues): RunGiven {
  return {
    parameters: givenValues("parameters", parameters),
    recipe: givenValues("recipe", recipe),
    ...(data !== undefined && { data: absoluteData(data) }),
  };
}
