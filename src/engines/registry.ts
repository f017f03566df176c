/**
 * All engines, the fastest first, and the choice among them. Nothing of any runtime is loaded here;
 * an engine loads its own when it is opened.
 */
import { cpu } from "./cpu.js";
import { EngineUnavailableError, type Engine, type EngineName } from "./engine.js";
import { nodeGpu } from "./node-gpu.js";
import { node } from "./node.js";
import { onnx } from "./onnx.js";
import { wasm } from "./wasm.js";
import { webgpu } from "./webgpu.js";

/**
 * In order of preference. A GPU with memory of its own computes many times what a processor does; one that
 * shares the processor's memory has about its bandwidth and, by WebGPU, little more of its speed, so `auto`
 * prefers the engine that uses all cores.
 */
export const engines: readonly Engine[] = [nodeGpu, webgpu, onnx, node, wasm, cpu];

export interface Selection {
  readonly engine: Engine;
  /** One sentence: why this one. */
  readonly why: string;
}

/**
 * The engine of that name, or with "auto" the first that is available and not skipped.
 * @param device a part of a device's name: "auto" is then the first engine that has devices, and the
 * engine's sessions are opened on that device.
 * @throws EngineUnavailableError where the name is unknown, or the engine or the device is not available.
 */
export async function selectEngine(
  wanted: EngineName | "auto",
  among: readonly Engine[] = engines,
  device?: string,
): Promise<Selection> {
  if (device === undefined)
    return wanted === "auto" ? selectBest(among) : selectNamed(wanted, among);
  const name = wanted === "auto" ? among.find(({ hasDevices }) => hasDevices)?.name : wanted;
  const { engine, why } = await selectNamed(name ?? wanted, among, device);
  return {
    engine: { ...engine, open: (graph, options) => engine.open(graph, { ...options, device }) },
    why,
  };
}

async function selectNamed(
  wanted: string,
  among: readonly Engine[],
  device?: string,
): Promise<Selection> {
  const engine = among.find(({ name }) => name === wanted);
  if (engine === undefined) {
    const names = among.map(({ name }) => name).join(", ");
    throw new EngineUnavailableError(
      `there is no engine ${wanted}`,
      `choose auto or one of: ${names}`,
    );
  }
  if (device !== undefined && engine.hasDevices !== true) {
    throw new EngineUnavailableError(
      `the engine ${wanted} has no devices to choose from`,
      "leave out `--device`, or use `--engine webgpu`",
    );
  }
  const { available, detail, remedy } = await engine.probe(device);
  if (!available) {
    throw new EngineUnavailableError(`the engine ${wanted} cannot run: ${detail}`, remedy);
  }
  return { engine, why: `${engine.name} was asked for (${detail}).` };
}

async function selectBest(among: readonly Engine[]): Promise<Selection> {
  const passed: string[] = [];
  for (const engine of among) {
    const { available, detail, passedBy } = await engine.probe();
    if (available && passedBy === undefined) {
      const because = passed.length === 0 ? "" : `; ${passed.join("; ")}`;
      return { engine, why: `${engine.name} is the best engine here (${detail})${because}.` };
    }
    passed.push(
      available
        ? `${engine.name} is passed by: ${passedBy}`
        : `${engine.name} is not available: ${detail}`,
    );
  }
  throw new EngineUnavailableError(
    "no engine can run here",
    "see `resnetc engines` for what each one needs",
  );
}
