/** What is known at a point of a chain: the value that flows there, and where its shape comes from. */
import type { Tensor } from "../graph/builder.js";
import type { Span } from "../source/source.js";
import { printExtent, sameExtent, type TensorType } from "../shapes/index.js";

/** One operation on the way, for messages that say where a number came from. */
export interface Passed {
  readonly span: Span;
  /** The stride argument, where the operation has one. */
  readonly strideSpan?: Span;
  readonly stride: readonly [number, number];
  /** Whether it says how many channels come out. */
  readonly setsChannels: boolean;
  readonly before: TensorType;
  readonly after: TensorType;
}

/**
 * Where a chain has come to. After an error the value's shape is a guess, so that what follows is
 * still read; nothing is reported that rests on a guess.
 */
export interface Flow {
  readonly value: Tensor;
  /** The operations since the chain began, in order. */
  readonly passed: readonly Passed[];
  readonly guessed: Guessed;
}

export interface Guessed {
  readonly spatial: boolean;
  readonly channels: boolean;
}

export const nothingGuessed: Guessed = { spatial: false, channels: false };
export const allGuessed: Guessed = { spatial: true, channels: true };

/** The same flow at the beginning of a chain of its own. */
export function beginChain(flow: Flow): Flow {
  return { ...flow, passed: [] };
}

/** The product of the strides on the way. */
export function totalStride(passed: readonly Passed[]): readonly [number, number] {
  return passed.reduce<readonly [number, number]>(
    ([height, width], { stride }) => [height * stride[0], width * stride[1]],
    [1, 1],
  );
}

/** The last operation on the way that changed height or width. */
export function lastResize(passed: readonly Passed[]): Passed | undefined {
  return passed.findLast(
    ({ before, after }) =>
      before.spatial.length !== after.spatial.length ||
      !before.spatial.every((extent, axis) => sameExtent(extent, after.spatial[axis] ?? -1)),
  );
}

/** "halves 56x56 to 28x28": what an operation does to height and width. */
export function describeResize({ before, after }: Passed): string {
  const [from, to] = [printSpatial(before), printSpatial(after)];
  const halves = before.spatial.every((extent, axis) => {
    const result = after.spatial[axis];
    return typeof extent === "number" && typeof result === "number" && result * 2 === extent;
  });
  return halves && before.spatial.length === 2
    ? `halves ${from} to ${to}`
    : `turns ${from} into ${to}`;
}

/** Height and width alone: `56x56`. */
export function printSpatial({ spatial }: TensorType): string {
  const symbolic = spatial.some((extent) => typeof extent !== "number");
  return spatial.length === 0 ? "a vector" : spatial.map(printExtent).join(symbolic ? " x " : "x");
}
