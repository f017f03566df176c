/** Runs one kind of work on the device: the first times by TensorFlow.js, later ones of the same shape from a recording. */
import type { Variable } from "@tensorflow/tfjs-core";
import { plainRunner, type WorkRunner } from "../work-runner.js";
import { DeviceMemory, fewBytes } from "./device-memory.js";
import type { DeviceWork } from "./device-work.js";
import { Recording } from "./recording.js";

/** Batches of one shape in a row before one is recorded: the last of an epoch, which is smaller, never is. */
const before = 2;

/**
 * @param state all variables that the work reads or changes.
 * @param few above how many bytes of buffers work of other kinds and shapes leaves nothing recorded.
 */
export function recordedWork(
  work: DeviceWork,
  state: readonly Variable[],
  few = fewBytes,
): WorkRunner {
  let recorded: { readonly shape: string; readonly recording: Recording } | undefined;
  let last: string | undefined;
  let times = 0;
  const release = (): void => {
    recorded?.recording.release();
    recorded = undefined;
    last = undefined;
  };
  const recorder = {
    get shape() {
      return recorded?.shape;
    },
    release,
  };
  const memory = DeviceMemory.of(work);
  return {
    async run(given, compute) {
      const shape = given.batch.shape.join();
      memory.turnTo(recorder, shape, few);
      times = shape === last ? times + 1 : 0;
      last = shape;
      if (recorded?.shape === shape) {
        recorded.recording.replay(given);
        return recorded.recording.read();
      }
      if (times < before) return plainRunner.run(given, compute);
      recorded?.recording.release();
      recorded = undefined;
      const recording = new Recording(work, state, given, compute);
      recorded = { shape, recording };
      return recording.read();
    },
    dispose() {
      release();
      memory.leave(recorder);
    },
  };
}
