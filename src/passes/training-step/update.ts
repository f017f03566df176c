/** The updates of SGD with momentum, Adam, AdamW and LAMB as instructions, on tensors of any shape. */
import type { AdamSettings, Optimizer } from "../../recipe/recipe.js";
import type { ProgramBuilder } from "../program/builder.js";
import type { Value } from "../program/program.js";

export interface Updated {
  readonly weight: Value;
  /** By the slot's name. */
  readonly slots: ReadonlyMap<string, Value>;
}

/** What an update reads of a parameter. */
export interface Parameter {
  readonly weight: Value;
  readonly gradient: Value;
  readonly slots: ReadonlyMap<string, Value>;
  readonly decays: boolean;
  /** What its rate is of that of all. */
  readonly factor: number;
}

/** The scalars of a step that are the same for all parameters. */
export interface StepScalars {
  /** The rate with its schedule's factor, f32. */
  readonly rate: Value;
  /** Adam's 1 - beta1^t and 1 - beta2^t with t = step + 1, f32. */
  readonly corrections: readonly [Value, Value] | undefined;
}

/** The scalars of a step, computed once for all parameters. */
export function stepScalars(
  b: ProgramBuilder,
  settings: Optimizer,
  factor: Value,
  step: Value,
): StepScalars {
  const rate = b.scale(factor, settings.rate);
  if (settings.kind === "sgd") return { rate, corrections: undefined };
  const t = b.shift(b.convert(step, "f32"), 1);
  const corrections = [settings.beta1, settings.beta2].map((beta) => oneLessPower(b, beta, t));
  return { rate, corrections: corrections as [Value, Value] };
}

/**
 * 1 - beta^t = -expm1(t ln beta), by expm1(2 z) = 2 u / (1 - u) with u = tanh z: nothing cancels for a
 * beta near 1, where float32 would lose half of its digits.
 */
function oneLessPower(b: ProgramBuilder, beta: number, t: Value): Value {
  if (beta === 0) return b.fillLike(1, t);
  const u = b.apply("tanh", {}, b.scale(t, Math.log(beta) / 2));
  return b.divide(b.scale(u, -2), b.shift(b.negate(u), 1));
}

/**
 * One update: the optimizer makes a move of the gradient, and w -= rate move. Decay is added to the gradient, or
 * with `adamw` and `lamb` to the move.
 */
export function update(
  b: ProgramBuilder,
  settings: Optimizer,
  parameter: Parameter,
  scalars: StepScalars,
): Updated {
  const { weight, gradient, decays } = parameter;
  const withDecay = (value: Value): Value =>
    decays && settings.decay !== 0 ? b.add(value, b.scale(weight, settings.decay)) : value;
  const isBeside = settings.kind === "adamw" || settings.kind === "lamb";
  const moving = isBeside ? gradient : withDecay(gradient);
  const moved =
    settings.kind === "sgd"
      ? sgdMove(b, settings, moving, parameter)
      : adamMove(b, settings, moving, parameter, scalars);
  const { slots } = moved;
  const decayed = isBeside ? withDecay(moved.move) : moved.move;
  const move = settings.kind === "lamb" && decays ? asLongAs(b, weight, decayed) : decayed;
  const own = parameter.factor === 1 ? scalars.rate : b.scale(scalars.rate, parameter.factor);
  const rate = b.broadcastLike(own, move);
  return { weight: b.subtract(weight, b.multiply(move, rate)), slots };
}

/** The move times |w| / |move|; as it is where one of them is zero, as in timm (You et al. 2020, algorithm 2). */
function asLongAs(b: ProgramBuilder, weight: Value, move: Value): Value {
  const norm = (value: Value): Value => b.apply("sqrt", {}, b.sum(b.multiply(value, value)));
  const [own, wanted] = [norm(move), norm(weight)];
  const isLong = b.compare(b.apply("minimum", {}, own, wanted), "greater", b.fill(0));
  const ratio = b.select(isLong, b.divide(wanted, own), b.fill(1));
  return b.multiply(move, b.broadcastLike(ratio, move));
}

interface Moved {
  readonly move: Value;
  readonly slots: ReadonlyMap<string, Value>;
}

function slotOf({ slots }: Parameter, name: string): Value {
  const slot = slots.get(name);
  if (slot === undefined) throw new RangeError(`there is no slot ${name}`);
  return slot;
}

/** v = momentum v + g; the move is v, or with Nesterov's look-ahead g + momentum v. */
function sgdMove(
  b: ProgramBuilder,
  { momentum, nesterov }: Extract<Optimizer, { kind: "sgd" }>,
  gradient: Value,
  parameter: Parameter,
): Moved {
  const velocity = b.add(b.scale(slotOf(parameter, "momentum"), momentum), gradient);
  const move = nesterov ? b.add(gradient, b.scale(velocity, momentum)) : velocity;
  return { move, slots: new Map([["momentum", velocity]]) };
}

/** Kingma and Ba 2015, algorithm 1. */
function adamMove(
  b: ProgramBuilder,
  { beta1, beta2, epsilon }: AdamSettings,
  gradient: Value,
  parameter: Parameter,
  { corrections }: StepScalars,
): Moved {
  if (corrections === undefined) throw new RangeError("there are no bias corrections");
  const blend = (old: Value, seen: Value, beta: number): Value =>
    b.add(b.scale(old, beta), b.scale(seen, 1 - beta));
  const first = blend(slotOf(parameter, "m"), gradient, beta1);
  const second = blend(slotOf(parameter, "v"), b.multiply(gradient, gradient), beta2);
  const [a, c] = corrections.map((correction) => b.broadcastLike(correction, gradient));
  if (a === undefined || c === undefined) throw new RangeError("a bias correction is missing");
  const spread = b.shift(b.apply("sqrt", {}, b.divide(second, c)), epsilon);
  const slots = new Map([
    ["m", first],
    ["v", second],
  ]);
  return { move: b.divide(b.divide(first, a), spread), slots };
}
