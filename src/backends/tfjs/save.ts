/**
 * A LayersModel as files that `tf.loadLayersModel` opens over HTTP or from a disk: `model.json` in
 * Keras's format and the weights in shards beside it.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { io } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { writeAtomically } from "../../storage/atomic-write.js";
import { removeOldShards, shardName } from "./shards.js";

export interface SavedModel {
  /** What `model.json` holds; its weights manifest names the shards. */
  readonly modelJson: object;
  readonly shards: readonly { readonly name: string; readonly data: Uint8Array }[];
}

/** As large as the shards of the models that TensorFlow publishes, so that browsers can cache them. */
const shardBytes = 4 * 1024 * 1024;

/** The model's topology and weights. @param metadata what it says of itself, where that is something. */
export async function saveModel(
  model: LayersModel,
  metadata: ReadonlyMap<string, string> = new Map(),
): Promise<SavedModel> {
  let saved: SavedModel | undefined;
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      saved = toFiles(artifacts, metadata);
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
  if (saved === undefined) throw new Error("TensorFlow.js did not call the save handler");
  return saved;
}

function toFiles(artifacts: io.ModelArtifacts, metadata: ReadonlyMap<string, string>): SavedModel {
  const bytes = new Uint8Array(io.CompositeArrayBuffer.join(artifacts.weightData));
  const count = Math.max(Math.ceil(bytes.length / shardBytes), 1);
  const shards = Array.from({ length: count }, (_, index) => ({
    name: shardName(index, count),
    data: bytes.subarray(index * shardBytes, (index + 1) * shardBytes),
  }));
  const { modelTopology, format, generatedBy, convertedBy, weightSpecs } = artifacts;
  const weightsManifest = [{ paths: shards.map(({ name }) => name), weights: weightSpecs ?? [] }];
  const said = metadata.size > 0 && { userDefinedMetadata: Object.fromEntries(metadata) };
  return {
    modelJson: { format, generatedBy, convertedBy, modelTopology, weightsManifest, ...said },
    shards,
  };
}

/**
 * Writes the files into `folder`, which is made where it does not exist. `model.json` comes last, so
 * that it never names weights that are not there; shards of an earlier model are removed.
 * @returns the names of what was written.
 */
export async function writeModel(
  folder: string,
  { modelJson, shards }: SavedModel,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  for (const { name, data } of shards) await writeAtomically(join(folder, name), [data]);
  const json = new TextEncoder().encode(`${JSON.stringify(modelJson)}\n`);
  await writeAtomically(join(folder, "model.json"), [json]);
  const current = shards.map(({ name }) => name);
  await removeOldShards(folder, current);
  return ["model.json", ...current];
}
