/** SGD with momentum and Adam on named variables, with their slots in the canonical names. */
import {
  add,
  div,
  sqrt,
  square,
  tidy,
  variable,
  zeros,
  type NamedTensorMap,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs-core";
import type { Optimizer } from "../../recipe/recipe.js";
import { weightedSum, weightedSumOfThree } from "./weighted-sum.js";

/** A trainable parameter: its key `NODE.PARAMETER`, its variable, and whether it decays. */
export interface Trainable {
  readonly key: string;
  readonly variable: Variable;
  readonly decays: boolean;
}

export interface TfjsOptimizer {
  /** By `SLOT/NODE.PARAMETER`; shapes are those of the parameters. */
  readonly slots: ReadonlyMap<string, Variable>;
  /** One update at this rate; `step` counts from 0; `gradients` are by key. */
  update(gradients: NamedTensorMap, rate: number, step: number): void;
  dispose(): void;
}

/** The slots that an optimizer keeps for every trainable parameter. */
const slotNames: { readonly [K in Optimizer["kind"]]: readonly string[] } = {
  sgd: ["momentum"],
  adam: ["m", "v"],
};

/** An optimizer with all slots at zero. */
export function createOptimizer(
  settings: Optimizer,
  trainables: readonly Trainable[],
): TfjsOptimizer {
  const slots = new Map<string, Variable>();
  for (const slot of slotNames[settings.kind]) {
    for (const { key, variable: of } of trainables) {
      slots.set(
        `${slot}/${key}`,
        tidy(() => variable(zeros(of.shape), false)),
      );
    }
  }
  const slotOf = (slot: string, key: string): Variable => {
    const found = slots.get(`${slot}/${key}`);
    if (found === undefined) throw new RangeError(`no slot ${slot} for ${key}`);
    return found;
  };
  return {
    slots,
    update(gradients, rate, step) {
      for (const trainable of trainables) {
        const gradient = gradients[trainable.key];
        if (gradient === undefined) throw new RangeError(`no gradient for ${trainable.key}`);
        tidy(() => {
          const of = (slot: string): Variable => slotOf(slot, trainable.key);
          const move =
            settings.kind === "sgd"
              ? sgdMove(settings, trainable, gradient, of("momentum"))
              : adamMove(settings, trainable, gradient, of("m"), of("v"), step);
          trainable.variable.assign(weightedSum(1, trainable.variable, -rate, move));
        });
      }
    },
    dispose() {
      for (const slot of slots.values()) slot.dispose();
    },
  };
}

function withDecay(
  { variable: weight, decays }: Trainable,
  gradient: Tensor,
  decay: number,
): Tensor {
  return decays && decay !== 0 ? weightedSum(1, gradient, decay, weight) : gradient;
}

/** v = momentum v + (g + decay w); the move is v, or with Nesterov's look-ahead g + decay w + momentum v. */
function sgdMove(
  { momentum, nesterov, decay }: Extract<Optimizer, { kind: "sgd" }>,
  trainable: Trainable,
  gradient: Tensor,
  velocity: Variable,
): Tensor {
  if (nesterov) {
    const decayed = withDecay(trainable, gradient, decay);
    velocity.assign(weightedSum(momentum, velocity, 1, decayed));
    return weightedSum(1, decayed, momentum, velocity);
  }
  const { variable: weight, decays } = trainable;
  velocity.assign(
    decays && decay !== 0
      ? weightedSumOfThree(momentum, velocity, gradient, decay, weight)
      : weightedSum(momentum, velocity, 1, gradient),
  );
  return velocity;
}

/** Kingma and Ba 2015, algorithm 1. */
function adamMove(
  { beta1, beta2, epsilon, decay }: Extract<Optimizer, { kind: "adam" }>,
  trainable: Trainable,
  given: Tensor,
  first: Variable,
  second: Variable,
  step: number,
): Tensor {
  const gradient = withDecay(trainable, given, decay);
  first.assign(weightedSum(beta1, first, 1 - beta1, gradient));
  second.assign(weightedSum(beta2, second, 1 - beta2, square(gradient)));
  const t = step + 1;
  const corrected = div(first, 1 - beta1 ** t);
  return div(corrected, add(sqrt(div(second, 1 - beta2 ** t)), epsilon));
}
