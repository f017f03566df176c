/**
 * A file of weights, whatever wrote it: a checkpoint of resnetc, a safetensors file or one of PyTorch with any names,
 * or a tf.LayersModel. Which it is, is told from the file itself.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { counted } from "../../diagnostics/numbers.js";
import type { NamedTensor } from "../../engines/engine.js";
import { enumerated } from "../../diagnostics/lists.js";
import type { Preprocessing } from "../../recipe/recipe.js";
import { errorCode } from "../../storage/error-code.js";
import { checkpointOf, isCheckpoint, type Checkpoint } from "../checkpoint.js";
import { readableDtypes } from "../dtypes.js";
import { CheckpointError } from "../errors.js";
import { readTensorFile, type FileKind } from "../tensor-file.js";
import { configBeside, configName, hubWeights } from "./hub-folder.js";
import { stepsInMetadata } from "./image-steps.js";
import { readLayersModel } from "./layers-model.js";
import { readTorchFile } from "./torch/torch-file.js";
import { trainedWeights } from "./trained-weights.js";

/** What wrote a file: `torch` is PyTorch's `torch.save`. */
export type WeightForm = "checkpoint" | "safetensors" | "torch" | "LayersModel";

export interface WeightFile {
  readonly path: string;
  readonly form: WeightForm;
  /** By the names that the file has; of a checkpoint and of a LayersModel `NODE.PARAMETER`. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** A name for each class, where the file says them. */
  readonly classes?: readonly string[];
  /** How images become what the weights were trained on, where the file says it. */
  readonly preprocess?: readonly Preprocessing[];
  /** Where that is said, if not in the file itself. */
  readonly preprocessFrom?: string;
  readonly checkpoint?: Checkpoint;
  /** What a person should hear of how its tensors were found. */
  readonly notes?: readonly string[];
}

const kind: FileKind = {
  noun: "weights file",
  where: "a safetensors file, one of PyTorch, a checkpoint, or a `model.json`",
};

/**
 * Reads a safetensors file, one of PyTorch (`.pth`, `.pt`, `.bin`), or a `model.json`, or the one of these that a folder
 * holds.
 *
 * @throws CheckpointError if there is none, it is damaged, or holds no weights that are read.
 */
export async function readWeightFile(given: string): Promise<WeightFile> {
  const path = await fileMeant(given);
  if (/\.json$/i.test(path)) {
    const { tensors, metadata } = await readLayersModel(path);
    return { path, form: "LayersModel", tensors, ...saidIn(metadata) };
  }
  const torch = await readTorchFile(path, kind);
  if (torch !== undefined) return { path, form: "torch", ...torch, ...(await saidBeside(path)) };
  const file = await readTensorFile(path, kind);
  if (isCheckpoint(file)) {
    const checkpoint = checkpointOf(path, file);
    const { classes, state, recipe } = checkpoint;
    const { preprocess } = recipe;
    const tensors = trainedWeights(state);
    return { path, form: "checkpoint", tensors, classes, preprocess, checkpoint };
  }
  const { tensors, metadata, integers } = file;
  if (tensors.size === 0 && integers !== undefined) {
    const count = counted(integers.size, "tensor");
    throw new CheckpointError(
      `${path} has ${count} of dtype I64, which only count, and none of ${readableDtypes.join(", ")}`,
      `name another ${kind.noun}`,
    );
  }
  const said = saidIn(metadata);
  const beside = said.preprocess ? {} : await saidBeside(path);
  return { path, form: "safetensors", tensors, ...beside, ...said };
}

/** What is said of published weights in the file beside them. */
async function saidBeside(
  path: string,
): Promise<Pick<WeightFile, "classes" | "preprocess" | "preprocessFrom">> {
  const said = await configBeside(path);
  return said.preprocess ? { ...said, preprocessFrom: `${configName} beside it` } : said;
}

/** What the metadata of an export say of what was trained; those of another program may mean anything. */
function saidIn(
  metadata: ReadonlyMap<string, string>,
): Pick<WeightFile, "classes" | "preprocess" | "notes"> {
  const classes = classesOf(metadata.get("classes"));
  const preprocess = stepsInMetadata(metadata);
  const words = ["preprocess", "mean", "std"].filter((key) => metadata.has(key));
  const isLost = preprocess === undefined && words.length > 0;
  const lost = `the file says of images what cannot be done, and is passed over there: its ${enumerated(words, "and")}`;
  return {
    ...(classes && { classes }),
    ...(preprocess && { preprocess }),
    ...(isLost && { notes: [lost] }),
  };
}

/** The file that a path means: of a folder the first of those that hold weights. */
async function fileMeant(path: string): Promise<string> {
  for (const name of ["model.json", ...hubWeights]) {
    const inside = join(path, name);
    try {
      if ((await stat(inside)).isFile()) return inside;
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
  }
  return path;
}

function classesOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  try {
    const names: unknown = JSON.parse(text);
    const areNames = Array.isArray(names) && names.every((name) => typeof name === "string");
    return areNames ? (names as readonly string[]) : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
