/**
 * Counter-based random numbers: every draw is a pure function of a key and a counter, so whatever
 * needs randomness can be repeated, resumed or reordered without carrying a generator's state.
 *
 * The mixing function is the finaliser of SplitMix (Steele, Lea, Flood 2014) in its 32-bit form
 * (MurmurHash3's fmix32), applied in two rounds over key and counter.
 */

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A key (an unsigned 32-bit number) made of numbers and strings; equal parts give equal keys. */
export function randomKey(...parts: readonly (number | string)[]): number {
  let key = 0x9e3779b9;
  const absorb = (word: number): void => {
    key = mix((Math.imul(key, 31) + 0x9e3779b9) ^ mix(word + 0x7f4a7c15));
  };
  for (const part of parts) {
    if (typeof part === "number") {
      absorb(part >>> 0);
      absorb(Math.floor(part / 4294967296) >>> 0);
    } else {
      for (let i = 0; i < part.length; i++) absorb(part.charCodeAt(i));
      absorb(0x10000 + part.length);
    }
  }
  return key;
}

/** Draw number `counter` of `key`, uniform over the unsigned 32-bit numbers. */
export function randomBits(key: number, counter: number): number {
  return mix(mix(counter + 0x9e3779b9) ^ mix(Math.imul(key, 0x2545f491) + (counter >>> 16)) ^ key);
}

/** Draw number `counter` of `key`, uniform over [0, 1). */
export function randomUniform(key: number, counter: number): number {
  return randomBits(key, counter) / 4294967296;
}

/** Draw number `counter` of `key`, uniform over the whole numbers 0 … limit - 1. */
export function randomBelow(key: number, counter: number, limit: number): number {
  return Math.floor(randomUniform(key, counter) * limit);
}

/** Standard normal draw number `counter` of `key` (Box and Muller 1958). */
export function randomNormal(key: number, counter: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - randomUniform(key, 2 * counter)));
  return radius * Math.cos(2 * Math.PI * randomUniform(key, 2 * counter + 1));
}

/** An exact, uniformly drawn permutation of 0 … length - 1 (Fisher and Yates, Durstenfeld 1964). */
export function randomPermutation(key: number, length: number): Uint32Array {
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  for (let i = length - 1; i > 0; i--) {
    const j = randomBelow(key, i, i + 1);
    const swapped = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = swapped;
  }
  return order;
}
