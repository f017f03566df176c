/**
 * What a call gives a run beside its spec, and what a run that goes on has kept of what it was given before: killed and
 * taken up again by `--resume` alone, it is the same run.
 */
import type { RecipeOverride } from "../check/recipe.js";
import { givenPaths } from "../host/node-host.js";
import {
  givenWords,
  stillGiven,
  together,
  withoutOverruled,
  type RunGiven,
  type RunValue,
} from "../train/given.js";
import type { SpecOptions } from "./check.js";
import { absoluteData, absoluteValue, overridesOf } from "./data-argument.js";
import { SpecError } from "./errors.js";
import { givenValues, parametersOf, type GivenValues, type PlacedValue } from "./values.js";

/** What is given to a call that starts a run or goes on with one. */
export interface RunValues extends Pick<SpecOptions, "parameters"> {
  /** Values for the recipe: `{ epochs: 3, "optimizer.rate": 0.05 }`. */
  readonly recipe?: GivenValues | undefined;
  /** A folder of images or of CIFAR's binaries, or a call such as `shapes(train: 1000)`. */
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
 * @param before what a run that goes on was given so far.
 * @throws SpecError, UsageError where a value is none.
 */
export function givenToRun(values: RunValues, before: RunGiven = nothing): GivenToRun {
  const now = givenNow(values);
  const still = stillGiven(before, now);
  return {
    parameters: parametersOf([...still.parameters.map(asKept), ...now.parameters]),
    overrides: overridesOf({
      recipe: [...still.recipe.map(asKept), ...now.recipe],
      data: values.data ?? still.data,
      keptData: values.data === undefined,
    }),
    given: withoutOverruled(together(still, now)),
    kept: givenWords(still),
  };
}

/**
 * What `open` gives; an error at a value that the run has kept says how to be rid of it.
 *
 * @throws SpecError, UsageError as `open`.
 */
export function withForgetHelp<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const more = "the run was given this before; `--forget` leaves all of that out";
    throw new SpecError(
      error.diagnostics.map((each) => {
        if (each.span?.file.path !== givenPaths.run) return each;
        return { ...each, help: { ...each.help, text: joined(each.help?.text, more) } };
      }),
    );
  }
}

function joined(one: string | undefined, other: string): string {
  return one === undefined ? other : `${one}; ${other}`;
}

const nothing: RunGiven = { parameters: [], recipe: [] };

function asKept(value: RunValue): PlacedValue {
  return { ...value, kept: true };
}

/** A copy: what a program changes of its values meanwhile is not what the run was given. */
function givenNow({ parameters, recipe, data }: RunValues): RunGiven {
  const copied = ({ name, value, words }: RunValue): RunValue => ({
    name,
    value,
    ...(words !== undefined && { words }),
  });
  return {
    parameters: givenValues("parameters", parameters).map(copied),
    recipe: givenValues("recipe", recipe).map(copied).map(absoluteValue),
    ...(data !== undefined && { data: absoluteData(data) }),
  };
}
