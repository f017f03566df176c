/** Dropout and dropped paths with the masks that every engine draws. */
import { randomKey } from "../../random/random.js";
import { elementCount } from "../../shapes/index.js";
import type { ProgramBuilder } from "../program/builder.js";
import type { Value } from "../program/program.js";
import { only, type Place } from "./place.js";
import { happens, keyOfStep } from "./random.js";

/**
 * Inverted dropout (Srivastava et al. 2014, section 10). An element's mask is a function of seed, node,
 * step and its place in the batch in the canonical layout (N, H, W, C).
 */
export function lowerDropout(place: Place<"dropout">): Value {
  const { b, node, pass } = place;
  const x = only(place);
  const { rate } = node.attributes;
  if (pass.kind === "inference" || rate === 0) return x;
  const [n = 1, c = 1, ...spatial] = x.type.shape;
  const size = elementCount(x.type.shape);
  const key = keyOfStep(b, randomKey(pass.seed, "dropout", node.name), pass.step);
  const counters = countersFrom(b, pass.imagesBefore, size / n, size);
  const dropped = happens(b, key, counters, rate);
  const type = [size];
  const mask = b.select(dropped, b.fill(0, type), b.fill(1 / (1 - rate), type));
  const canonical = b.reshape(mask, [n, ...spatial, c]);
  const layout = spatial.length === 0 ? canonical : b.transpose(canonical, [0, 3, 1, 2]);
  return b.multiply(x, layout);
}

/**
 * Stochastic depth (Huang et al. 2016), image by image. An image's mask is a function of seed, node, step and its place
 * in the batch.
 */
export function lowerDropPath(place: Place<"droppath">): Value {
  const { b, node, pass } = place;
  const x = only(place);
  const { rate } = node.attributes;
  if (pass.kind === "inference" || rate === 0) return x;
  const { shape } = x.type;
  const [n = 1] = shape;
  const key = keyOfStep(b, randomKey(pass.seed, "droppath", node.name), pass.step);
  const dropped = happens(b, key, countersFrom(b, pass.imagesBefore, 1, n), rate);
  const mask = b.select(dropped, b.fill(0, [n]), b.fill(1 / (1 - rate), [n]));
  return b.multiply(x, b.broadcast(mask, shape, [0]));
}

/** The places in the batch of `size` elements, u32, where each image has `each` of them. */
function countersFrom(
  b: ProgramBuilder,
  imagesBefore: number | Value,
  each: number,
  size: number,
): Value {
  const own = b.iota(size, "u32");
  if (typeof imagesBefore === "number") return b.shift(own, imagesBefore * each);
  const before = b.scale(b.convert(imagesBefore, "u32"), each);
  return b.add(own, b.broadcastLike(before, own));
}
