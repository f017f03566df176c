/** `train` for programs: a spec, its recipe with whatever is overridden, an engine, and the loop. */
import type { EngineName } from "../engines/engine.js";
import { engines, selectEngine, type Selection } from "../engines/registry.js";
import { openDataSet } from "../train/data/open-data-set.js";
import type { DataSet } from "../train/data/data-set.js";
import { firstDeepImage } from "../train/data/deep-images.js";
import type { TrainResult } from "../train/events.js";
import { train } from "../train/loop.js";
import { frozenFresh } from "../train/weights/frozen-fresh.js";
import { LiveServer } from "../report/live-server.js";
import { packageVersion } from "../host/version.js";
import { specOptions } from "./check.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { forClasses } from "./given-weights.js";
import { plannedRun, type PlannedRun, type PlanOptions } from "./planned-run.js";
import { preparedEvent, type RunEvent } from "./run-events.js";
import { engineOptions } from "./trained.js";
import { watched } from "./watched-run.js";

export interface TrainSpecOptions extends PlanOptions {
  /** "auto", the best there is, where left out. */
  readonly engine?: EngineName | "auto" | undefined;
  /** A GPU by a part of its name; the engine's own choice where left out. */
  readonly device?: string | undefined;
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
  checkpointMinutes: "minutes",
  signal: "signal",
  ui: "port",
  onEvent: "function",
};

const untrained =
  "what is frozen keeps the weights that it begins with, and they are random; " +
  "`--weights FILE` begins with trained ones";

function cutToBytes(image: string): string {
  return (
    `${image} has more than 8 bits per channel, and of such images the upper 8 are taken; ` +
    "`resnetc data` says what that leaves of them"
  );
}

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

async function startedRun(
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
  const deep = await firstDeepImage(dataSet.train);
  if (deep !== undefined) onEvent?.({ kind: "warning", message: cutToBytes(deep) });
  const isFresh = weights === undefined && !resume;
  if (isFresh && recipe.freeze !== false) onEvent?.({ kind: "warning", message: untrained });
  const random = weights && frozenFresh(graph, recipe, weights.weights);
  if (random !== undefined) onEvent?.({ kind: "warning", message: random });
  return watched({ prepared, dataSet, live, onEvent }, (onTrainEvent) =>
    train({
      ...planned,
      dataSet,
      engine,
      version: packageVersion(),
      weights: weights?.weights,
      origin: weights && [`from ${weights.report.path}`, ...weights.report.fresh],
      checkpointMinutes,
      signal,
      onEvent: onTrainEvent,
    }),
  );
}
