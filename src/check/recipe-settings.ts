/** The settings of a recipe, one reader for each: the words of the `train` declaration. */
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import {
  dataKinds,
  dataOptionFault,
  isDataKind,
  type DataKindName,
  type DataOption,
} from "../recipe/data-kinds.js";
import type { DataReference, Recipe } from "../recipe/recipe.js";
import { textOf } from "../source/source.js";
import { isChain, type Chain, type Expression, type Setting } from "../syntax/ast.js";
import { bracketHelp, chainHelp } from "../syntax/setting-slips.js";
import { unknownKind } from "./elsewhere.js";
import {
  augmentations,
  bests,
  losses,
  makersOf,
  optimizers,
  preprocessings,
  ratings,
  schedules,
  sizings,
  stops,
  type Makers,
} from "./recipe-kinds.js";
import {
  asCall,
  flag,
  needed,
  numberFrom,
  option,
  places,
  readArguments,
  readValue,
  share,
  text,
  type Reader,
  type RecipeSlot,
} from "./recipe-values.js";
import { unknownName, type Scope } from "./scope.js";
import { misplacedAugmentation, misplacedPreprocessing, type Placed } from "./step-order.js";

/** Where a path that a spec names lies. */
export type Locate = (path: string, from: string) => string;

/** Reads one setting's value; `undefined` where it is wrong, which has been reported. */
type SettingReader<T> = (setting: Setting, scope: Scope, locate: Locate) => T | undefined;

function oneOfNames(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(" or ");
}

/** A setting that is one call of a table: `optimizer sgd(rate: 0.1)`. */
function oneOf<T>(kind: string, makers: Makers<T>): SettingReader<T> {
  const names = Object.keys(makers);
  return ({ key, value }, scope) => {
    const call = isChain(value) ? undefined : asCall(value);
    if (call === undefined)
      return wrong(key.text, oneOfNames(names), value, scope, unbracketed(value, names));
    const make = Object.hasOwn(makers, call.callee.text) ? makers[call.callee.text] : undefined;
    if (make) return make.read(call, scope);
    scope.found.add(unknownKind(call.callee, kind, names));
    return undefined;
  };
}

/** A setting that is a chain of calls of a table: `augment { flip -> crop 32, pad: 4 }`. */
function chainOf<T>(
  kind: string,
  makers: Makers<T>,
  example: string,
  misplaced: (steps: readonly Placed<T>[]) => readonly Diagnostic[],
): SettingReader<readonly T[]> {
  const names = Object.keys(makers);
  return ({ key, value }, scope) => {
    if (!isChain(value)) {
      const expected = `steps in braces, such as \`{ ${example} }\``;
      return wrong(key.text, expected, value, scope, unbraced(value, names));
    }
    let whole = true;
    const made = value.steps.flatMap((step) => {
      const call = step.kind === "call" ? step.call : undefined;
      const make = call && Object.hasOwn(makers, call.callee.text) && makers[call.callee.text];
      const one = call && make ? make.read(call, scope) : undefined;
      if (call && !make) scope.found.add(unknownKind(call.callee, kind, names));
      if (step.kind !== "call" && step.kind !== "unreadable") {
        const holes = {
          expected: oneOfNames(names),
          found: `\`${step.kind}\``,
        };
        scope.found.add(diagnostic("R0212", step.span, holes));
      }
      if (one === undefined) whole = false;
      return one === undefined ? [] : [{ step: one, span: step.span }];
    });
    if (!whole) return undefined;
    const faults = misplaced(made);
    for (const fault of faults) scope.found.add(fault);
    return faults.length > 0 ? undefined : made.map(({ step }) => step);
  };
}

/** A setting that is one value. */
function single<T>(reader: Reader<T>): SettingReader<T> {
  return ({ key, value }, scope) =>
    isChain(value)
      ? wrong(key.text, reader.expected, value, scope)
      : readValue(key.text, value, reader, scope);
}

function wrong(
  name: string,
  expected: string,
  value: Expression | Chain,
  scope: Scope,
  help?: Help,
): undefined {
  const text = textOf(value.span).replace(/\s+/g, " ");
  const found = `\`${text.length > 40 ? `${text.slice(0, 39)}…` : text}\``;
  const details = help === undefined ? {} : { help };
  scope.found.add(diagnostic("R0503", value.span, { name, expected, found }, details));
}

/** `step [30]`, which is read as the item of a list, as a call of a kind. */
function unbracketed(value: Expression | Chain, names: readonly string[]): Help | undefined {
  if (isChain(value) || value.kind !== "index" || value.list.kind !== "name") return undefined;
  const { span, name } = value.list;
  if (!names.includes(name.text)) return undefined;
  const list = /^\s*/.exec(textOf(value.span).slice(name.text.length))?.[0].length ?? 0;
  return bracketHelp(span, span.file.span(span.end + list, value.span.end));
}

/** Steps in a list, or one by itself, as a chain. */
function unbraced(value: Expression, names: readonly string[]): Help | undefined {
  const items = value.kind === "list" ? value.items : [value];
  const isStep = (item: Expression): boolean => names.includes(asCall(item)?.callee.text ?? "");
  return items.length > 0 && items.every(isStep) ? chainHelp(value.span) : undefined;
}

/** What a kind of data takes; its options have no default here, as whoever opens the data may choose one. */
function dataSlots(kind: DataKindName): Readonly<Record<string, RecipeSlot<unknown>>> {
  const table: { readonly path?: string; readonly options: Readonly<Record<string, DataOption>> } =
    dataKinds[kind];
  const slots = Object.fromEntries(
    Object.entries(table.options).map(([name, each]) => [
      name,
      option<number | undefined>(name, fromOption(each), undefined),
    ]),
  );
  return { ...(table.path !== undefined && { path: needed("path", text) }), ...slots };
}

/** `shapes(size: 32)`, `cifar10("path")`, `folder("path", validation: 0.1)`. */
const readData: SettingReader<DataReference> = ({ key, value }, scope, locate) => {
  const names = Object.keys(dataKinds);
  const call = isChain(value) ? undefined : asCall(value);
  if (call === undefined) return wrong(key.text, oneOfNames(names), value, scope);
  const kind = call.callee.text;
  if (!isDataKind(kind)) {
    scope.found.add(unknownName(call.callee, "data set", names));
    return undefined;
  }
  const read = readArguments<Record<string, RecipeSlot<unknown>>>(call, dataSlots(kind), scope);
  if (!read) return undefined;
  const { path: given, ...others } = read;
  // What is left out stays so: whoever opens the data may choose by what lies there.
  const written = Object.entries(others).filter(([, value]) => value !== undefined);
  const options = Object.fromEntries(written) as DataReference["options"];
  const located = given === undefined ? {} : { path: locate(String(given), call.span.file.path) };
  return { kind, options, ...located };
};

function fromOption(option: DataOption): Reader<number> {
  const expected = dataOptionFault(option, Number.NaN) ?? "a number";
  return {
    expected,
    read: (value) =>
      value.kind === "number" && dataOptionFault(option, value.value) === undefined
        ? value.value
        : undefined,
  };
}

const precision: SettingReader<"float32"> = ({ key, value }, scope) => {
  if (!isChain(value) && value.kind === "name" && value.name.text === "float32") return "float32";
  return wrong(key.text, "`float32`", value, scope);
};

type Settings = Omit<Recipe, "name" | "network">;

/** The settings that are one value. */
const values = {
  batch: numberFrom(1, 1_048_576, true),
  accumulate: numberFrom(1, 1_048_576, true),
  clip: numberFrom(0),
  ema: share,
  droppath: share,
  freeze: places,
  epochs: numberFrom(1, 1_000_000, true),
  seed: numberFrom(0, 4_294_967_295, true),
  shuffle: flag,
};

/** How each setting is read. */
export const settingReaders: { readonly [K in keyof Settings]: SettingReader<Settings[K]> } = {
  data: readData,
  preprocess: chainOf(
    "preprocessing step",
    preprocessings,
    "resize 32 -> normalize mean: 0.5, std: 0.25",
    misplacedPreprocessing,
  ),
  augment: chainOf("augmentation", augmentations, "flip -> crop 32, pad: 4", misplacedAugmentation),
  loss: oneOf("loss", losses),
  optimizer: oneOf("optimizer", optimizers),
  schedule: oneOf("schedule", schedules),
  batch: single(values.batch),
  accumulate: single(values.accumulate),
  clip: single(values.clip),
  ema: single(values.ema),
  droppath: single(values.droppath),
  freeze: single(values.freeze),
  rates: oneOf("way of rating", ratings),
  sizes: oneOf("way of sizing", sizings),
  best: oneOf("measure", bests),
  stop: oneOf("stop", stops),
  epochs: single(values.epochs),
  seed: single(values.seed),
  shuffle: single(values.shuffle),
  precision,
};

/** The kinds that a setting chooses from, by setting: what completion and the reference list. */
export const settingKinds: ReadonlyMap<string, readonly string[]> = new Map([
  ["data", Object.keys(dataKinds)],
  ...Object.entries(makersOf).map(([key, makers]) => [key, Object.keys(makers)] as const),
]);

/** What a kind of a setting takes; `undefined` where the setting has no such kind. */
export function kindSlots(
  setting: string,
  kind: string,
): readonly RecipeSlot<unknown>[] | undefined {
  if (setting === "data") return isDataKind(kind) ? Object.values(dataSlots(kind)) : undefined;
  const makers = Object.hasOwn(makersOf, setting) ? makersOf[setting] : undefined;
  return makers && Object.hasOwn(makers, kind) ? makers[kind]?.slots : undefined;
}

/** What a setting that is one value must be; `undefined` for the others. */
export function settingExpects(setting: string): string | undefined {
  if (setting === "precision") return "`float32`";
  return Object.hasOwn(values, setting)
    ? values[setting as keyof typeof values].expected
    : undefined;
}
