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
import { weightedSum } from "./weighted-sum.js";

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
          const decayed = withDecay(trainable, gradient, settings.decay);
          const of = (slot: string): Variable => slotOf(slot, trainable.key);
          const move =
            settings.kind === "sgd"
              ? sgdMove(settings, decayed, of("momentum"))
              : adamMove(settings, decayed, of("m"), of("v"), step);
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

/** v = momentum v + g; the move is v, or with Nesterov's look-ahead g + momentum v. */
function sgdMove(
  { momentum, nesterov }: Extract<Optimizer, { kind: "sgd" }>,
  gradient: Tensor,
  velocity: Variable,
): Tensor {
  velocity.assign(weightedSum(momentum, velocity, 1, gradient));
  return nesterov ? weightedSum(1, gradient, momentum, velocity) : velocity;
}

/** Kingma and Ba 2015, algorithm 1. */
function adamMove(
  { beta1, beta2, epsilon }: Extract<Optimizer, { kind: "adam" }>,
  gradient: Tensor,
  first: Variable,
  second: Variable,
  step: number,
): Tensor {
  first.assign(weightedSum(beta1, first, 1 - beta1, gradient));
  second.assign(weightedSum(beta2, second, 1 - beta2, square(gradient)));
  const t = step + 1;
  const corrected = div(first, 1 - beta1 ** t);
  return div(corrected, add(sqrt(div(second, 1 - beta2 ** t)), epsilon));
}
