/** The files beside a `model.json` that hold its weights. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** The name of a shard as TensorFlow.js writes it. @param index from 0. */
export function shardName(index: number, count: number): string {
  return `group1-shard${index + 1}of${count}.bin`;
}

/** Shards of an earlier, larger model would otherwise lie about for good. @param current the files of this one. */
export async function removeOldShards(folder: string, current: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^group1-shard\d+of\d+\.bin$/.test(name) && !current.includes(name)) {
      await rm(join(folder, name));
    }
  }
}
