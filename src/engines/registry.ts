/**
 * All engines, the fastest first, and the choice among them. Nothing of any runtime is loaded here;
 * an engine loads its own when it is opened.
 */
import { cpu } from "./cpu.js";
import { EngineError, type Engine, type EngineName } from "./engine.js";
import { nodeGpu } from "./node-gpu.js";
import { node } from "./node.js";
import { onnx } from "./onnx.js";
import { wasm } from "./wasm.js";

/** In order of preference. */
export const engines: readonly Engine[] = [nodeGpu, onnx, node, wasm, cpu];

export interface Selection {
  readonly engine: Engine;
  /** One sentence: why this one. */
  readonly why: string;
}

/**
 * The engine of that name, or with "auto" the first that is available.
 * @throws EngineError where the name is unknown or the engine is not available.
 */
export async function selectEngine(
  wanted: EngineName | "auto",
  among: readonly Engine[] = engines,
): Promise<Selection> {
  return wanted === "auto" ? selectBest(among) : selectNamed(wanted, among);
}

async function selectNamed(wanted: string, among: readonly Engine[]): Promise<Selection> {
  const engine = among.find(({ name }) => name === wanted);
  if (engine === undefined) {
    const names = among.map(({ name }) => name).join(", ");
    throw new EngineError(`there is no engine ${wanted}`, `choose auto or one of: ${names}`);
  }
  const { available, detail, remedy } = await engine.probe();
  if (!available) {
    throw new EngineError(`the engine ${wanted} cannot run: ${detail}`, remedy);
  }
  return { engine, why: `${engine.name} was asked for (${detail}).` };
}

async function selectBest(among: readonly Engine[]): Promise<Selection> {
  const passed: string[] = [];
  for (const engine of among) {
    const { available, detail } = await engine.probe();
    if (available) {
      const because = passed.length === 0 ? "" : `; ${passed.join("; ")}`;
      return { engine, why: `${engine.name} is the best engine here (${detail})${because}.` };
    }
    passed.push(`${engine.name} is not available: ${detail}`);
  }
  throw new EngineError("no engine can run here", "see `resnetc engines` for what each one needs");
}
