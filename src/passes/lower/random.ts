/**
 * The counter-based random numbers of `random/random.ts` as instructions on u32, bit for bit, for the
 * draws whose key depends on the step.
 */
import type { ProgramBuilder } from "../program/builder.js";
import type { Value } from "../program/program.js";

type Builder = ProgramBuilder;

function plus(b: Builder, x: Value, constant: number): Value {
  return b.add(x, b.fillLike(constant >>> 0, x));
}

function times(b: Builder, x: Value, constant: number): Value {
  return b.multiply(x, b.fillLike(constant >>> 0, x));
}

function xor(b: Builder, x: Value, y: Value): Value {
  return b.apply("xor", {}, x, y);
}

function xorShifted(b: Builder, x: Value, by: number): Value {
  return xor(b, x, b.apply("shiftRight", { by }, x));
}

/** MurmurHash3's fmix32. */
function mix(b: Builder, x: Value): Value {
  const first = times(b, xorShifted(b, x, 16), 0x85ebca6b);
  return xorShifted(b, times(b, xorShifted(b, first, 13), 0xc2b2ae35), 16);
}

function absorb(b: Builder, key: Value, word: Value): Value {
  const stirred = plus(b, times(b, key, 31), 0x9e3779b9);
  return mix(b, xor(b, stirred, mix(b, plus(b, word, 0x7f4a7c15))));
}

/** randomKey(...parts, step), where `prefix` is randomKey(...parts) and 0 <= step < 2^31. */
export function keyOfStep(b: Builder, prefix: number, step: Value): Value {
  const low = absorb(b, b.fill(prefix, [], "u32"), b.convert(step, "u32"));
  return absorb(b, low, b.fill(0, [], "u32"));
}

/** randomBits(key, counter) for every counter; `key` is a scalar. */
export function bitsAt(b: Builder, key: Value, counters: Value): Value {
  const keyed = b.broadcastLike(times(b, key, 0x2545f491), counters);
  const high = mix(b, b.add(keyed, b.apply("shiftRight", { by: 16 }, counters)));
  const low = mix(b, plus(b, counters, 0x9e3779b9));
  return mix(b, xor(b, xor(b, low, high), b.broadcastLike(key, counters)));
}

/** randomUniform(key, counter) < probability for every counter, decided on whole numbers. */
export function happens(b: Builder, key: Value, counters: Value, probability: number): Value {
  const threshold = Math.min(Math.ceil(probability * 2 ** 32), 2 ** 32 - 1);
  return b.compare(bitsAt(b, key, counters), "less", b.fillLike(threshold, counters));
}
