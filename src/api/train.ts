/** `train` for programs: a spec, its recipe with whatever is overridden, an engine, and the loop. */
import { existsSync } from "node:fs";
import type { EngineName } from "../engines/engine.js";
import { engines, selectEngine } from "../engines/registry.js";
import { openDataSet } from "../train/data/open-data-set.js";
import type { DataSet } from "../train/data/data-set.js";
import type { TrainEvent, TrainResult } from "../train/events.js";
import { checkFrozenPlaces } from "../train/frozen-places.js";
import { train } from "../train/loop.js";
import { checkRunFolder, chooseRunFolder, runFiles } from "../train/run-folder.js";
import { Account } from "../report/account.js";
import { Illustrator } from "../report/illustrations.js";
import { LiveServer } from "../report/live-server.js";
import { EventLog } from "../report/tensorboard/event-log.js";
import { recipeMarkdown } from "../report/tensorboard/recipe-markdown.js";
import { writeReport } from "../report/write-report.js";
import type { RecipeOverride } from "../check/recipe.js";
import type { Graph } from "../graph/graph.js";
import type { Recipe } from "../recipe/recipe.js";
import { request, specOptions, type SpecOptions } from "./check.js";
import { dataOverride } from "./data-argument.js";
import { refuseEmpty, UsageError } from "./errors.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { openWeights, type WeightReport } from "./given-weights.js";
import { defaultRunFolder, resumedRun } from "./run-finder.js";
import { engineOptions } from "./trained.js";
import { openRecipe } from "./spec.js";
import { givenValues, overrideOf, type GivenValues } from "./values.js";
import { packageVersion } from "../host/version.js";

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
   * CIFAR's published networks, a `model.json`, or a checkpoint. Heads of another number of classes start fresh.
   */
  readonly weights?: string | undefined;
  /** Where the run is kept; `runs/RECIPE` where left out. */
  readonly folder?: string | undefined;
  /** Goes on with the latest run of that folder, or with the run named. */
  readonly resume?: boolean | string | undefined;
  /** Minutes between checkpoints within an epoch; 10 where left out. */
  readonly checkpointMinutes?: number | undefined;
  /** Once aborted, the step under way is finished, a checkpoint is written, and the call returns. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Serves a page of the run on this machine while it goes on: at a port, or with `true` at one that is
   * free. Its address is the event `page`.
   */
  readonly ui?: boolean | number | undefined;
  readonly onEvent?:
    | ((event: TrainEvent | PreparedEvent | PageEvent | ReportEvent | WarningEvent) => void)
    | undefined;
}

const trainOptions: OptionTable<TrainSpecOptions> = {
  ...specOptions,
  ...engineOptions,
  recipeName: "text",
  recipe: "open",
  data: "text",
  weights: "text",
  folder: "text",
  resume: "open",
  checkpointMinutes: "number",
  signal: "signal",
  ui: "open",
  onEvent: "function",
};

/** The live page can be opened. */
export interface PageEvent {
  readonly kind: "page";
  readonly url: string;
}

/** The report of the run is written; the event `end` comes next. */
export interface ReportEvent {
  readonly kind: "report";
  readonly path: string;
}

/** Something is not as it should be, and the run goes on. */
export interface WarningEvent {
  readonly kind: "warning";
  readonly message: string;
}

/** What the run will be of, before the engine starts. */
export interface PreparedEvent {
  readonly kind: "prepared";
  readonly graph: Graph;
  readonly recipe: Recipe;
  readonly engine: { readonly name: EngineName; readonly why: string };
  /** What a new run starts from, where weights are given. */
  readonly weights?: WeightReport;
  readonly data: {
    readonly name: string;
    readonly classes: readonly string[];
    readonly trainImages: number;
    readonly validationImages: number;
    readonly notes: readonly string[];
  };
}

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
  const { recipeName, folder, resume = false, signal, onEvent, checkpointMinutes } = options;
  refuseEmpty({ folder, resume, weights: options.weights });
  const { graph, recipe } = openRecipe(spec, recipeName, {
    ...request(options),
    overrides: overridesOf(options),
  });
  if (options.weights !== undefined && resume !== false) {
    throw new UsageError(
      "a run that is resumed has its weights",
      "leave out `--weights`, or `--resume` to start a new run from them",
    );
  }
  const given =
    options.weights === undefined
      ? undefined
      : await openWeights(options.weights, graph, { freshHeads: true });
  const base = folder ?? defaultRunFolder(recipe.name);
  const run = resume === false ? base : resumedRun(base, resume);
  // What needs neither data nor engine is told before these are opened.
  checkFrozenPlaces(graph, recipe.freeze);
  await checkRunFolder(await chooseRunFolder(run, resume !== false), resume !== false);
  const { ui = false } = options;
  const live = ui === false ? undefined : await LiveServer.listen(ui === true ? 0 : ui);
  try {
    const { engine, why } = await selectEngine(options.engine ?? "auto", engines, options.device);
    const dataSet = await openDataSet(recipe.data);
    try {
      const prepared = preparedEvent(
        {
          graph,
          recipe,
          engine: { name: engine.name, why },
          ...(given && { weights: given.report }),
        },
        dataSet,
      );
      onEvent?.(prepared);
      const isFresh = given === undefined && resume === false;
      if (isFresh && recipe.freeze !== false) onEvent?.({ kind: "warning", message: untrained });
      return await watched({ prepared, dataSet, live, onEvent }, (onTrainEvent) =>
        train({
          graph,
          recipe,
          dataSet,
          engine,
          folder: run,
          resume: resume !== false,
          version: packageVersion(),
          weights: given?.weights,
          checkpointMinutes,
          signal,
          onEvent: onTrainEvent,
        }),
      );
    } finally {
      await dataSet.close();
    }
  } finally {
    await live?.close("The run could not start.");
  }
}

interface Watched {
  readonly prepared: PreparedEvent;
  readonly dataSet: DataSet;
  readonly live: LiveServer | undefined;
  readonly onEvent: TrainSpecOptions["onEvent"];
}

/**
 * Runs a training with its account kept, its live page served and its report written. The event `end`
 * is passed on last, when the report is there.
 */
async function watched(
  { prepared, dataSet, live, onEvent }: Watched,
  run: (onEvent: (event: TrainEvent) => void) => Promise<TrainResult>,
): Promise<TrainResult> {
  const account = new Account(prepared);
  const illustrator = new Illustrator(dataSet);
  const events = new EventLog(recipeMarkdown(prepared.graph.name, prepared.recipe), (failure) =>
    onEvent?.({ kind: "warning", message: `${failure}; ${withoutEvents}` }),
  );
  if (live !== undefined) {
    live.show({ account, illustrator });
    onEvent?.({ kind: "page", url: live.url });
  }
  try {
    const result = await run((event) => {
      account.take(event);
      if (event.kind !== "end") onEvent?.(event);
      events.event(event);
    });
    events.close();
    const path = runFiles(result.folder).report;
    try {
      if (account.hasNews || !existsSync(path)) {
        await writeReport(path, account, illustrator);
        onEvent?.({ kind: "report", path });
      }
    } finally {
      onEvent?.({ kind: "end", result });
    }
    await live?.close(`The run has ended; this page stays as it is. Its report is ${path}.`);
    if (live?.failure !== undefined) throw live.failure;
    return result;
  } catch (error) {
    account.fail(error instanceof Error ? error.message : String(error));
    await live?.close("The run has ended with an error; this page stays as it is.");
    throw error;
  } finally {
    events.close();
  }
}

const withoutEvents = "the run goes on, and TensorBoard shows nothing of what comes from here on";

/** What overrides the recipe, `data` included. */
export function overridesOf({
  recipe,
  data,
}: Pick<TrainSpecOptions, "recipe" | "data">): RecipeOverride[] {
  const given = givenValues("recipe", recipe);
  return [...given.map(overrideOf), ...(data === undefined ? [] : [dataOverride(data)])];
}

function preparedEvent(
  what: Pick<PreparedEvent, "graph" | "recipe" | "engine" | "weights">,
  { name, classes, train: training, validation, notes = [] }: DataSet,
): PreparedEvent {
  return {
    kind: "prepared",
    ...what,
    data: {
      name,
      classes,
      trainImages: training.size,
      validationImages: validation.size,
      notes,
    },
  };
}
