/** `train` for programs: a spec, its recipe with whatever is overridden, an engine, and the loop. */
import { dirname, resolve } from "node:path";
import type { EngineName } from "../engines/engine.js";
import { engines, selectEngine, type Selection } from "../engines/registry.js";
import { openDataSet } from "../train/data/open-data-set.js";
import type { DataSet } from "../train/data/data-set.js";
import type { TrainResult } from "../train/events.js";
import { checkDroppedPaths } from "../train/dropped-paths.js";
import { checkFrozenPlaces } from "../train/frozen-places.js";
import { train } from "../train/loop.js";
import type { HeadChoice } from "../train/weights/heads.js";
import { checkRunFolder, chooseRunFolder, runFiles } from "../train/run-folder.js";
import { LiveServer } from "../report/live-server.js";
import type { Graph } from "../graph/graph.js";
import type { Recipe } from "../recipe/recipe.js";
import type { SourceHost } from "../check/host.js";
import { fromLast, readRunHead, type RunHead } from "../train/checkpoint.js";
import { packageVersion } from "../host/version.js";
import { specOptions, type SpecOptions } from "./check.js";
import { refuseEmpty, UsageError } from "./errors.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { forClasses, openWeights, type GivenWeights } from "./given-weights.js";
import { defaultRunFolder, resumedRun } from "./run-finder.js";
import { preparedEvent, type RunEvent } from "./run-events.js";
import { givenToRun, withForgetHelp, type GivenToRun } from "./run-given.js";
import { openRecipe, recipeName, recipeNames } from "./spec.js";
import { engineOptions } from "./trained.js";
import type { GivenValues } from "./values.js";
import { watched } from "./watched-run.js";

export interface TrainSpecOptions extends SpecOptions {
  /** The recipe's name, where the file has several. */
  readonly recipeName?: string | undefined;
  /** Values for the recipe: `{ epochs: 3, "optimizer.rate": 0.05 }`. */
  readonly recipe?: GivenValues | undefined;
  /** A folder of images or of CIFAR's binaries, or a call such as `shapes(train: 1000)`. */
  readonly data?: string | undefined;
  /** "auto", the best there is, where left out. */
  readonly engine?: EngineName | "auto" | undefined;
  /** A GPU by a part of its name; the engine's own choice where left out. */
  readonly device?: string | undefined;
  /**
   * A file of weights that a new run starts from: safetensors by the names of the graph, of torchvision or of
   * CIFAR's published networks, a `model.json`, or a checkpoint. Heads that it has not, or that tell
   * other classes apart, start fresh.
   */
  readonly weights?: string | undefined;
  /** Takes a head of those weights as it is, whatever its classes are called, or never. */
  readonly head?: HeadChoice | undefined;
  /** Where the run is kept; `runs/RECIPE` where left out. */
  readonly folder?: string | undefined;
  /**
   * Goes on with the latest run of that folder, or with the run named. What it was given when it began, of
   * `parameters`, `recipe` and `data`, it has again, but for what is given anew.
   */
  readonly resume?: boolean | string | undefined;
  /** Leaves out what a run that goes on was given before: the spec, and what is given now, are all that counts. */
  readonly forget?: boolean | undefined;
  /** Minutes between checkpoints within an epoch; 10 where left out. */
  readonly checkpointMinutes?: number | undefined;
  /** Once aborted, the step under way is finished, a checkpoint is written, and the call returns. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Serves a page of the run on this machine while it goes on: at a port, or with `true` at one that is
   * free. Its address is the event `page`.
   */
  readonly ui?: boolean | number | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

const trainOptions: OptionTable<TrainSpecOptions> = {
  ...specOptions,
  ...engineOptions,
  recipeName: "text",
  recipe: "open",
  data: "text",
  weights: "text",
  head: ["keep", "fresh"],
  folder: "text",
  resume: "open",
  forget: "flag",
  checkpointMinutes: "number",
  signal: "signal",
  ui: "open",
  onEvent: "function",
};

const untrained =
  "what is frozen keeps the weights that it begins with, and they are random; " +
  "`--weights FILE` begins with trained ones";

/**
 * Trains the network of a spec by its recipe.
 *
 * @throws SpecError, UsageError as for the spec. @throws DataError, EngineError, TrainingError,
 * CheckpointError as they come. @throws ReportError if the live page cannot have its port.
 */
export async function trainSpec(
  spec: string,
  options: TrainSpecOptions = {},
): Promise<TrainResult> {
  checkOptions("train", options, trainOptions);
  const { ui = false } = options;
  const planned = await plannedRun(spec, options);
  const live = ui === false ? undefined : await LiveServer.listen(ui === true ? 0 : ui);
  try {
    const selected = await selectEngine(options.engine ?? "auto", engines, options.device);
    const dataSet = await openDataSet(planned.recipe.data);
    try {
      return await startedRun(planned, selected, dataSet, live, options);
    } finally {
      await dataSet.close();
    }
  } finally {
    await live?.close("The run could not start.");
  }
}

/** What a run is to be, once all is told that needs neither engine nor data. */
interface PlannedRun extends Pick<GivenToRun, "given" | "kept"> {
  readonly graph: Graph;
  readonly recipe: Recipe;
  /** What a new run starts from, where weights are given. */
  readonly weights: GivenWeights | undefined;
  /** The folder that is asked for; a new run takes the next where it is taken. */
  readonly folder: string;
  readonly resume: boolean;
  /** How a run that goes on was left. */
  readonly before: RunHead | undefined;
}

async function plannedRun(spec: string, options: TrainSpecOptions): Promise<PlannedRun> {
  refuseContradictions(options);
  const { host, folder, resume = false, forget = false, weights, head } = options;
  const named =
    typeof resume === "string" ? await begunIn(resumedRun("", resume), forget) : undefined;
  const name = recipeName(spec, options.recipeName ?? nameIn(spec, named, host), host);
  const base = folder ?? defaultRunFolder(name);
  const begun =
    named ?? (resume === true ? await begunIn(resumedRun(base, true), forget) : undefined);
  const run = begun?.folder ?? base;
  const { parameters, overrides, ...of } = givenToRun(options, begun?.given);
  const { graph, recipe } = withForgetHelp(() =>
    openRecipe(spec, name, { parameters, overrides, ...(host && { host }) }),
  );
  checkFrozenPlaces(graph, recipe.freeze);
  checkDroppedPaths(graph, recipe);
  const opened =
    weights === undefined
      ? undefined
      : await openWeights(weights, graph, head === "keep" ? keptHead : { freshHeads: true });
  const resumes = begun !== undefined;
  await checkRunFolder(await chooseRunFolder(run, resumes), resumes);
  const planned = { graph, recipe, ...of, before: forget ? undefined : begun, weights: opened };
  return { ...planned, folder: run, resume: resumes };
}

const keptHead = {
  help: "leave out `--head keep`: a head that the file has not, or of another number of classes, starts fresh",
};

/** @throws UsageError where two options cannot both be meant, or one is no value that it takes. */
function refuseContradictions(options: TrainSpecOptions): void {
  const { folder, resume = false, weights, head, forget } = options;
  refuseEmpty({ folder, resume, weights });
  if (typeof resume !== "boolean" && typeof resume !== "string") {
    throw new UsageError(
      `\`resume\` is true, or the folder of a run, not ${JSON.stringify(resume)}`,
      "such as `resume: true`",
    );
  }
  if ((weights !== undefined || head !== undefined) && resume !== false) {
    throw new UsageError(
      "a run that is resumed has its weights",
      `leave out \`--${weights === undefined ? "head" : "weights"}\`, or \`--resume\` to start a new run from weights`,
    );
  }
  if (head !== undefined && weights === undefined) {
    throw new UsageError(
      "`--head` says what becomes of the head of given weights, and there are none",
      "add `--weights FILE`, or leave it out",
    );
  }
  if (forget === true && resume === false) {
    throw new UsageError(
      "`--forget` leaves out what a run was given before, and this is a new one",
      "add `--resume`, or leave it out",
    );
  }
  if (typeof resume === "string" && folder !== undefined && !isRunOf(folder, resume)) {
    throw new UsageError(
      `the run in ${resume} goes on there, not in ${folder}`,
      "leave one of the two folders out",
    );
  }
}

/** Whether a run is named by its folder, or by a file in it. */
function isRunOf(folder: string, resumed: string): boolean {
  return [resolve(resumed), dirname(resolve(resumed))].includes(resolve(folder));
}

/** A run that goes on. */
interface BegunRun extends RunHead {
  readonly folder: string;
}

async function begunIn(folder: string, forget: boolean): Promise<BegunRun> {
  const read = (path: string): Promise<RunHead> => readRunHead(path, { given: !forget });
  return { folder, ...(await fromLast(read, runFiles(folder))) };
}

/** The recipe of a run that is named, where it is one of the spec's. */
function nameIn(
  spec: string,
  begun: BegunRun | undefined,
  host: SourceHost | undefined,
): string | undefined {
  const name = begun?.recipe.name;
  return name !== undefined && recipeNames(spec, host).includes(name) ? name : undefined;
}

function startedRun(
  { weights: given, kept, ...planned }: PlannedRun,
  { engine, why }: Selection,
  dataSet: DataSet,
  live: LiveServer | undefined,
  { onEvent, checkpointMinutes, signal, head }: TrainSpecOptions,
): Promise<TrainResult> {
  const { graph, recipe, resume } = planned;
  const what = { graph, recipe, engine: { name: engine.name, why } };
  const weights = given && forClasses(given, graph, dataSet.classes, head);
  const report = weights && { weights: weights.report };
  const prepared = preparedEvent({ ...what, ...report, kept }, dataSet);
  onEvent?.(prepared);
  const isFresh = weights === undefined && !resume;
  if (isFresh && recipe.freeze !== false) onEvent?.({ kind: "warning", message: untrained });
  return watched({ prepared, dataSet, live, onEvent }, (onTrainEvent) =>
    train({
      ...planned,
      dataSet,
      engine,
      version: packageVersion(),
      weights: weights?.weights,
      checkpointMinutes,
      signal,
      onEvent: onTrainEvent,
    }),
  );
}
