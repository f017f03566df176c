/** Ctrl-C: the first asks the work to stop where it can be gone on from, the second ends at once. */
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C back to the system. */
  release(): void;
}

/** SIGTERM counts as Ctrl-C: schedulers send it before they kill. */
export function stopOnInterrupt(terminal: Terminal): Interrupt {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(status.interrupted);
    terminal.err("\nstopping after this step; once more to stop at once\n");
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return {
    signal: controller.signal,
    release: () => void process.off("SIGINT", stop).off("SIGTERM", stop),
  };
}
