/**
 * The training loop. What a run comes to depends on the graph, the recipe and the data alone: one
 * that is interrupted anywhere and resumed ends with the same weights and the same history as one
 * that ran through. No weights of an earlier run are ever overwritten, and none with NaN.
 */
import type { NamedTensor } from "../engines/engine.js";
import { isWeighted, withClassWeights } from "../recipe/class-weights.js";
import { withDroppedPaths } from "../recipe/dropped-paths.js";
import type { Recipe } from "../recipe/recipe.js";
import {
  fromLast,
  readCheckpoint,
  readRunHead,
  type Checkpoint,
  type RunHead,
} from "./checkpoint.js";
import { batchCount } from "./data/batches.js";
import { classCounts } from "./data/class-counts.js";
import { DataError, type DataSet } from "./data/data-set.js";
import { CheckpointError } from "./errors.js";
import type { TrainResult } from "./events.js";
import { fallsOf } from "./falls.js";
import { checkFit, helpOnImages } from "./fit.js";
import { isSameGiven } from "./given.js";
import { RatedSession } from "./rated-session.js";
import { checkResumable, isMeasuredAnew, stateFor } from "./resume.js";
import { knownAgainBy } from "./run-checkpoints.js";
import { Run, type RunOptions } from "./run.js";
import { lockNewRun, runFiles } from "./run-folder.js";
import { whileHeld, whileLocked, type RunLock } from "./run-lock.js";
import { startSession } from "./weights/start.js";

export interface TrainOptions extends RunOptions {
  /** Where the run is kept; a new run takes `folder-2`, … if that folder holds weights already. */
  readonly folder: string;
  /** Goes on from the folder's `last.safetensors`. */
  readonly resume?: boolean;
  /** What `given` and `recipe` were made from, which must still be so once the run goes on. */
  readonly before?: Pick<RunHead, "given"> | undefined;
  /** What a new run starts from, by `NODE.PARAMETER`; what is not among them is drawn from the seed. */
  readonly weights?: ReadonlyMap<string, NamedTensor> | undefined;
  /** Where those weights are from, in words: the run keeps it for its report. */
  readonly origin?: readonly string[] | undefined;
}

/**
 * Trains to the recipe's last epoch. The data set stays open.
 *
 * @returns how the run ended; being interrupted is no error.
 * @throws TrainingError if network and data do not fit, or the loss is NaN or infinite.
 * @throws CheckpointError if a checkpoint cannot be read, written or gone on from.
 * @throws EngineError, DataError as they come.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { resume = false } = options;
  const { folder } = options;
  if (!resume) {
    await checkFitOf(options);
    const own = await lockNewRun(folder);
    return whileHeld(own.lock, (lock) => trainIn(own.folder, options, lock));
  }
  const files = runFiles(folder);
  // Locking makes the folder, which is for a run that there is.
  await fromLast((path) => readRunHead(path, { given: false }), files);
  return whileLocked(folder, async (lock) => {
    const previous = await fromLast(readCheckpoint, files);
    if (options.before !== undefined && !isSameGiven(options.before.given, previous.given)) {
      throw new CheckpointError(
        `another process has gone on with the run in ${folder} meanwhile, and gave it other values`,
        "give the command again, which goes on from there",
      );
    }
    const changes = checkResumable(files.last, previous, options);
    await checkFitOf(options);
    return trainIn(folder, options, lock, { previous, changes });
  });
}

/** @throws TrainingError, DataError where network and data do not fit, with how to find all images that do not. */
async function checkFitOf({ graph, recipe, dataSet }: TrainOptions): Promise<void> {
  try {
    await checkFit(graph, recipe, dataSet);
  } catch (error) {
    throw error instanceof DataError ? error.withHelp(helpOnImages) : error;
  }
}

/** What a run goes on from. */
interface Resumed {
  readonly previous: Checkpoint;
  /** What differs from the run so far. */
  readonly changes: readonly string[];
}

async function trainIn(
  folder: string,
  options: TrainOptions,
  lock: RunLock,
  resumed?: Resumed,
): Promise<TrainResult> {
  const { graph, recipe, dataSet, engine } = options;
  const stepsPerEpoch = batchCount(dataSet.train.size, recipe.batch);
  const loss = await weightedLoss(recipe, dataSet);
  const weights = loss.kind === "crossentropy" ? loss.weights : undefined;
  const classWeights = weights?.map((weight, index) => ({
    class: dataSet.classes[index] ?? "",
    weight,
  }));
  const rated = await RatedSession.open(
    { engine, graph: withDroppedPaths(graph, recipe), recipe: { ...recipe, loss }, stepsPerEpoch },
    fallsOf(recipe, resumed?.previous.progress.history ?? []),
  );
  try {
    const from = resumed && {
      ...resumed.previous,
      state: stateFor(resumed.previous, graph, recipe, stepsPerEpoch),
    };
    if (from === undefined) await startSession(rated.session, recipe.seed, options.weights);
    else await rated.session.restore(from.state);
    const run = new Run(options, rated, { folder, files: runFiles(folder), lock }, from);
    return await run.whole({
      changes: resumed?.changes ?? [],
      measuresAnew: from !== undefined && isMeasuredAnew(from, recipe, knownAgainBy(dataSet)),
      ...(options.origin && { origin: options.origin }),
      ...(classWeights && { classWeights }),
    });
  } finally {
    rated.dispose();
  }
}

/** The loss with a weight for every class that follows from the images to train on. @throws DataError */
async function weightedLoss(
  { loss }: Recipe,
  { train, classes }: DataSet,
): Promise<Recipe["loss"]> {
  return isWeighted(loss) ? withClassWeights(loss, await classCounts(train, classes.length)) : loss;
}
