/**
 * What becomes of the state in a step: the trained weights and their slots by the optimizer, from gradients that
 * are clipped where the recipe says so, and the moving averages of all weights.
 */
import { slotNames } from "../../recipe/optimizer-slots.js";
import type { RateFactors } from "../../recipe/rates.js";
import type { Recipe } from "../../recipe/recipe.js";
import type { ProgramParameter } from "../lower/parameters.js";
import type { ProgramBuilder } from "../program/builder.js";
import { valueOf, type Value } from "../program/program.js";
import { clipGradients } from "./clip.js";
import { rateFactorAt } from "./schedule.js";
import { stepScalars, update } from "./update.js";

export interface UpdateOptions {
  readonly recipe: Pick<Recipe, "optimizer" | "schedule" | "epochs" | "clip" | "ema">;
  /** By how much weights learn faster or slower, by their node. */
  readonly factors: RateFactors;
  /** Optimizer steps per epoch, for schedules that count epochs. */
  readonly stepsPerEpoch: number;
}

/**
 * The new value of every piece of state of parameters that are trained, by its name.
 * @param state by the names of a step's inputs.
 * @param gradients of the mean loss, in the order of the parameters.
 * @param step i32.
 */
export function updateTrained(
  b: ProgramBuilder,
  { recipe, stepsPerEpoch, factors }: UpdateOptions,
  parameters: readonly ProgramParameter[],
  state: ReadonlyMap<string, Value>,
  gradients: readonly Value[],
  step: Value,
): Map<string, Value> {
  const { optimizer, schedule, epochs, clip } = recipe;
  const clips = clip > 0 && gradients.length > 0;
  const clipped = clips ? b.within("clip", () => clipGradients(b, gradients, clip)) : gradients;
  const scalars = b.within("schedule", () =>
    stepScalars(b, optimizer, rateFactorAt(b, schedule, step, stepsPerEpoch, epochs), step),
  );
  const next = new Map<string, Value>();
  for (const [i, { key, node, decays }] of parameters.entries()) {
    const weight = valueOf(state, `weights/${key}`);
    const slots = new Map(
      slotNames[optimizer.kind].map((slot) => [slot, valueOf(state, `optimizer/${slot}/${key}`)]),
    );
    const factor = factors(node);
    const parameter = { weight, gradient: clipped[i] as Value, slots, decays, factor };
    const updated = b.within(`update/${key}`, () => update(b, optimizer, parameter, scalars));
    next.set(`weights/${key}`, updated.weight);
    for (const [slot, value] of updated.slots) next.set(`optimizer/${slot}/${key}`, value);
  }
  return next;
}

/**
 * The new value of the average of every parameter, by its name: average = d average + (1 - d) weights, with the d
 * of `recipe/average.ts`; nothing where the recipe keeps none.
 * @param next the new weights.
 */
export function movedAverages(
  b: ProgramBuilder,
  { recipe: { ema } }: Pick<UpdateOptions, "recipe">,
  parameters: readonly ProgramParameter[],
  state: ReadonlyMap<string, Value>,
  next: ReadonlyMap<string, Value>,
  step: Value,
): Map<string, Value> {
  if (ema === 0) return new Map();
  return b.within("average", () => {
    const taken = b.convert(step, "f32");
    const rising = b.divide(b.shift(taken, 1), b.shift(taken, 10));
    const kept = b.apply("minimum", {}, rising, b.fill(ema));
    return new Map(
      parameters.map(({ key }) => {
        const before = valueOf(state, `average/${key}`);
        const weight = valueOf(next, `weights/${key}`);
        const share = b.broadcastLike(kept, weight);
        const moved = b.add(b.multiply(b.subtract(before, weight), share), weight);
        return [`average/${key}`, moved];
      }),
    );
  });
}
