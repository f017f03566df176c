/** `resnetc predict [SPEC] IMAGE…`: what a checkpoint takes image files for. */
import { join } from "node:path";
import { selectEngine } from "../engines/registry.js";
import type { EngineName } from "../engines/engine.js";
import { checkArchitecture } from "../train/architecture.js";
import { readCheckpoint } from "../train/checkpoint.js";
import { predictImages, type Prediction } from "../train/predict.js";
import { runFiles } from "../train/run-folder.js";
import { percent } from "./numbers.js";
import { loadSpec, pickNetwork, pickRecipe, type SpecOptions } from "./spec.js";
import { status, UsageError } from "./status.js";
import type { Terminal } from "./terminal.js";

export interface PredictCommandOptions extends SpecOptions {
  readonly recipe?: string;
  readonly checkpoint?: string;
  readonly engine?: string;
  readonly top?: number;
}

const isSpec = (argument: string): boolean => /\.resnet(#.*)?$/.test(argument);

/** @returns the exit status: 1 where an image could not be used. */
export async function predictCommand(
  given: readonly string[],
  options: PredictCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const [first = "", ...rest] = given;
  const spec = isSpec(first) ? first : undefined;
  const files = spec === undefined ? given : rest;
  if (files.length === 0) throw new UsageError("predict needs at least one image");
  const path = checkpointPath(spec, options, terminal);
  const checkpoint = await readCheckpoint(path.file);
  if (path.graph) checkArchitecture(path.file, checkpoint, path.graph);
  const { graph, recipe, classes, state } = checkpoint;
  const { engine, why } = await selectEngine((options.engine ?? "auto") as EngineName | "auto");
  if (!options.json) terminal.err(`${why}\n`);
  const session = await engine.open(graph);
  let failed = false;
  try {
    await session.restore(state);
    const top = options.top ?? 3;
    for await (const each of predictImages({ session, graph, recipe, classes, files, top })) {
      if (each.error) failed = true;
      print(each, options.json ?? false, terminal);
    }
  } finally {
    session.dispose();
  }
  return failed ? status.found : status.fine;
}

function checkpointPath(
  spec: string | undefined,
  options: PredictCommandOptions,
  terminal: Terminal,
): { file: string; graph?: ReturnType<typeof pickNetwork>["graph"] } {
  if (spec === undefined) {
    if (options.checkpoint !== undefined) return { file: options.checkpoint };
    throw new UsageError(
      "predict needs a spec or a checkpoint",
      "resnetc predict SPEC.resnet IMAGE…, or resnetc predict --checkpoint FILE IMAGE…",
    );
  }
  const result = loadSpec(spec, options, terminal);
  const recipe = pickRecipe(result, options.recipe);
  const { graph } = pickNetwork({ ...result, path: { ...result.path, network: recipe.network } });
  return { file: options.checkpoint ?? runFiles(join("runs", recipe.name)).best, graph };
}

function print(prediction: Prediction, json: boolean, { out, err }: Terminal): void {
  const { file } = prediction;
  if (json) {
    const answer = prediction.error
      ? { file, error: prediction.error.message }
      : { file, candidates: prediction.candidates };
    out(`${JSON.stringify(answer)}\n`);
  } else if (prediction.error) {
    err(`error: ${prediction.error.message}\n`);
  } else {
    const shown = prediction.candidates.map((each) => `${each.class} ${percent(each.probability)}`);
    out(`${file}: ${shown.join(", ")}\n`);
  }
}
