/** `resnetc train SPEC`: trains a network by its recipe and shows how it goes. */
import { join } from "node:path";
import { selectEngine } from "../engines/registry.js";
import type { EngineName } from "../engines/engine.js";
import { openDataSet } from "../train/data/open-data-set.js";
import { train } from "../train/loop.js";
import { packageVersion } from "../host/version.js";
import { withRecipeOptions, type RecipeOptions } from "./recipe-options.js";
import { loadSpec, pickNetwork, pickRecipe } from "./spec.js";
import { status } from "./status.js";
import { stopOnInterrupt } from "./interrupt.js";
import type { Terminal } from "./terminal.js";
import { jsonProgress, textProgress } from "./train-progress.js";

export interface TrainCommandOptions extends RecipeOptions {
  readonly output?: string;
  readonly resume?: boolean;
  readonly checkpointMinutes?: number;
}

/** @returns the exit status. */
export async function trainCommand(
  spec: string,
  given: TrainCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const options = await withRecipeOptions(given);
  const result = loadSpec(spec, options, terminal);
  const recipe = pickRecipe(result, options.recipe);
  const path = { ...result.path, network: recipe.network };
  const { graph } = pickNetwork({ ...result, path });
  const { engine, why } = await selectEngine((options.engine ?? "auto") as EngineName | "auto");
  if (!options.json) terminal.err(`${why}\n`);
  const dataSet = await openDataSet(recipe.data);
  if (!options.json) for (const note of dataSet.notes ?? []) terminal.err(`note: ${note}\n`);
  const interrupt = stopOnInterrupt(terminal);
  const progress = options.json ? jsonProgress(terminal) : textProgress(terminal, spec);
  try {
    const { outcome } = await train({
      graph,
      recipe,
      dataSet,
      engine,
      folder: options.output ?? join("runs", recipe.name),
      resume: options.resume ?? false,
      version: packageVersion(),
      signal: interrupt.signal,
      onEvent: progress.event,
      ...(options.checkpointMinutes !== undefined && {
        checkpointMinutes: options.checkpointMinutes,
      }),
    });
    return outcome === "interrupted" ? status.interrupted : status.fine;
  } finally {
    progress.stop();
    interrupt.release();
    await dataSet.close();
  }
}
