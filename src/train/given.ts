/**
 * What a run is given beside its spec. Its checkpoints keep that, so that a run that goes on has it again without being
 * told; what is given anew takes its place.
 */
import { either, fields, finite, flag, list, optional, text } from "./json-values.js";

/** A value of the network's parameters or of the recipe, `epochs` or `optimizer.rate`. */
export interface RunValue {
  readonly name: string;
  /** A text is read as the language writes values. */
  readonly value: number | boolean | string;
  /** The words that gave it, such as `--epochs 3`, for messages. */
  readonly words?: string;
}

export interface RunGiven {
  readonly parameters: readonly RunValue[];
  readonly recipe: readonly RunValue[];
  /** A path or a call; it takes the place of all that `recipe` says of `data`. */
  readonly data?: string;
}

const values = list(
  fields<RunValue>({ name: text, value: either(finite, flag, text), words: optional(text) }),
);

const given = fields<RunGiven>({ parameters: values, recipe: values, data: optional(text) });

/** Whether a value that was read as JSON is what a run is given. */
export function isRunGiven(value: unknown): value is RunGiven {
  return given(value);
}

/** What of `before` still holds where `now` is given: all that `now` says nothing of. */
export function stillGiven(before: RunGiven, now: RunGiven): RunGiven {
  const anew = new Set(now.recipe.map(({ name }) => name));
  if (now.data !== undefined) anew.add("data");
  const { data } = before;
  return {
    parameters: before.parameters.filter(
      ({ name }) => !now.parameters.some((each) => each.name === name),
    ),
    recipe: before.recipe.filter(({ name }) => !anew.has(name) && !anew.has(settingOf(name))),
    ...(data !== undefined && !anew.has("data") && { data }),
  };
}

/** One after the other: an argument of a setting changes the whole that stands before it. */
export function together(first: RunGiven, second: RunGiven): RunGiven {
  const data = second.data ?? first.data;
  return {
    parameters: [...first.parameters, ...second.parameters],
    recipe: [...first.recipe, ...second.recipe],
    ...(data !== undefined && { data }),
  };
}

/** The same without what is given again behind it, as itself or with the whole setting that it is an argument of. */
export function withoutOverruled({ parameters, recipe, ...data }: RunGiven): RunGiven {
  const holds = ({ name }: RunValue, index: number, all: readonly RunValue[]): boolean =>
    !all.slice(index + 1).some((later) => later.name === name || later.name === settingOf(name));
  return { parameters: parameters.filter(holds), recipe: recipe.filter(holds), ...data };
}

/** Whether two runs are given the same. */
export function isSameGiven(one: RunGiven | undefined, other: RunGiven | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The words that give all of it on a command line, such as `--epochs 3`, in the order in which they count. */
export function givenWords({ parameters, recipe, data }: RunGiven): readonly string[] {
  const words =
    (option: string) =>
    ({ name, value, words: own }: RunValue): string =>
      own ?? `${option} ${name}=${value}`;
  return [
    ...parameters.map(words("--set")),
    ...recipe.map(words("--with")),
    ...(data === undefined ? [] : [`--data ${data}`]),
  ];
}

/** `optimizer` of `optimizer.rate`. */
export function settingOf(name: string): string {
  return name.split(".")[0] ?? name;
}
