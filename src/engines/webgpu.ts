/** TensorFlow.js on any GPU with Vulkan, Metal or Direct3D 12, by WebGPU: Dawn, from the package `webgpu`. */
import { EngineError, EngineUnavailableError, type Availability, type Engine } from "./engine.js";
import { describeAdapter, driverRemedy, pickAdapter } from "./webgpu/adapters.js";
import { findLibrary, type Library } from "./webgpu/library.js";

/** Starting drivers takes a second or more, so a process does it once. */
let found: Promise<Library> | undefined;

function library(): Promise<Library> {
  return (found ??= findLibrary());
}

/** What is known of a library without starting it. */
export function availabilityOf(found: Library, device?: string): Availability {
  if ("problem" in found) {
    return { available: false, detail: found.problem, remedy: found.remedy };
  }
  const { adapters, version, passedOver } = found;
  if (adapters.length === 0) {
    const [why] = passedOver;
    if (why === undefined) {
      return { available: false, detail: "no GPU adapter", remedy: driverRemedy };
    }
    return {
      available: false,
      detail: `no GPU adapter can be used: its driver does not have what WebGPU needs (${why})`,
      remedy: "install a newer driver of the GPU, for Vulkan, Metal or Direct3D 12",
    };
  }
  try {
    const chosen = pickAdapter(adapters, device);
    const others = adapters.filter((adapter) => adapter !== chosen).map(describeAdapter);
    const rest = others.length === 0 ? "" : `; \`--device\` also takes ${others.join(", ")}`;
    const detail = `on ${describeAdapter(chosen)}, by Dawn ${version}${device ? "" : rest}`;
    if (chosen.kind === "discrete") return { available: true, detail };
    const passedBy = `${describeAdapter(chosen)} shares the processor's memory`;
    return { available: true, detail, passedBy };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { available: false, detail: error.message, remedy: error.help ?? driverRemedy };
  }
}

export const webgpu: Engine = {
  name: "webgpu",
  description: "TensorFlow.js on any GPU with Vulkan, Metal or Direct3D 12, without CUDA",
  hasDevices: true,

  async probe(device) {
    return availabilityOf(await library(), device);
  },

  async open(graph, options) {
    const dawn = await library();
    if ("problem" in dawn) {
      throw new EngineUnavailableError(
        `the engine webgpu cannot run: ${dawn.problem}`,
        dawn.remedy,
      );
    }
    const adapter = pickAdapter(dawn.adapters, options?.device);
    const [{ recordWork, startWebgpu }, { openSession }, { watchDevice }] = await Promise.all([
      import("./tfjs/webgpu-backend.js"),
      import("./tfjs/session.js"),
      import("./tfjs/device-failure.js"),
    ]);
    const device = await startWebgpu(dawn.entry, adapter);
    try {
      return watchDevice(
        await openSession("webgpu", graph, { runner: recordWork, ...options }),
        device,
      );
    } catch (error) {
      device.release();
      throw error;
    }
  },

  async profile(graph, options) {
    const { profileStep } = await import("./tfjs/step-profile.js");
    return profileStep("webgpu", "on a device", graph, options, (given) =>
      webgpu.open(graph, given),
    );
  },
};
