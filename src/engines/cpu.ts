/** TensorFlow.js in plain JavaScript: correct but slow; a second opinion for tests on tiny tensors. */
import type { Engine } from "./engine.js";
import { packageVersion } from "./installed-package.js";

export const cpu: Engine = {
  name: "cpu",
  description:
    "TensorFlow.js in plain JavaScript: for tests of tiny tensors, 80 times slower than wasm",

  async probe() {
    const version = packageVersion("@tensorflow/tfjs-backend-cpu", import.meta.url);
    return { available: true, detail: `TensorFlow.js ${version}` };
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
