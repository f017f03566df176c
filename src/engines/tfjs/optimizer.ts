/** SGD with momentum, Adam, AdamW and LAMB on named variables, with their slots in the canonical names. */
import {
  add,
  div,
  greater,
  minimum,
  mul,
  sqrt,
  square,
  sum,
  tidy,
  variable,
  where,
  zeros,
  type NamedTensorMap,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs-core";
import { slotNames } from "../../recipe/optimizer-slots.js";
import type { Optimizer } from "../../recipe/recipe.js";
import { fedNumber, type Feed } from "./work-runner.js";
import { move, moveByTwo, weightedSum } from "./weighted-sum.js";

/** A trainable parameter: its key `NODE.PARAMETER`, its variable, whether it decays, and what its rate is of that of all. */
export interface Trainable {
  readonly key: string;
  readonly variable: Variable;
  readonly decays: boolean;
  readonly factor: number;
}

export interface TfjsOptimizer {
  /** By `SLOT/NODE.PARAMETER`; shapes are those of the parameters. */
  readonly slots: ReadonlyMap<string, Variable>;
  /** One update; `gradients` are by key. @param rateAt the rate of a step, which counts from 0. */
  update(gradients: NamedTensorMap, rateAt: (step: number) => number, feed: Feed): void;
  dispose(): void;
}

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
    update(gradients, rateAt, feed) {
      tidy(() => {
        const factors = new Set(trainables.map(({ factor }) => factor));
        const rates = new Map(
          [...factors].map((factor) => [factor, fedNumber(feed, (step) => -rateAt(step) * factor)]),
        );
        const moveOf = settings.kind === "sgd" ? sgd(settings) : adam(settings, feed);
        for (const trainable of trainables) {
          const { key, variable: weight, factor } = trainable;
          const [gradient, rate] = [gradients[key], rates.get(factor)];
          if (gradient === undefined || rate === undefined) {
            throw new RangeError(`no gradient for ${key}`);
          }
          tidy(() => {
            const moved = moveOf(trainable, gradient, (slot) => slotOf(slot, key));
            move(weight, 1, rate, moved);
          });
        }
      });
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

/** Moves the slots of a parameter. @returns what the rate is multiplied with and subtracted. */
type Move = (trainable: Trainable, gradient: Tensor, slotOf: (slot: string) => Variable) => Tensor;

/** v = momentum v + (g + decay w); the move is v, or with Nesterov's look-ahead g + decay w + momentum v. */
function sgd({ momentum, nesterov, decay }: Extract<Optimizer, { kind: "sgd" }>): Move {
  return (trainable, gradient, slotOf) => {
    const velocity = slotOf("momentum");
    if (nesterov) {
      const decayed = withDecay(trainable, gradient, decay);
      move(velocity, momentum, 1, decayed);
      return weightedSum(1, decayed, momentum, velocity);
    }
    const { variable: weight, decays } = trainable;
    if (decays && decay !== 0) moveByTwo(velocity, momentum, gradient, decay, weight);
    else move(velocity, momentum, 1, gradient);
    return velocity;
  };
}

/** Kingma and Ba 2015, algorithm 1; with `adamw` and `lamb`, decay times the weight comes to the move. */
function adam(
  { kind, beta1, beta2, epsilon, decay }: Extract<Optimizer, { kind: "adam" | "adamw" | "lamb" }>,
  feed: Feed,
): Move {
  const firstShare = fedNumber(feed, (step) => 1 - beta1 ** (step + 1));
  const secondShare = fedNumber(feed, (step) => 1 - beta2 ** (step + 1));
  return (trainable, given, slotOf) => {
    const gradient = kind === "adam" ? withDecay(trainable, given, decay) : given;
    const [first, second] = [slotOf("m"), slotOf("v")];
    move(first, beta1, 1 - beta1, gradient);
    move(second, beta2, 1 - beta2, square(gradient));
    const moved = div(div(first, firstShare), add(sqrt(div(second, secondShare)), epsilon));
    if (kind === "adam") return moved;
    const decayed = withDecay(trainable, moved, decay);
    return kind === "lamb" && trainable.decays ? asLongAs(trainable.variable, decayed) : decayed;
  };
}

/** The move times |w| / |move|; as it is where one of them is zero, as in timm (You et al. 2020, algorithm 2). */
function asLongAs(weight: Tensor, move: Tensor): Tensor {
  const norm = (value: Tensor): Tensor => sqrt(sum(square(value)));
  const [own, wanted] = [norm(move), norm(weight)];
  return mul(move, where(greater(minimum(own, wanted), 0), div(wanted, own), 1));
}
