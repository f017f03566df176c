/**
 * Where `resnetc-tensorflow` (scripts/tensorflow) puts a modern TensorFlow under TensorFlow.js, and the command that does it.
 * (scripts/tensorflow/place.mjs says the same; a test holds the two together.)
 */
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";

/** The folder of the build: under RESNETC_TENSORFLOW, or in the user's cache. */
export function buildFolder(gpu: boolean, env: NodeJS.ProcessEnv = process.env): string {
  const { RESNETC_TENSORFLOW: given, XDG_CACHE_HOME: cache } = env;
  const caches = cache !== undefined && isAbsolute(cache) ? cache : join(home(), ".cache");
  return join(given || join(caches, "resnetc", "tensorflow"), gpu ? "gpu" : "cpu");
}

/** The user's folder; that for temporary files where there is none, as in containers whose user has no entry. */
function home(): string {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}

/** What makes the build, as a person types it. Undefined where there is no TensorFlow for it to fetch. */
export function buildCommand(
  gpu: boolean,
  { platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process,
): string | undefined {
  const has = platform === "linux" && (arch === "x64" || (arch === "arm64" && !gpu));
  return has ? `npx resnetc-tensorflow${gpu ? " --gpu" : ""}` : undefined;
}
