/** Ctrl-C: the first asks the work to stop where it can be gone on from, the second ends at once. */
import type { Terminal } from "./terminal.js";

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Asks the work to stop, as Ctrl-C does. */
  stop(): void;
  /** Gives Ctrl-C back to the system. */
  release(): void;
}

/** What a program is told where the work has come to no answer then. */
export const stoppedEarly = "stopped by Ctrl-C, or a signal, before every image was looked at";

/** A progress bar has hidden it. */
const showCursor = "\u001b[?25h";

/**
 * Takes Ctrl-C over. SIGTERM counts as Ctrl-C: schedulers send it before they kill. SIGHUP stops as the first
 * does, without words, and as often as it comes: a terminal that is closed sends it more than once.
 *
 * @param words what is said to the first.
 */
export function stopOnInterrupt(terminal: Terminal, words: string): Interrupt {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  let isHungUp = false;
  const onHangUp = (): void => {
    isHungUp = true;
    stop();
  };
  const release = (): void => {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal).off("SIGHUP", onHangUp);
    // Node aborts where it cannot set a terminal back, as it does in an orderly exit, because that is closed.
    if (isHungUp && terminal.interactive) process.kill(process.pid, "SIGHUP");
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      // What the signal itself does. To exit in order would take a runtime apart that is within a step.
      release();
      if (terminal.interactive) terminal.err(`${showCursor}\n`);
      process.kill(process.pid, signal);
      return;
    }
    terminal.err(`\n${words}; Ctrl-C again stops at once\n`);
    stop();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal).on("SIGHUP", onHangUp);
  return {
    signal: controller.signal,
    stop,
    release,
  };
}
