/** Reads `train` declarations into recipes, with the command line's values put in before reading. */
import { Collector, diagnostic, type Diagnostic } from "../diagnostics/diagnostic.js";
import { recipeDefaults, type Recipe } from "../recipe/recipe.js";
import type { Span } from "../source/source.js";
import {
  isChain,
  type Argument,
  type Call,
  type ChainStep,
  type Expression,
  type Name,
  type Setting,
  type TrainDeclaration,
} from "../syntax/ast.js";
import type { Budget } from "./budget.js";
import type { Binding, Unit } from "./program.js";
import { makersOf } from "./recipe-kinds.js";
import { settingElsewhere } from "./elsewhere.js";
import { positionalNames } from "./recipe-kinds.js";
import { settingKinds, settingReaders, type Locate } from "./recipe-settings.js";
import { unknownName, type Scope } from "./scope.js";
import { nearest } from "../diagnostics/nearest.js";
import { suggestion } from "./suggestion.js";
import type { WrittenRecipe } from "./written-settings.js";

/** `optimizer.rate=0.05`, `epochs=3`: a value for a setting, or for one argument of it. */
export interface RecipeOverride {
  readonly setting: string;
  readonly argument?: string;
  /** A chain, `{ flip -> crop 32 }`, only for a whole setting. */
  readonly value: Setting["value"];
}

type Key = keyof typeof settingReaders;
const keys = Object.keys(settingReaders) as Key[];

/** A recipe, and how its settings are written, those of the command line among them. */
export interface ReadRecipe {
  readonly recipe: Recipe;
  readonly written: WrittenRecipe;
}

/** Reads the recipes of one file. */
export class RecipeReader {
  readonly #scope: Scope;
  readonly #networks: readonly string[];

  constructor(
    private readonly unit: Unit,
    private readonly found: Collector,
    budget: Budget,
    private readonly locate: Locate,
  ) {
    this.#scope = { unit, values: new Map(), given: new Map(), found, budget, notes: [] };
    const networks = [...unit.names].filter(([, { declaration }]) => declaration.kind !== "block");
    this.#networks = networks.map(([name]) => name);
  }

  /** @returns undefined where anything was wrong, which has been reported. */
  recipe(
    declaration: TrainDeclaration,
    overrides: readonly RecipeOverride[],
  ): ReadRecipe | undefined {
    const { found } = this;
    const { network, name } = declaration;
    const errorsBefore = found.errorCount;
    const binding = this.unit.names.get(network.text);
    if (binding === undefined && !this.unit.lost.has(network.text)) {
      found.add(unknownName(network, "network", this.#networks));
    } else if (binding?.declaration.kind === "block") {
      const holes = { name: network.text, found: "a block", expected: "what is trained" };
      found.add(diagnostic("R0215", network.span, holes, { help: "a recipe is for a network" }));
    } else if (binding?.imported !== undefined) {
      found.add(importedNetwork(network, binding.declaration, binding.imported));
    }
    const settings = overridden(once(declaration.settings, found), overrides, found);
    const read: Record<string, unknown> = { ...recipeDefaults };
    const given = new Set<string>();
    const written = new Set(settings.map(({ key }) => key.text));
    const free = keys.filter((key) => !written.has(key));
    for (const setting of settings) {
      const key = setting.key.text;
      if (Object.hasOwn(settingReaders, key)) {
        given.add(key);
        read[key] = settingReaders[key as Key](setting, this.#scope, this.locate);
      } else {
        // What was meant counts as given, so that it is not missed as well.
        // What a command line gives takes the place of what is written.
        const isOverride = overrides.some((override) => override.setting === key);
        const elsewhere = settingElsewhere(setting.key, isOverride, (own) =>
          free.some((each) => each === own && this.#reads(each, setting)),
        );
        const meant = elsewhere === undefined ? nearest(key, free) : elsewhere.own;
        if (meant !== undefined) given.add(meant);
        const help = elsewhere?.help ?? suggestion(setting.key, isOverride ? keys : free, keys);
        const holes = { name: key };
        found.add(diagnostic("R0501", setting.key.span, holes, help ? { help } : {}));
      }
    }
    this.#missing(declaration, given);
    if (found.errorCount > errorsBefore || declaration.broken) return undefined;
    const recipe = { name: name.text, network: network.text, ...read } as unknown as Recipe;
    return { recipe, written: { name, network, settings } };
  }

  /** Whether a setting has a value that another one takes. */
  #reads(key: Key, setting: Setting): boolean {
    const scope = { ...this.#scope, found: new Collector() };
    return settingReaders[key](setting, scope, this.locate) !== undefined;
  }

  #missing({ name, broken }: TrainDeclaration, given: ReadonlySet<string>): void {
    if (broken) return;
    const missing = keys.filter((key) => !(key in recipeDefaults) && !given.has(key));
    if (missing.length === 0) return;
    const names = missing.map((key) => `\`${key}\``).join(", no ");
    const help = `such as ${missing.map((key) => `\`${examples[key]}\``).join(", ")}`;
    this.found.add(diagnostic("R0502", name.span, { names }, { help }));
  }
}

/** A file trains what it declares, so that its recipes and networks are found together. */
function importedNetwork(
  { text, span }: Name,
  { kind }: Binding["declaration"],
  imported: Span,
): Diagnostic {
  const holes = { name: text, found: "an imported network", expected: "what is trained" };
  const help =
    kind === "network"
      ? `declare one that is made from it, \`network Mine = ${text}()\`, and train that`
      : `move the recipe to the file of ${text}`;
  return diagnostic("R0215", span, holes, {
    related: [{ span: imported, text: "imported here" }],
    help,
  });
}

const examples: Readonly<Partial<Record<Key, string>>> = {
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
    const before = written ?? unwritten(name, argument, span);
    const changed = before && !isChain(value) && withArgument(before, argument, value);
    if (changed) result.set(name, changed);
    else found.add(argumentOfNothing(name, argument, span, written !== undefined));
  }
  return [...result.values()];
}

/** A setting that a recipe leaves out, as its default would be written, where that takes such an argument. */
function unwritten(name: string, argument: string, span: Span): Setting | undefined {
  const otherwise = Object.hasOwn(recipeDefaults, name)
    ? recipeDefaults[name as keyof typeof recipeDefaults]
    : undefined;
  if (typeof otherwise !== "object" || !("kind" in otherwise)) return undefined;
  const slots = makersOf[name]?.[otherwise.kind]?.slots ?? [];
  if (!slots.some((slot) => slot.name === argument)) return undefined;
  const kind = { text: otherwise.kind, span };
  return { key: { text: name, span }, value: { kind: "name", name: kind, span }, span };
}

/** An argument is given for a setting that is none, has not been written, or takes none. */
function argumentOfNothing(
  name: string,
  argument: string,
  span: Span,
  isWritten: boolean,
): Diagnostic {
  if (!Object.hasOwn(settingReaders, name)) {
    return unknownName({ text: name, span }, "setting", keys);
  }
  const kinds = settingKinds.get(name);
  const such = kinds?.map((kind) => `\`${kind}\``).join(", ");
  const help = isWritten
    ? `give the whole: \`${name}=…\``
    : `the recipe has no \`${name}\`: give the whole, \`${name}=…\``;
  return diagnostic(
    "R0102",
    span,
    { what: `\`${name}.${argument}\`` },
    { help: such === undefined ? help : `${help}, one of ${such}` },
  );
}

function withArgument(setting: Setting, name: string, value: Expression): Setting | undefined {
  const { value: written } = setting;
  const argument: Argument = {
    name: { text: name, span: value.span },
    value,
    slash: false,
    span: value.span,
  };
  const nameOf = (call: Call, each: Argument): string | undefined =>
    each.name?.text ?? positionalNames[call.callee.text];
  const put = (call: Call): Call => ({
    ...call,
    arguments: [...call.arguments.filter((each) => nameOf(call, each) !== name), argument],
  });
  if (isChain(written)) {
    // `augment.pad=2`: the step that has such an argument, or else the only one.
    const has = (step: ChainStep): boolean =>
      step.kind === "call" && step.call.arguments.some((each) => nameOf(step.call, each) === name);
    const [only, another] = written.steps.some(has) ? written.steps.filter(has) : written.steps;
    if (only === undefined || another !== undefined) return undefined;
    const steps = written.steps.map((step) =>
      step === only && step.kind === "call" ? { ...step, call: put(step.call) } : step,
    );
    return { ...setting, value: { ...written, steps } };
  }
  if (written.kind === "call")
    return { ...setting, value: { ...written, call: put(written.call) } };
  if (written.kind !== "name") return undefined;
  const call = put({ callee: written.name, arguments: [], span: written.span });
  return { ...setting, value: { kind: "call", call, span: written.span } };
}
