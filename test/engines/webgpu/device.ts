/**
 * The GPU that tests run on: the one that RESNETC_TEST_GPU names, or SwiftShader, a GPU in software, which
 * Debian's package chromium carries (RESNETC_SWIFTSHADER says where it lies elsewhere). Must be imported
 * before anything starts Vulkan.
 */
import { existsSync } from "node:fs";
import type { Engine } from "../../../src/engines/engine.js";
import { webgpu } from "../../../src/engines/webgpu.js";
import type { WatchedDevice } from "../../../src/engines/tfjs/device-failure.js";
import { startWebgpu } from "../../../src/engines/tfjs/webgpu-backend.js";
import { pickAdapter } from "../../../src/engines/webgpu/adapters.js";
import { findLibrary, resolveWebgpu } from "../../../src/engines/webgpu/library.js";

/** The file that leads Vulkan to SwiftShader. */
export const swiftShader =
  process.env["RESNETC_SWIFTSHADER"] ?? "/usr/lib/chromium/vk_swiftshader_icd.json";

const named = process.env["RESNETC_TEST_GPU"];
const usable = named !== undefined || existsSync(swiftShader);
if (named === undefined && usable) {
  process.env["VK_ICD_FILENAMES"] = swiftShader;
  // The name of newer loaders, which comes before the other.
  process.env["VK_DRIVER_FILES"] = swiftShader;
}

/** A part of the name of the GPU for tests; undefined where there is none. */
export const testDevice: string | undefined =
  usable && resolveWebgpu() !== undefined ? (named ?? "swiftshader") : undefined;

/** For the names of tests, which say loudly that they were skipped. */
export const withoutDevice =
  testDevice === undefined
    ? " (SKIPPED: no SwiftShader; install Debian's chromium, or name a GPU in RESNETC_TEST_GPU)"
    : "";

/** The engine webgpu on the GPU for tests. */
export const testWebgpu: Engine = {
  ...webgpu,
  open: (graph, options) =>
    webgpu.open(graph, { ...options, ...(testDevice !== undefined && { device: testDevice }) }),
};

/** Starts the backend webgpu on the GPU for tests, without a session. */
export async function startTestDevice(): Promise<WatchedDevice> {
  const library = await findLibrary();
  if ("problem" in library) throw new Error(library.problem);
  return startWebgpu(library.entry, pickAdapter(library.adapters, testDevice));
}
