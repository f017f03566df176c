/** The learning rate's schedule as instructions on the step: the same function as `recipe/schedule.ts`. */
import type { Schedule } from "../../recipe/recipe.js";
import type { ProgramBuilder } from "../program/builder.js";
import type { Value } from "../program/program.js";

/**
 * The factor on the optimizer's rate at `step`, an i32 scalar, as an f32 scalar. Epochs are compared as
 * whole steps, so that no rounding moves a boundary.
 */
export function rateFactorAt(
  b: ProgramBuilder,
  schedule: Schedule,
  step: Value,
  stepsPerEpoch: number,
  epochs: number,
): Value {
  const warmup = schedule.warmup * stepsPerEpoch;
  const after = afterWarmup(b, schedule, step, stepsPerEpoch, epochs * stepsPerEpoch - warmup);
  if (warmup <= 0) return after;
  const risen = b.scale(b.shift(b.convert(step, "f32"), 1), 1 / warmup);
  const rising = b.apply("minimum", {}, risen, b.fill(1));
  const within = b.compare(step, "less", b.fill(Math.ceil(warmup), [], "i32"));
  return b.select(within, rising, after);
}

function afterWarmup(
  b: ProgramBuilder,
  schedule: Schedule,
  step: Value,
  stepsPerEpoch: number,
  remaining: number,
): Value {
  switch (schedule.kind) {
    case "constant":
    // Its rate falls between epochs, and comes with the optimizer's.
    case "onplateau":
      return b.fill(1);
    case "step": {
      const boundaries = schedule.at.toSorted((left, right) => left - right);
      return boundaries.reduce((before, epoch, index) => {
        const first = b.fill(Math.ceil(epoch) * stepsPerEpoch, [], "i32");
        const reached = b.compare(step, "greaterOrEqual", first);
        return b.select(reached, b.fill(schedule.factor ** (index + 1)), before);
      }, b.fill(1));
    }
    case "cosine":
    case "polynomial": {
      const passed = b.shift(b.convert(step, "f32"), -schedule.warmup * stepsPerEpoch);
      const share = b.scale(passed, 1 / Math.max(remaining, 1));
      const t = b.apply("minimum", {}, share, b.fill(1));
      const left =
        schedule.kind === "cosine" ? halfCosine(b, t) : powerOfRest(b, t, schedule.power);
      return b.shift(b.scale(left, 1 - schedule.floor), schedule.floor);
    }
  }
}

function halfCosine(b: ProgramBuilder, t: Value): Value {
  return b.scale(b.shift(b.apply("cos", {}, b.scale(t, Math.PI)), 1), 1 / 2);
}

/** (1 - t)^power = exp(power log(1 - t)), 0 where t is 1. */
function powerOfRest(b: ProgramBuilder, t: Value, power: number): Value {
  const rest = b.shift(b.negate(t), 1);
  return power === 1 ? rest : b.apply("exp", {}, b.scale(b.apply("log", {}, rest), power));
}
