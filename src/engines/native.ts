/**
 * The engines on TensorFlow's own library: `@tensorflow/tfjs-node` and `@tensorflow/tfjs-node-gpu`, from a build
 * of our own (tensorflow-build.ts) or as installed. Both are the same code but for the package.
 */
import { EngineUnavailableError, type Engine } from "./engine.js";
import { probeNative, type NativePackage } from "./native-package.js";

/** An engine on one of the native packages. */
export function nativeEngine(
  name: "node" | "node-gpu",
  description: string,
  native: NativePackage,
): Engine {
  let isRunning = false;

  async function start(): Promise<void> {
    const { available, detail, remedy } = await probeNative(native);
    if (!available)
      throw new EngineUnavailableError(`the engine ${name} cannot run: ${detail}`, remedy);
    const { startNative } = await import("./tfjs/native-backend.js");
    await startNative(native);
    isRunning = true;
  }

  return {
    name,
    description,

    probe: () => probeNative(native),

    async open(graph, options) {
      if (!isRunning) await start();
      const { openSession } = await import("./tfjs/session.js");
      return openSession("tensorflow", graph, options);
    },

    async profile(graph, options) {
      const { profileStep } = await import("./tfjs/step-profile.js");
      const computing = native.gpu ? "untold" : "at once";
      return profileStep("tensorflow", computing, graph, options, (given) =>
        this.open(graph, given),
      );
    },
  };
}
