/** Reads `train` declarations into recipes, with the command line's values put in before reading. */
import { diagnostic, type Collector } from "../diagnostics/diagnostic.js";
import type { Recipe } from "../recipe/recipe.js";
import {
  isChain,
  type Argument,
  type Expression,
  type Setting,
  type TrainDeclaration,
} from "../syntax/ast.js";
import type { Unit } from "./program.js";
import { settingDefaults, settingReaders, type Locate } from "./recipe-settings.js";
import { unknownName, type Scope } from "./scope.js";

/** `optimizer.rate=0.05`, `epochs=3`: a value for a setting, or for one argument of it. */
export interface RecipeOverride {
  readonly setting: string;
  readonly argument?: string;
  readonly value: Expression;
}

type Key = keyof typeof settingReaders;
const keys = Object.keys(settingReaders) as Key[];

/** @returns undefined where anything was wrong, which has been reported. */
export function readRecipe(
  declaration: TrainDeclaration,
  overrides: readonly RecipeOverride[],
  unit: Unit,
  found: Collector,
  locate: Locate,
): Recipe | undefined {
  const scope: Scope = { unit, values: new Map(), found, notes: [] };
  const { network } = declaration;
  const networks = [...unit.names].filter(
    ([
      ,
      {
        declaration: { kind },
      },
    ]) => kind !== "block",
  );
  if (!networks.some(([name]) => name === network.text) && !unit.lost.has(network.text)) {
    const names = networks.map(([name]) => name);
    found.add(unknownName(network, "network", names));
  }
  const settings = overridden(once(declaration.settings, found), overrides, found);
  const errorsBefore = found.errorCount;
  const read: Record<string, unknown> = { ...settingDefaults };
  for (const setting of settings) {
    const key = setting.key.text;
    if (!Object.hasOwn(settingReaders, key)) {
      found.add({
        ...unknownName(setting.key, "setting", keys),
        code: "R0501",
        message: `there is no setting \`${key}\``,
      });
      continue;
    }
    read[key] = settingReaders[key as Key](setting, scope, locate);
  }
  const given = new Set(settings.map(({ key }) => key.text));
  const missing = keys.find((key) => !(key in settingDefaults) && !given.has(key));
  if (missing !== undefined && !declaration.broken) {
    const help = examples[missing];
    const details = help === undefined ? {} : { help: `such as \`${help}\`` };
    found.add(diagnostic("R0502", declaration.name.span, { name: missing }, details));
  }
  const whole = missing === undefined && found.errorCount === errorsBefore && !declaration.broken;
  if (!whole) return undefined;
  return { name: declaration.name.text, network: network.text, ...read } as unknown as Recipe;
}

const examples: Partial<Record<Key, string>> = {
  data: "data shapes(size: 32)",
  optimizer: "optimizer sgd(rate: 0.1, momentum: 0.9, decay: 1e-4)",
  batch: "batch 128",
  epochs: "epochs 90",
};

function once(settings: readonly Setting[], found: Collector): Setting[] {
  const seen = new Map<string, Setting>();
  for (const setting of settings) {
    const first = seen.get(setting.key.text);
    if (first === undefined) seen.set(setting.key.text, setting);
    else {
      const related = [{ span: first.key.span, text: "set here first" }];
      found.add(diagnostic("R0504", setting.key.span, { name: setting.key.text }, { related }));
    }
  }
  return [...seen.values()];
}

/** The settings with the command line's values in place of the written ones. */
function overridden(
  settings: readonly Setting[],
  overrides: readonly RecipeOverride[],
  found: Collector,
): readonly Setting[] {
  const result = new Map(settings.map((setting) => [setting.key.text, setting]));
  for (const { setting: name, argument, value } of overrides) {
    const { span } = value;
    const key = { text: name, span };
    if (argument === undefined) {
      result.set(name, { key, value, span });
      continue;
    }
    const written = result.get(name);
    const changed = written && withArgument(written, argument, value);
    if (changed) result.set(name, changed);
    else found.add(unknownName({ text: `${name}.${argument}`, span }, "setting", keys));
  }
  return [...result.values()];
}

function withArgument(setting: Setting, name: string, value: Expression): Setting | undefined {
  const { value: written } = setting;
  const argument: Argument = {
    name: { text: name, span: value.span },
    value,
    slash: false,
    span: value.span,
  };
  const put = <C extends { readonly arguments: readonly Argument[] }>(call: C): C => ({
    ...call,
    arguments: [...call.arguments.filter((each) => each.name?.text !== name), argument],
  });
  if (isChain(written)) {
    // `augment.pad=2`: the step that has such an argument, or else the only one.
    const steps = written.steps.map((step) => {
      const has =
        step.kind === "call" && step.call.arguments.some((each) => each.name?.text === name);
      return has ? { ...step, call: put(step.call) } : step;
    });
    return { ...setting, value: { ...written, steps } };
  }
  if (written.kind === "call")
    return { ...setting, value: { ...written, call: put(written.call) } };
  if (written.kind !== "name") return undefined;
  const call = put({ callee: written.name, arguments: [], span: written.span });
  return { ...setting, value: { kind: "call", call, span: written.span } };
}
