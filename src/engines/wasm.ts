/** TensorFlow.js on WebAssembly with SIMD: trains on any machine, on one core, with nothing to install. */
import type { Engine } from "./engine.js";
import { packageVersion } from "./installed-package.js";

export const wasm: Engine = {
  name: "wasm",
  description: "TensorFlow.js on WebAssembly (SIMD, 1 thread): trains on any machine, no set-up",

  async probe() {
    const version = packageVersion("@tensorflow/tfjs-backend-wasm", import.meta.url);
    return { available: true, detail: `TensorFlow.js ${version}` };
  },

  async open(graph, options) {
    const [{ startWasm }, { openSession }, { explainTraps }] = await Promise.all([
      import("./tfjs/wasm-backend.js"),
      import("./tfjs/session.js"),
      import("./tfjs/out-of-memory.js"),
    ]);
    await startWasm();
    return explainTraps(await openSession("wasm", graph, options));
  },

  async profile(graph, options) {
    const { profileStep } = await import("./tfjs/step-profile.js");
    return profileStep("wasm", "at once", graph, options, (given) => wasm.open(graph, given));
  },
};
