/**
 * Contenders measured in turn, round after round, so that a machine that slows down slows all of them;
 * ratios are taken within a round.
 */
import { median } from "../measure.js";
import { JobError } from "./child.js";
import type { Timing } from "./job.js";

export interface Contender {
  readonly name: string;
  /** Images of a step. */
  readonly batch: number;
  /** Fewer rounds than the others, for what is slow. */
  readonly rounds?: number;
  /** One process. @throws JobError */
  readonly measure: () => Timing;
}

/** What a contender did, round by round; nothing where it failed, which has been reported. */
export type Measured = ReadonlyMap<Contender, readonly Timing[]>;

export function measureInTurn(contenders: readonly Contender[], rounds: number): Measured {
  const measured = new Map<Contender, Timing[]>(contenders.map((contender) => [contender, []]));
  const failed = new Set<Contender>();
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      if (failed.has(contender) || round >= (contender.rounds ?? rounds)) continue;
      process.stderr.write(`round ${round + 1} of ${rounds}: ${contender.name}\n`);
      try {
        measured.get(contender)?.push(contender.measure());
      } catch (error) {
        if (!(error instanceof JobError)) throw error;
        failed.add(contender);
        measured.set(contender, []);
        console.log(`LEFT OUT: ${contender.name} failed: ${error.message}`);
        process.exitCode = 1;
      }
    }
  }
  return measured;
}

/** Images per second: the median over all steps of all rounds, and the slowest and fastest step. */
export function rates(timings: readonly Timing[], batch: number): readonly [string, string] {
  const all = timings.flatMap(({ milliseconds }) => milliseconds.map((ms) => (batch / ms) * 1000));
  const range = `${figure(Math.min(...all))} to ${figure(Math.max(...all))}`;
  return [figure(median(all)), range];
}

/** The largest peak of all rounds. */
export function peak(timings: readonly Timing[]): string {
  return Math.max(...timings.map(({ peakMegabytes }) => peakMegabytes)).toFixed(0);
}

export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Time per image of `base` over that of `of`, round by round: how many times as fast `of` is. Undefined
 * where one of them has no rounds.
 */
export function speedRatio(measured: Measured, of: Contender, base: Contender): Ratio | undefined {
  const [ours, theirs] = [measured.get(of) ?? [], measured.get(base) ?? []];
  const perImage = (timing: Timing, batch: number): number => median(timing.milliseconds) / batch;
  const ratios = ours.flatMap((timing, round) => {
    const other = theirs[round];
    return other === undefined ? [] : [perImage(other, base.batch) / perImage(timing, of.batch)];
  });
  if (ratios.length === 0) return undefined;
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

/** Three digits. */
function figure(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

/** A ratio and its range over the rounds, as two cells. */
export function ratioCells(ratio: Ratio | undefined): readonly [string, string] {
  if (ratio === undefined) return ["", ""];
  const { median: middle, least, most } = ratio;
  const range = least === most ? "" : `${least.toFixed(2)} to ${most.toFixed(2)}`;
  return [middle.toFixed(2), range];
}
