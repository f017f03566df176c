/** The options that change a recipe, in their short forms, as `--with` assignments. */
import { dataSetting } from "./data-option.js";
import type { SpecOptions } from "./spec.js";

export interface RecipeOptions extends SpecOptions {
  readonly recipe?: string;
  readonly engine?: string;
  readonly data?: string;
  readonly epochs?: string;
  readonly batch?: string;
  readonly seed?: string;
  readonly rate?: string;
}

/** The options with all of them under `with`. */
export async function withRecipeOptions<O extends RecipeOptions>(options: O): Promise<O> {
  const assignments = [...(options.with ?? [])];
  const put = (name: string, value: string | undefined): void => {
    if (value !== undefined) assignments.push(`${name}=${value}`);
  };
  put("epochs", options.epochs);
  put("batch", options.batch);
  put("seed", options.seed);
  put("optimizer.rate", options.rate);
  if (options.data !== undefined) put("data", await dataSetting(options.data));
  return { ...options, with: assignments };
}
