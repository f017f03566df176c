/** Ctrl-C: the first asks the work to stop where it can be gone on from, the second ends at once. */
import { isatty } from "node:tty";
import { jsonFailure } from "./json-failure.js";
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Asks the work to stop, as Ctrl-C does. */
  stop(): void;
  /** Gives Ctrl-C back to the system. */
  release(): void;
}

/** What a program is told where the work has come to no answer then. */
const stoppedEarly = "stopped by Ctrl-C, or a signal, before every image was looked at";

/** A progress bar has hidden it. */
const showCursor = "\u001b[?25h";

/**
 * Takes Ctrl-C over. SIGTERM counts as Ctrl-C: schedulers send it before they kill. SIGHUP stops as the first
 * does, without words, and as often as it comes: a terminal that is closed sends it more than once. Where no stream is
 * a terminal, as under nohup, the work outlives the one that it was started from: that SIGHUP is ignored when it begins,
 * as nohup has it, Node takes back.
 *
 * @param words what is said to the first.
 */
export function stopOnInterrupt(terminal: Terminal, words: string): Interrupt {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  let isHungUp = false;
  const isTied = [0, 1, 2].some((descriptor) => isatty(descriptor));
  const onHangUp = (): void => {
    if (!isTied) return;
    isHungUp = true;
    stop();
  };
  const release = (): void => {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal).off("SIGHUP", onHangUp);
    // Node aborts where it cannot set a terminal back, as it does in an orderly exit, because that is closed.
    if (isHungUp) process.kill(process.pid, "SIGHUP");
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

/**
 * Does work that Ctrl-C may cut off, and then says so to a program that asked for JSON.
 *
 * @param help what is to be done about that.
 * @param work ends at the signal by throwing its reason.
 * @returns what `work` does, or the exit status of an interruption.
 * @throws what else goes wrong, also after Ctrl-C.
 */
export async function stoppable(
  terminal: Terminal,
  { json = false, help }: { readonly json?: boolean | undefined; readonly help: string },
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const { signal, release } = stopOnInterrupt(terminal, "stopping");
  try {
    return await work(signal);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    if (json) terminal.out(jsonFailure(stoppedEarly, help));
    return status.interrupted;
  } finally {
    release();
  }
}
