/** Who is measured: resnetc's engines and PyTorch, each where this machine has it, and loudly where not. */
import { availableParallelism } from "node:os";
import type { EngineName } from "../../../src/engines/engine.js";
import { engines } from "../../../src/engines/registry.js";
import type { Case } from "./cases.js";
import { engineTiming, JobError, pythonAnswer } from "./child.js";
import type { Repeats, Timing, Work } from "./job.js";
import type { Contender } from "./rounds.js";

/** Versions by package, as `pytorch.py` tells them. */
export type PythonVersions = Readonly<Record<string, string>>;

/** What this machine has. */
export interface Machine {
  /** The path of this program. */
  readonly script: string;
  readonly threads: number;
  /** Undefined where no Python has PyTorch. */
  readonly python: { readonly command: string; readonly versions: PythonVersions } | undefined;
  /** What each engine that runs here says of itself. */
  readonly engines: ReadonlyMap<EngineName, string>;
  /** One line for everything that is missing. */
  readonly missing: readonly string[];
}

/** Looks for Python (RESNETC_PYTHON, or python3) and for the engines onnx, node and wasm. */
export async function lookAround(script: string): Promise<Machine> {
  const missing: string[] = [];
  const found = new Map<EngineName, string>();
  for (const name of ["onnx", "node", "wasm"] as const) {
    const availability = await engines.find((engine) => engine.name === name)?.probe();
    if (availability?.available === true) found.set(name, availability.detail);
    else missing.push(`the engine ${name}: ${availability?.detail ?? "resnetc does not have it"}`);
  }
  const command = process.env["RESNETC_PYTHON"] ?? "python3";
  let python: Machine["python"];
  try {
    python = { command, versions: pythonAnswer(command, { work: "versions" }) as PythonVersions };
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    const advice = "set RESNETC_PYTHON to a Python with torch and torchvision";
    missing.push(`PyTorch: ${command} ${error.message} (${advice})`);
  }
  return { script, threads: availableParallelism(), python, engines: found, missing };
}

/** Undefined where the engine does not run here. */
export function engineContender(
  { script, engines: available }: Machine,
  engine: EngineName,
  work: Work,
  of: Case,
  repeats: Repeats & { readonly rounds?: number },
): Contender | undefined {
  if (!available.has(engine)) return undefined;
  const { rounds, warmup, steps } = repeats;
  return {
    name: `resnetc, ${engine}`,
    batch: of.batch,
    ...(rounds !== undefined && { rounds }),
    measure: () => engineTiming(script, { work, engine, of, warmup, steps }),
  };
}

/** Undefined where there is no PyTorch; `of.name` is the model's name there. */
export function pytorchContender(
  { python, threads }: Machine,
  work: Work,
  { name: model, batch, extent }: Case,
  { warmup, steps }: Repeats,
): Contender | undefined {
  if (python === undefined) return undefined;
  const job = { work, model, batch, extent, threads, warmup, steps };
  return {
    name: "PyTorch",
    batch,
    measure: () => pythonAnswer(python.command, job) as Timing,
  };
}

export function present<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.filter((value): value is T => value !== undefined);
}
