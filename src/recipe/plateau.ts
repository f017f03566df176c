/** When a run ends early, and when its rate falls, as pure functions of what its epochs came to. */
import type { Schedule, Stop } from "./recipe.js";

/** What an epoch came to. */
export interface ComparedEpoch {
  /** Larger is better. */
  readonly value: number;
  /** Of equal values the lower loss is better; 0 where nothing but the value counts. */
  readonly loss: number;
}

/** @param least by how much more than the other's a value has to be; equal ones are told apart by the loss only where it is 0. */
export function isBetter(one: ComparedEpoch, other: ComparedEpoch, least = 0): boolean {
  if (one.value > other.value + least) return true;
  return least === 0 && one.value === other.value && one.loss < other.loss;
}

/** For each epoch, how many in a row have been no better than the best by more than `least`: 0 for one that is. */
function sinceBest(epochs: readonly ComparedEpoch[], least: number): readonly number[] {
  let best: ComparedEpoch = { value: -Infinity, loss: 0 };
  let since = 0;
  return epochs.map((epoch) => {
    if (isBetter(epoch, best, least)) [best, since] = [epoch, 0];
    else since += 1;
    return since;
  });
}

/**
 * Whether the last `patience` epochs were none of them better than the best before by more than `least`
 * (early stopping; Prechelt 1998, "Early Stopping - But When?").
 */
export function hasPlateaued(stop: Stop, epochs: readonly ComparedEpoch[]): boolean {
  if (stop.kind === "never") return false;
  return (sinceBest(epochs, stop.least).at(-1) ?? 0) >= stop.patience;
}

/** How often the rate has fallen after epochs: with every `patience` of them that are no better in a row. */
export function fallsAfter(schedule: Schedule, epochs: readonly ComparedEpoch[]): number {
  if (schedule.kind !== "onplateau") return 0;
  const { patience, least } = schedule;
  return sinceBest(epochs, least).filter((since) => since > 0 && since % patience === 0).length;
}

/** What is left of an optimizer's rate. */
export function rateAfterFalls(rate: number, schedule: Schedule, falls: number): number {
  return schedule.kind === "onplateau" ? rate * schedule.factor ** falls : rate;
}
