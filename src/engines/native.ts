/**
 * The engines on TensorFlow's own library: `@tensorflow/tfjs-node` and `@tensorflow/tfjs-node-gpu`,
 * optional packages whose install fetches it. Both are the same code but for the package.
 */
import { EngineError, type Engine } from "./engine.js";
import { probeNative, type NativePackage } from "./native-package.js";

/** An engine on one of the native packages. */
export function nativeEngine(
  name: "node" | "node-gpu",
  description: string,
  native: NativePackage,
): Engine {
  return {
    name,
    description,

    probe: () => probeNative(native),

    async open(graph, options) {
      const { available, detail, remedy } = await probeNative(native);
      if (!available) throw new EngineError(`the engine ${name} cannot run: ${detail}`, remedy);
      const [{ startNative }, { openSession }] = await Promise.all([
        import("./tfjs/native-backend.js"),
        import("./tfjs/session.js"),
      ]);
      await startNative(native);
      return openSession("tensorflow", graph, options);
    },
  };
}
