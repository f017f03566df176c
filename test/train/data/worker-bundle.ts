/** The thread that makes batches, bundled from its sources for one test file. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll } from "vitest";
import { sourceBundle } from "../../../scripts/source-bundle.mjs";

const repository = join(import.meta.dirname, "..", "..", "..");

/**
 * @param entry another file to start a thread from.
 * @returns the bundle, within the repository, so that it finds the packages; it is removed after the tests.
 */
export async function workerBundle(
  entry = join(repository, "src", "train", "data", "worker.ts"),
): Promise<URL> {
  const folder = join(repository, "dist", "tests", `worker-${process.pid}-${made++}`);
  const outfile = join(folder, "data-worker.js");
  await build({
    entryPoints: [entry],
    outfile,
    ...sourceBundle,
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return pathToFileURL(outfile);
}

let made = 0;
