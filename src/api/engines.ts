/** The engines of this machine, as `resnetc engines` lists them. */
import type { Availability, EngineName } from "../engines/engine.js";
import { engines, selectEngine } from "../engines/registry.js";

export interface EngineState extends Availability {
  readonly name: EngineName;
  readonly description: string;
}

export interface EngineReport {
  /** In order of preference. */
  readonly engines: readonly EngineState[];
  /** The one that `auto` takes, and why. */
  readonly auto: { readonly name: EngineName; readonly why: string };
}

/** Asks every engine whether it can run here; nothing of any runtime stays loaded. */
export async function engineReport(): Promise<EngineReport> {
  const states = await Promise.all(
    engines.map(async (engine) => {
      const { name, description } = engine;
      return { name, description, ...(await engine.probe()) };
    }),
  );
  // What was found a moment ago is not probed again.
  const probed = engines.map((engine, index) => ({
    ...engine,
    probe: () => Promise.resolve(states[index] ?? { available: false, detail: "not probed" }),
  }));
  const { engine, why } = await selectEngine("auto", probed);
  return { engines: states, auto: { name: engine.name, why } };
}
