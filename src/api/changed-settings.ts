/** A recipe that was read before, or some of its settings, changed by what a command line or a program gives. */
import { readOverrides } from "../check/recipe-override.js";
import type { RecipeOverride } from "../check/recipe.js";
import { NodeHost } from "../host/node-host.js";
import type { Recipe } from "../recipe/recipe.js";
import { SpecError } from "./errors.js";

/** Recipes, or settings of one, with the overrides in place. @throws SpecError where a value does not fit. */
export function changedSettings<Settings extends Partial<Recipe>>(
  settings: Settings,
  overrides: readonly RecipeOverride[],
): Settings {
  const host = new NodeHost();
  const { changed, diagnostics } = readOverrides(settings, overrides, host.locate.bind(host));
  if (diagnostics.length > 0) throw new SpecError(diagnostics);
  return changed;
}
