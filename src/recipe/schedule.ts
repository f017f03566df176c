/**
 * The learning rate's schedule as a pure function of the step, so that a resumed run goes on exactly. What falls by what
 * epochs came to is in `plateau.ts`.
 */
import type { Schedule } from "./recipe.js";

/**
 * The factor on the optimizer's rate at optimizer step `step` (from 0).
 * Warm-up rises linearly and reaches 1 with the last step of its epochs; from there on the kind rules:
 * cosine is floor + (1 - floor) (1 + cos(pi t)) / 2 for t from 0 to 1 (Loshchilov and Hutter 2017,
 * equation 5, without restarts), and polynomial floor + (1 - floor) (1 - t)^power.
 */
export function rateFactor(
  schedule: Schedule,
  step: number,
  stepsPerEpoch: number,
  epochs: number,
): number {
  const warmup = schedule.warmup * stepsPerEpoch;
  if (step < warmup) return Math.min((step + 1) / warmup, 1);
  switch (schedule.kind) {
    case "constant":
    case "onplateau":
      return 1;
    case "step": {
      const epoch = Math.floor(step / stepsPerEpoch);
      return schedule.factor ** schedule.at.filter((at) => at <= epoch).length;
    }
    case "cosine":
    case "polynomial": {
      const remaining = Math.max(epochs * stepsPerEpoch - warmup, 1);
      const t = Math.min((step - warmup) / remaining, 1);
      const share =
        schedule.kind === "cosine" ? (1 + Math.cos(Math.PI * t)) / 2 : (1 - t) ** schedule.power;
      return schedule.floor + (1 - schedule.floor) * share;
    }
  }
}
