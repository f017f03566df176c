/**
 * Keeps the event file of a run for as long as it can be written. Nothing that a run comes to is in that
 * file alone, so one that cannot be written is told once, and the run goes on without it.
 */
import { CheckpointError } from "../../train/errors.js";
import type { TrainEvent } from "../../train/events.js";
import { EventFile } from "./event-file.js";

export class EventLog {
  #file: EventFile | undefined;
  #failed = false;

  /**
   * @param recipe as Markdown.
   * @param onFailure is told the first failure to write, in a sentence without its end.
   */
  constructor(
    private readonly recipe: string,
    private readonly onFailure: (message: string) => void,
  ) {}

  /** Opens the file with the event `start`, and writes down what later ones say. */
  event(event: TrainEvent): void {
    this.#try(() => {
      if (event.kind === "start") this.#file = EventFile.open(event.folder, event, this.recipe);
      this.#file?.event(event);
    });
  }

  close(): void {
    const file = this.#file;
    this.#file = undefined;
    this.#try(() => file?.close());
  }

  #try(write: () => void): void {
    if (this.#failed) return;
    try {
      write();
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      this.#failed = true;
      this.#file?.abandon();
      this.#file = undefined;
      this.onFailure(error.message);
    }
  }
}
