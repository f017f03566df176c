/**
 * The weights of a tf.LayersModel on a disk, `model.json` with its shards, as `resnetc compile` writes it
 * and TensorFlow.js saves it, by the names of the graph's nodes.
 */
import { dirname, join } from "node:path";
import type { NamedTensor } from "../../engines/engine.js";
import { elementCount } from "../../shapes/index.js";
import { errorCode } from "../../storage/error-code.js";
import { readRegularFile } from "../../storage/regular-file.js";
import { CheckpointError } from "../errors.js";
import { readFailure, refuseUncomputable, type FileKind } from "../tensor-file.js";
import { isRecord, isStrings } from "../json-values.js";
import { toFloat32 } from "../dtypes.js";

const file: FileKind = {
  noun: "model file",
  where: "a `model.json` as `resnetc compile` writes it, with its shards beside it",
};

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface ReadModel {
  /** By `NODE.PARAMETER`. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  /** The texts of its `userDefinedMetadata`. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads `path`, a `model.json`, and the shards beside it.
 *
 * @throws CheckpointError if a file is missing or damaged, or a weight is not float32 or cannot be computed with.
 */
export async function readLayersModel(path: string): Promise<ReadModel> {
  const tensors = new Map<string, NamedTensor>();
  const json = await readJson(path);
  for (const group of groupsOf(path, json)) {
    if (!isRecord(group) || !isStrings(group["paths"]) || !Array.isArray(group["weights"])) {
      throw damaged(path, "its weights manifest is not readable");
    }
    const shards: Uint8Array[] = [];
    for (const name of group["paths"]) shards.push(await readShard(join(dirname(path), name)));
    const bytes = Buffer.concat(shards);
    let at = 0;
    for (const each of group["weights"] as readonly unknown[]) {
      const entry = entryOf(path, each);
      const end = at + 4 * elementCount(entry.shape);
      if (end > bytes.length) {
        throw damaged(path, `its shards are cut short: they end within ${entry.name}`);
      }
      const [key, tensor] = named(entry, toFloat32("F32", bytes.subarray(at, end)));
      tensors.set(key, tensor);
      at = end;
    }
    if (at < bytes.length)
      throw damaged(path, `its shards hold ${bytes.length - at} bytes too many`);
  }
  refuseUncomputable(path, file, tensors);
  return { tensors, metadata: metadataOf(json) };
}

function metadataOf(json: unknown): ReadonlyMap<string, string> {
  const said =
    isRecord(json) && isRecord(json["userDefinedMetadata"]) ? json["userDefinedMetadata"] : {};
  const texts = Object.entries(said).filter(
    (each): each is [string, string] => typeof each[1] === "string",
  );
  return new Map(texts);
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = (await readRegularFile(path)).toString();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw readFailure(path, file, error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw damaged(path, "it is not JSON");
  }
}

async function readShard(path: string): Promise<Uint8Array> {
  try {
    return await readRegularFile(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw readFailure(path, { ...file, noun: "shard of the model" }, error);
  }
}

function groupsOf(path: string, json: unknown): readonly unknown[] {
  const groups = isRecord(json) ? json["weightsManifest"] : undefined;
  if (Array.isArray(groups)) return groups;
  throw damaged(path, "it has no weights manifest");
}

function entryOf(path: string, value: unknown): Entry {
  if (!isRecord(value) || typeof value["name"] !== "string" || !isExtents(value["shape"])) {
    throw damaged(path, "its weights manifest is not readable");
  }
  const { name, shape, dtype, quantization } = value;
  if (dtype !== "float32" || quantization !== undefined) {
    const found = quantization === undefined ? dtypeWords(dtype) : "quantized";
    throw new CheckpointError(
      `${path} has weights that are not float32: ${name} is ${found}`,
      "save the model with float32 weights",
    );
  }
  return { name, shape };
}

function dtypeWords(dtype: unknown): string {
  if (dtype === undefined) return "of no dtype";
  return typeof dtype === "string" ? dtype : JSON.stringify(dtype);
}

/** `LAYER/kernel` as `NODE.kernel`; a depthwise kernel is (KH, KW, C, M) there and (KH, KW, 1, C M) here. */
function named({ name, shape }: Entry, data: Float32Array): [key: string, tensor: NamedTensor] {
  const slash = name.lastIndexOf("/");
  const layer = name.slice(0, slash).replace(/^n-/, "");
  const parameter = name.slice(slash + 1);
  if (parameter !== "depthwise_kernel") return [`${layer}.${parameter}`, { shape, data }];
  const [height = 0, width = 0, channels = 0, multiplier = 0] = shape;
  return [`${layer}.kernel`, { shape: [height, width, 1, channels * multiplier], data }];
}

function damaged(path: string, what: string): CheckpointError {
  return new CheckpointError(`${path} is not a whole model: ${what}`, `name one: ${file.where}`);
}

function isExtents(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
