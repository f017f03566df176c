/** Runs one job in a process of its own, so that its peak memory is its own, and reads its answer. */
import { spawnSync } from "node:child_process";
import type { EngineJob, PythonJob, Timing } from "./job.js";

/** This script's argument before a job for an engine. */
export const jobArgument = "measure";

/** A process that did not answer, said in one line. */
export class JobError extends Error {
  override readonly name = "JobError";
}

/** @param script the path of this program. @throws JobError where the process fails. */
export function engineTiming(script: string, job: EngineJob): Timing {
  return run(process.execPath, [script, jobArgument, JSON.stringify(job)]) as Timing;
}

/** @throws JobError where the process fails. */
export function pythonAnswer(python: string, job: PythonJob): unknown {
  return run(python, ["scripts/bench/train/pytorch.py", JSON.stringify(job)]);
}

function run(command: string, given: readonly string[]): unknown {
  const { status, signal, stdout, stderr, error } = spawnSync(command, given, {
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
  });
  if (error !== undefined) throw new JobError(`does not start: ${error.message}`);
  const last = stdout.trim().split("\n").at(-1) ?? "";
  if (status === 0) return JSON.parse(last);
  // Python and Node alike say what went wrong at the end.
  const said = stderr.trim().split("\n").at(-1) ?? "";
  throw new JobError(`ended with ${signal ?? `status ${status}`}${said === "" ? "" : `: ${said}`}`);
}
