/**
 * Checkpoints: one safetensors file with the network, its recipe, the state of training and how far
 * it is, enough to go on to the same numbers or to evaluate and predict without the spec.
 */
import type { State } from "../engines/engine.js";
import type { Graph } from "../graph/graph.js";
import { recipeDefaults, type Recipe } from "../recipe/recipe.js";
import { writeAtomically } from "../storage/atomic-write.js";
import { errorCode } from "../storage/error-code.js";
import { CheckpointError, writeFailure } from "./errors.js";
import { isRunGiven, type RunGiven } from "./given.js";
import type { Best, EpochRecord } from "./history.js";
import { isCount, isRecord, isStrings } from "./json-values.js";
import { encodeSafetensors, type TensorFile } from "./safetensors.js";
import { sealKey, sealOf } from "./seal.js";
import { isStoredGraph } from "./stored-graph.js";
import { isStoredProgress, isStoredRecipe } from "./stored-recipe.js";
import { readTensorFile, readTensorMetadata, type FileKind } from "./tensor-file.js";

/** What a run that goes on knows its data again by. */
export interface KnownData {
  /** Size of the training split. */
  readonly images: number;
  /** What its images, and those for validation, are known by; absent where nothing is, or an earlier resnetc wrote it. */
  readonly digests?: Digests;
}

/** How far a run is. */
export interface Progress extends KnownData {
  /** Finished epochs, which is the number, from 0, of the one under way. */
  readonly epoch: number;
  /** Batches of the epoch under way that have been trained on. */
  readonly position: number;
  /** Optimizer steps since the run began; absent where an earlier resnetc wrote it. */
  readonly taken?: number;
  /** Sums over their images, how many these are, and the time they took. */
  readonly loss: number;
  readonly correct: number;
  readonly count: number;
  readonly seconds: number;
  readonly history: readonly EpochRecord[];
  readonly best?: Best;
  /** Whether the next validation is the first of another kind than those of the history. */
  readonly anew?: true;
  /** What the run began from beside fresh weights, and where it went on otherwise; absent where it did neither. */
  readonly turns?: readonly Turn[];
}

/** Of the images of each split. */
export interface Digests {
  readonly train?: string;
  readonly validation?: string;
}

/** Something that a run's recipe does not say. */
export interface Turn {
  /** Finished epochs, and steps taken in the next, where it came. */
  readonly epoch: number;
  readonly position: number;
  /** In words: `batch 16 -> 32`. */
  readonly what: readonly string[];
}

export interface Checkpoint {
  readonly graph: Graph;
  readonly recipe: Recipe;
  readonly classes: readonly string[];
  /** The engine that wrote it, for the record: any other can take it up. */
  readonly engine: string;
  /** The version of resnetc that wrote it. */
  readonly version: string;
  /** What the run was given beside its spec; absent where an earlier resnetc wrote it. */
  readonly given?: RunGiven | undefined;
  readonly progress: Progress;
  readonly state: State;
}

const checkpointFile: FileKind = {
  noun: "checkpoint",
  where: "`last.safetensors` or `best.safetensors` in the folder of a run",
};

const format = "resnetc-checkpoint";
const formatVersion = 1;

/**
 * Writes a checkpoint; `path` holds either what was there before or the whole new one, always.
 *
 * @throws WriteError if the file cannot be written (full disk, read-only folder).
 */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { graph, recipe, classes, engine, version, given, progress, state } = checkpoint;
  const metadata = new Map([
    ["format", format],
    ["format_version", String(formatVersion)],
    ["resnetc_version", version],
    ["engine", engine],
    ["graph", JSON.stringify(graph)],
    ["recipe", JSON.stringify(recipe)],
    ["classes", JSON.stringify(classes)],
    ...givenField(given),
    ["step", String(state.step)],
    ["progress", JSON.stringify(progress)],
  ]);
  const { tensors } = state;
  metadata.set(sealKey, sealOf({ metadata, tensors }));
  const chunks = encodeSafetensors({ metadata, tensors });
  try {
    await writeAtomically(path, chunks);
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/**
 * Reads a checkpoint as a whole; its tensors are views of the bytes read.
 *
 * @throws CheckpointError if there is none, or it is damaged, or written by a newer resnetc.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  return checkpointOf(path, await readTensorFile(path, checkpointFile));
}

function givenField(given: RunGiven | undefined): [string, string][] {
  return given === undefined ? [] : [["given", JSON.stringify(given)]];
}

/** How a run began, and what it was given beside its spec where a resnetc that keeps it wrote the checkpoint. */
export interface RunHead {
  readonly recipe: Recipe;
  readonly given?: RunGiven | undefined;
}

/**
 * The head of the run of a checkpoint, without reading its tensors.
 *
 * @throws CheckpointError as `readCheckpoint`, but for damage to the tensors, and where what it was given is damaged.
 */
export async function readRunHead(
  path: string,
  wanted: { readonly given: boolean } = { given: true },
): Promise<RunHead> {
  const metadata = await readTensorMetadata(path, checkpointFile);
  checkFormat(path, metadata);
  const recipe = metadataField(path, metadata, "recipe", isStoredRecipe, withDefaults);
  return wanted.given && metadata.has("given")
    ? { recipe, given: metadataField(path, metadata, "given", isRunGiven) }
    : { recipe };
}

/**
 * What `read` makes of a run's last checkpoint.
 *
 * @throws CheckpointError as `read`, naming the checkpoint of the best epoch where that can be used instead.
 */
export async function fromLast<T>(
  read: (path: string) => Promise<T>,
  { last, best }: { readonly last: string; readonly best: string },
): Promise<T> {
  try {
    return await read(last);
  } catch (error) {
    if (!(error instanceof CheckpointError) || isForbidden(error.cause)) throw error;
    const isWhole = await read(best).then(
      () => true,
      () => false,
    );
    if (!isWhole) throw error;
    const help = `to go on from the best epoch, put a copy of ${best} in its place`;
    throw new CheckpointError(error.message, help, { cause: error });
  }
}

function isForbidden(error: unknown): boolean {
  const code = errorCode(error);
  return code === "EACCES" || code === "EPERM";
}

/** Whoever reads a whole checkpoint can do without it. */
function givenIn(metadata: ReadonlyMap<string, string>): RunGiven | undefined {
  try {
    const given: unknown = JSON.parse(metadata.get("given") ?? "null");
    return isRunGiven(given) ? given : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether a safetensors file says that it is a checkpoint. */
export function isCheckpoint({ metadata }: Pick<TensorFile, "metadata">): boolean {
  return metadata.get("format") === format;
}

/** The checkpoint that a file holds. @throws CheckpointError as `readCheckpoint`. */
export function checkpointOf(path: string, file: TensorFile): Checkpoint {
  const { metadata, tensors } = file;
  checkFormat(path, metadata);
  const field = <T>(
    key: string,
    is: (value: unknown) => value is T,
    complete?: (value: unknown) => unknown,
  ): T => metadataField(path, metadata, key, is, complete);
  const given = givenIn(metadata);
  const checkpoint: Checkpoint = {
    graph: field("graph", isStoredGraph),
    recipe: field("recipe", isStoredRecipe, withDefaults),
    classes: field("classes", isStrings),
    engine: metadata.get("engine") ?? "unknown",
    version: versionIn(metadata),
    ...(given && { given }),
    progress: field("progress", isStoredProgress),
    state: { step: field("step", isCount), tensors },
  };
  // Last, as what is named by its field is found more easily.
  checkSeal(path, file);
  return checkpoint;
}

/** An earlier resnetc wrote none. @throws CheckpointError where what is there is not what was written. */
function checkSeal(path: string, file: TensorFile): void {
  const seal = file.metadata.get(sealKey);
  if (seal === undefined || seal === sealOf(file)) return;
  throw new CheckpointError(
    `${path} is damaged: it does not hold what was written (its sha256 differs)`,
    `use another checkpoint of the run; of one that was changed on purpose, take \`${sealKey}\` out of the metadata`,
  );
}

function versionIn(metadata: ReadonlyMap<string, string>): string {
  return metadata.get("resnetc_version") ?? "unknown";
}

/** @throws CheckpointError where a file is no checkpoint, or one of another resnetc's format. */
function checkFormat(path: string, metadata: ReadonlyMap<string, string>): void {
  if (!isCheckpoint({ metadata })) {
    throw new CheckpointError(
      `${path} is a safetensors file, but not a checkpoint of resnetc`,
      "name one that `resnetc train` wrote, or give weights alone as `--weights`",
    );
  }
  if (metadata.get("format_version") !== String(formatVersion)) {
    throw new CheckpointError(
      `${path} has format ${metadata.get("format_version")}, and this resnetc reads ${formatVersion}`,
      `it was written by resnetc ${versionIn(metadata)}: use that version`,
    );
  }
}

/** Checkpoints of before a setting was known lack it. */
function withDefaults(recipe: unknown): unknown {
  return isRecord(recipe) ? { ...recipeDefaults, ...recipe } : recipe;
}

/** What a field is in words, where it is more than its name, and how to do without it. */
const fieldWords: Readonly<Record<string, { readonly words: string; readonly help: string }>> = {
  given: {
    words: "what its run was given",
    help: "`--resume --forget` does without it: give anew what still holds",
  },
};

function metadataField<T>(
  path: string,
  metadata: ReadonlyMap<string, string>,
  key: string,
  is: (value: unknown) => value is T,
  complete: (value: unknown) => unknown = (value) => value,
): T {
  const text = metadata.get(key);
  let value: unknown;
  try {
    value = text === undefined ? undefined : complete(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (is(value)) return value;
  throw new CheckpointError(
    `${path} is damaged: ${fieldWords[key]?.words ?? `its ${key}`} is ${text === undefined ? "missing" : "not readable"}`,
    fieldWords[key]?.help ?? "use another checkpoint of the run",
  );
}
