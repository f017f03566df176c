/** `resnetc eval SPEC`: what a checkpoint is worth on the validation images. */
import { join } from "node:path";
import { selectEngine } from "../engines/registry.js";
import type { EngineName } from "../engines/engine.js";
import { checkArchitecture } from "../train/architecture.js";
import { readCheckpoint } from "../train/checkpoint.js";
import { openDataSet } from "../train/data/open-data-set.js";
import { evaluate, type Evaluation } from "../train/evaluate.js";
import { checkFit } from "../train/fit.js";
import { runFiles } from "../train/run-folder.js";
import { stopOnInterrupt } from "./interrupt.js";
import { grouped, percent } from "./numbers.js";
import { withRecipeOptions, type RecipeOptions } from "./recipe-options.js";
import { loadSpec, pickNetwork, pickRecipe } from "./spec.js";
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";

export interface EvalCommandOptions extends RecipeOptions {
  readonly checkpoint?: string;
  /** `train` or `validation`. */
  readonly split?: "train" | "validation";
}

/** @returns the exit status. */
export async function evalCommand(
  spec: string,
  given: EvalCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const options = await withRecipeOptions(given);
  const result = loadSpec(spec, options, terminal);
  const recipe = pickRecipe(result, options.recipe);
  const path = { ...result.path, network: recipe.network };
  const { graph } = pickNetwork({ ...result, path });
  const file = options.checkpoint ?? runFiles(join("runs", recipe.name)).best;
  const checkpoint = await readCheckpoint(file);
  checkArchitecture(file, checkpoint, graph);
  const { engine, why } = await selectEngine((options.engine ?? "auto") as EngineName | "auto");
  if (!options.json) terminal.err(`${why}\n`);
  const dataSet = await openDataSet(recipe.data);
  const interrupt = stopOnInterrupt(terminal);
  try {
    await checkFit(graph, recipe, dataSet);
    const session = await engine.open(graph);
    try {
      await session.restore(checkpoint.state);
      const split = dataSet[options.split ?? "validation"];
      const { classes } = dataSet;
      const { signal } = interrupt;
      const evaluation = await evaluate({ session, graph, recipe, split, classes, signal });
      if (options.json) {
        terminal.out(`${JSON.stringify({ checkpoint: file, ...evaluation }, undefined, 2)}\n`);
      } else terminal.out(describe(evaluation, file));
      return status.fine;
    } finally {
      session.dispose();
    }
  } catch (error) {
    if (interrupt.signal.aborted) return status.interrupted;
    throw error;
  } finally {
    interrupt.release();
    await dataSet.close();
  }
}

function describe(evaluation: Evaluation, file: string): string {
  const { images, loss, accuracy, topFive, perClass } = evaluation;
  const five = topFive === undefined ? "" : `, top five ${percent(topFive)}`;
  const longest = Math.max(...perClass.map(({ name }) => name.length));
  const rows = perClass.map((each) => {
    const share = each.accuracy === undefined ? "no images" : percent(each.accuracy);
    const mostTaken = confusedWith(evaluation, each.name);
    return `  ${each.name.padEnd(longest)}  ${share.padStart(6)}  of ${grouped(each.images)}${mostTaken}`;
  });
  return [
    `${file} on ${grouped(images)} images:`,
    `accuracy ${percent(accuracy)}${five}, loss ${loss.toFixed(4)}`,
    ...rows,
    "",
  ].join("\n");
}

/** The class that a class is most often mistaken for. */
function confusedWith({ perClass, confusion }: Evaluation, name: string): string {
  const index = perClass.findIndex((each) => each.name === name);
  const row = confusion[index] ?? [];
  const others = row.map((count, other) => (other === index ? 0 : count));
  const most = Math.max(0, ...others);
  if (most === 0) return "";
  return `, most often taken for ${perClass[others.indexOf(most)]?.name ?? "?"} (${most})`;
}
