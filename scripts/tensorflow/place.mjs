// @ts-check
/**
 * Where a TensorFlow that was put under TensorFlow.js lies, and what it is made of. The engines look in the
 * same place (src/engines/tensorflow-build.ts; a test holds the two together).
 */
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";

export const versions = { tensorflow: "2.21.0", tfjs: "4.22.0", headers: "1.9.0", napi: 8 };

/**
 * The folder of the build: under RESNETC_TENSORFLOW, or in the user's cache.
 * @param {boolean} gpu
 */
export function buildFolder(gpu) {
  const { RESNETC_TENSORFLOW: given, XDG_CACHE_HOME: cache } = process.env;
  const caches = cache !== undefined && isAbsolute(cache) ? cache : join(home(), ".cache");
  return join(given || join(caches, "resnetc", "tensorflow"), gpu ? "gpu" : "cpu");
}

/** The user's folder; that for temporary files where there is none, as in containers whose user has no entry. */
export function home() {
  try {
    return homedir();
  } catch {
    return tmpdir();
  }
}

/**
 * TensorFlow.js's package.
 * @param {boolean} gpu
 */
export function packageName(gpu) {
  return gpu ? "@tensorflow/tfjs-node-gpu" : "@tensorflow/tfjs-node";
}

/** What identifies a build: one that was made of something else is made anew. */
export function buildDescription() {
  return JSON.stringify({ format: 1, ...versions, arch: process.arch });
}
