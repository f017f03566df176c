/**
 * Turns a GPU that is lost, or whose memory is used up, into an error that a user can act on. Nothing that is read
 * after that passes for a result: a buffer that could not be allocated reads as zeros.
 */
import { setImmediate, setTimeout } from "node:timers/promises";
import { EngineError, type Session } from "../engine.js";

/** A device that runs, shared by the sessions of a process. */
export interface WatchedDevice {
  /** What went wrong with it; then it is of no more use. */
  readonly failure: EngineError | undefined;
  /** One session less uses it; the last one ends it. */
  release(): void;
}

const lessWork =
  "use a smaller batch (`--batch`), pass it in parts (`--with accumulate=4`), or use another engine " +
  "(`resnetc engines`)";
const goOn = "the last checkpoint is whole, and the same command with `--resume` goes on from it";

/** The error for a batch that does not fit. */
export function gpuMemorySpent(name: string): EngineError {
  return new EngineError(`the memory of the GPU is spent (${name})`, `${lessWork}; ${goOn}`);
}

/** Where a driver has no memory while it computes, it gives up the device. */
const memoryIsSpent = /out.?of.?(device.?|host.?)?memory/i;

/** The error for a device that is gone. @param reason in the driver's words. */
export function gpuLost(name: string, reason: string): EngineError {
  if (memoryIsSpent.test(reason)) return gpuMemorySpent(name);
  return new EngineError(
    `the GPU was lost: ${reason.trim() || "its driver gives no reason"} (${name})`,
    `its driver was reset, or it was taken away; ${goOn}; if it is lost again, its driver may take it for hung: ${lessWork}`,
  );
}

/** The error for a command beyond what the device can do. @param message in Dawn's words. */
export function gpuRefused(name: string, message: string): EngineError {
  const [line = ""] = message.split("\n");
  return new EngineError(`the GPU refused a command: ${line} (${name})`, `${lessWork}; ${goOn}`);
}

/** The error for what a session had not given back when it was disposed of. */
function sessionEnded(): EngineError {
  return new EngineError(
    "the session was disposed of before the device had given the result back",
    "wait for all that was asked of it before `dispose()`",
  );
}

/** Whether a read was given up, as where its buffer or its device is no more. */
function isAborted(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** Waits for a failure of the device, for a second at most. */
async function failureOf(device: WatchedDevice): Promise<void> {
  for (let i = 0; i < 50 && device.failure === undefined; i++) await setTimeout(20);
}

/** The same session, in which every call ends with the device's failure once there is one. */
export function watchDevice(session: Session, device: WatchedDevice): Session {
  let disposed = false;
  const check = (): void => {
    if (device.failure !== undefined) throw device.failure;
  };
  const watch = async <T>(call: () => Promise<T>): Promise<T> => {
    check();
    let result: T;
    try {
      result = await call();
    } catch (error) {
      // A read fails a moment before the device says that it is lost; a driver that is reset takes longer.
      await setImmediate();
      if (!disposed && isAborted(error)) await failureOf(device);
      if (device.failure !== undefined) throw device.failure;
      throw disposed ? sessionEnded() : error;
    }
    check();
    return result;
  };
  return {
    initialise: (seed) => watch(() => session.initialise(seed)),
    step: (batch) => watch(() => session.step(batch)),
    evaluate: (batch) => watch(() => session.evaluate(batch)),
    predict: (images, shape) => watch(() => session.predict(images, shape)),
    state: () =>
      watch(async () => {
        const state = await session.state();
        await setImmediate();
        return state;
      }),
    restore: (state) => watch(() => session.restore(state)),
    dispose: () => {
      if (disposed) return;
      disposed = true;
      session.dispose();
      device.release();
    },
  };
}
