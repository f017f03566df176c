/** ONNX Runtime on all cores of the processor, running training steps that the compiler itself differentiated. */
import { EngineUnavailableError, type Engine } from "./engine.js";
import { probeRuntime, resolveRuntime } from "./onnx/library.js";

export const onnx: Engine = {
  name: "onnx",
  description:
    "ONNX Runtime on the processor, all cores, whole steps as one graph: the fastest on a processor",

  probe: () => probeRuntime(),

  async open(graph, options) {
    const library = resolveRuntime();
    const { available, detail, remedy } = await probeRuntime(library);
    if (!available || library === undefined) {
      throw new EngineUnavailableError(`the engine onnx cannot run: ${detail}`, remedy);
    }
    const { openOnnxSession } = await import("./onnx/session.js");
    return openOnnxSession(library, graph, options);
  },

  async profile(graph, options) {
    const library = resolveRuntime();
    if (library === undefined) throw new EngineUnavailableError("the engine onnx is not installed");
    const { profileStep } = await import("./onnx/step-profile.js");
    return profileStep(library, graph, options);
  },
};
