/**
 * What waits to be written together with what comes after it, as one depthwise convolution of the blocked
 * operators: it multiplies, adds a vector and a map, and applies an activation in one pass.
 */
import type { Emitter } from "./emitter.js";
import type { GraphWriter } from "./graph-writer.js";

/** A x + b per channel, + addend, on a blocked map. */
export interface PendingAffine {
  readonly x: string;
  /** ONNX names of vectors of as many elements as there are channels. */
  readonly factor: string;
  readonly shift: string;
  readonly channels: number;
  /** The ONNX name of a blocked map. */
  readonly addend?: string;
}

/** A kernel times one number: a share of a sum. */
export interface PendingScaling {
  /** A program's value in the form `kernel`. */
  readonly x: string;
  /** The ONNX name of a scalar. */
  readonly factor: string;
}

/** Writes a x + b (+ addend), then the activation. */
export function writeAffine(
  graph: GraphWriter,
  { x, factor, shift, channels, addend }: PendingAffine,
  activation?: "Relu",
): string {
  const kernel = graph.view(factor, [channels, 1, 1, 1]);
  const inputs = [x, kernel, shift, ...(addend === undefined ? [] : [addend])];
  return graph.blocked("Conv", inputs, {
    group: channels,
    kernel_shape: [1, 1],
    ...(activation && { activation }),
  });
}

/**
 * Writes factor x + addend (or less, -factor x + addend) over lines, in which the last axis of the blocks
 * plays the channels. @returns a line. @param addend a line's ONNX name.
 */
export function writeScaling(
  e: Emitter,
  { x, factor }: PendingScaling,
  addend?: string,
  less = false,
): string {
  const { graph, block = 1 } = e;
  const factors = graph.once(`${less ? "-" : ""}${factor}, a block`, () => {
    const value = less ? graph.node("Neg", [factor]) : factor;
    return graph.node("Expand", [value, graph.integers([block, 1, 1, 1])]);
  });
  const inputs = [e.line(x), factors];
  if (addend !== undefined) {
    inputs.push(graph.constant("float32", [block], new Float32Array(block)), addend);
  }
  return graph.blocked("Conv", inputs, { group: block, kernel_shape: [1, 1] });
}
