/** TensorFlow.js in plain JavaScript: right, and slow; a second opinion for tests of tiny tensors. */
import { createRequire } from "node:module";
import type { Engine } from "./engine.js";

export const cpu: Engine = {
  name: "cpu",
  description:
    "TensorFlow.js in plain JavaScript: for tests of tiny tensors, 80 times slower than wasm",

  async probe() {
    const require = createRequire(import.meta.url);
    const manifest = require("@tensorflow/tfjs-backend-cpu/package.json") as { version: string };
    return { available: true, detail: `TensorFlow.js ${manifest.version}` };
  },

  async open(graph, options) {
    const [{ startCpu }, { openSession }] = await Promise.all([
      import("./tfjs/cpu-backend.js"),
      import("./tfjs/session.js"),
    ]);
    await startCpu();
    return openSession("cpu", graph, options);
  },

  async profile(graph, options) {
    const { profileStep } = await import("./tfjs/step-profile.js");
    return profileStep("cpu", "at once", graph, options, (given) => cpu.open(graph, given));
  },
};
