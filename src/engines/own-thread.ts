/** Threads that run a file of this package. */
import { Worker } from "node:worker_threads";

/**
 * Starts a thread without the options that the process was started with: those of `node --input-type=module --eval`
 * are for its program, and no file is run with them.
 *
 * @param workerData what the thread is given.
 */
export function startThread(file: URL, workerData?: unknown): Worker {
  return new Worker(file, { workerData, execArgv: [] });
}
