/** Changes a recipe that is already read: whole settings, as a command line gives them. */
import { Collector, diagnostic, type Diagnostic } from "../diagnostics/diagnostic.js";
import type { Recipe } from "../recipe/recipe.js";
import { SourceFile } from "../source/source.js";
import { isChain, type Expression } from "../syntax/ast.js";
import { Budget } from "./budget.js";
import type { RecipeOverride } from "./recipe.js";
import { makersOf } from "./recipe-kinds.js";
import { settingReaders, type Locate } from "./recipe-settings.js";
import { readValue } from "./recipe-values.js";
import { unknownName, type Scope } from "./scope.js";

/**
 * The recipe with the overrides in place, and what is wrong with them.
 *
 * @param recipe a whole one, or only some settings.
 */
export function readOverrides<Settings extends Partial<Recipe>>(
  recipe: Settings,
  overrides: readonly RecipeOverride[],
  locate: Locate,
): { readonly changed: Settings; readonly diagnostics: readonly Diagnostic[] } {
  const found = new Collector();
  const unit = {
    file: new SourceFile("", ""),
    declarations: [],
    comments: [],
    names: new Map(),
    lost: new Set<string>(),
  };
  const scope: Scope = {
    unit,
    values: new Map(),
    given: new Map(),
    found,
    budget: new Budget(),
    notes: [],
  };
  const keys = Object.keys(settingReaders) as (keyof typeof settingReaders)[];
  const changes: Record<string, unknown> = {};
  for (const { setting, argument, value } of overrides) {
    const name = { text: setting, span: value.span };
    const key = keys.find((each) => each === setting);
    if (key === undefined) found.add(unknownName(name, "setting", keys));
    else if (argument !== undefined) {
      const before = changes[key] ?? recipe[key];
      const faults = found.all.length;
      const changed = isChain(value)
        ? undefined
        : withArgument(before, key, argument, value, scope);
      if (changed !== undefined) changes[key] = changed;
      else if (found.all.length === faults) {
        const holes = { what: `\`${setting}.${argument}\`` };
        const help = `give the whole setting: \`${setting}=…\``;
        found.add(diagnostic("R0102", value.span, holes, { help }));
      }
    } else
      changes[key] = settingReaders[key]({ key: name, value, span: value.span }, scope, locate);
  }
  return { changed: { ...recipe, ...changes }, diagnostics: found.all };
}

/** A setting of one kind with another value of an argument; undefined where it takes none such, or the value is wrong. */
function withArgument(
  before: unknown,
  setting: string,
  argument: string,
  value: Expression,
  scope: Scope,
): unknown {
  if (typeof before !== "object" || before === null || !("kind" in before)) return undefined;
  const slots = makersOf[setting]?.[String(before.kind)]?.slots ?? [];
  const slot = slots.find(({ name }) => name === argument);
  if (slot === undefined) return undefined;
  const read = readValue(argument, value, slot.reader, scope);
  return read === undefined ? undefined : { ...before, [argument]: read };
}
