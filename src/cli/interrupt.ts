/** Ctrl-C: the first asks the work to stop where it can be gone on from, the second ends at once. */
import type { Terminal } from "./terminal.js";

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Asks the work to stop, as Ctrl-C does. */
  stop(): void;
  /** Gives Ctrl-C back to the system. */
  release(): void;
}

/** A progress bar has hidden it. */
const showCursor = "\u001b[?25h";

/**
 * Takes Ctrl-C over. SIGTERM counts as Ctrl-C: schedulers send it before they kill.
 *
 * @param words what is said to the first.
 */
export function stopOnInterrupt(terminal: Terminal, words: string): Interrupt {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const release = (): void => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
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
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    stop,
    release,
  };
}
