/** What a run came to, without what differs from one run to the next. */
import type { Checkpoint } from "../../src/train/checkpoint.js";

/** A record of an epoch without its times. */
export function timeless(record: object): object {
  return { ...record, seconds: 0, imagesPerSecond: 0, waiting: 0 };
}

/** State, place and history, without times. */
export function outcomeOf({ state, progress }: Checkpoint): {
  readonly state: Checkpoint["state"];
  readonly progress: Omit<Checkpoint["progress"], "history">;
} {
  const history = progress.history.map(timeless);
  return { state, progress: { ...progress, seconds: 0, history } as Checkpoint["progress"] };
}
