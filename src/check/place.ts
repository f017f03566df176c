/** What is known at a point of a chain: the value that flows there, and where its shape comes from. */
import type { Tensor } from "../graph/builder.js";
import type { Pair } from "../ops/attributes.js";
import type { Label } from "../diagnostics/diagnostic.js";
import type { Span } from "../source/source.js";
import { sameExtent, type TensorType } from "../shapes/index.js";
import type { InputLimits } from "./input-limits.js";
import type { Written } from "./scope.js";

/** One operation on the way, for messages that say where a number came from. */
export interface Passed {
  readonly span: Span;
  /** The argument that height and width are changed by: a stride, if that is one, else a padding or the window. */
  readonly sizeSpan?: Span;
  /** Its window, where it has one. */
  readonly kernel?: Pair;
  /** Input pixels from one output to the next; below 1 where the operation enlarges. */
  readonly stride: Pair;
  /** Whether it says how many channels come out. */
  readonly setsChannels: boolean;
  /** The argument that says so, and what its names mean. */
  readonly channels?: Written;
  readonly before: TensorType;
  readonly after: TensorType;
}

/** What the operations of a way came to, in constant space however many they are. */
export interface Path {
  /** The product of their strides. */
  readonly stride: Pair;
  /** The last operation that changed height or width, or made a vector. */
  readonly resize?: Passed;
  /** The last operation that said how many channels there are. */
  readonly widening?: Passed;
  readonly last?: Passed;
  /** Whether height and width rest on an error of this very way. */
  readonly unsure: boolean;
}

/**
 * Where a chain has come to. After an error the value's shape is a guess, so that what follows is
 * still read; nothing is reported that rests on a guess.
 */
export interface Flow {
  readonly value: Tensor;
  /** The way since the chain began. */
  readonly path: Path;
  /** The way since the input. */
  readonly history: Path;
  readonly guessed: Guessed;
}

export interface Guessed {
  /** Whether it is a map or a vector. */
  readonly rank: boolean;
  readonly spatial: boolean;
  readonly channels: boolean;
  /** Whether height and width are those of one side of a merge that did not fit: the other may be right. */
  readonly contested: boolean;
}

export const nothingGuessed: Guessed = {
  rank: false,
  spatial: false,
  channels: false,
  contested: false,
};
export const allGuessed: Guessed = { rank: true, spatial: true, channels: true, contested: true };

const noPath: Path = { stride: [1, 1], unsure: false };

/** A flow that nothing has happened to yet. */
export function beginning(value: Tensor, guessed: Guessed): Flow {
  return { value, path: noPath, history: noPath, guessed };
}

/** The same flow at the beginning of a chain of its own. */
export function beginChain(flow: Flow): Flow {
  return { ...flow, path: noPath };
}

/** The flow after one operation more. */
export function pass(flow: Flow, passed: Passed, value: Tensor, guessed: Guessed): Flow {
  const step: Path = {
    stride: passed.stride,
    ...(resizes(passed) && { resize: passed }),
    ...(passed.setsChannels && { widening: passed }),
    last: passed,
    unsure: guessed.spatial && !flow.guessed.spatial,
  };
  return { value, path: join(flow.path, step), history: join(flow.history, step), guessed };
}

/** The flow with some of its shape in doubt from here on. */
export function doubt(flow: Flow, doubted: Guessed): Flow {
  const { path, guessed } = flow;
  return {
    ...flow,
    path: { ...path, unsure: path.unsure || doubted.spatial },
    guessed: eitherGuessed(guessed, doubted),
  };
}

/** What is a guess in one or the other. */
export function eitherGuessed(one: Guessed, other: Guessed): Guessed {
  return {
    rank: one.rank || other.rank,
    spatial: one.spatial || other.spatial,
    channels: one.channels || other.channels,
    contested: one.contested || other.contested,
  };
}

/** A flow whose chain began where `before` ends, as part of the chain that `before` is in. */
export function continueChain(before: Flow, after: Flow): Flow {
  return { ...after, path: join(before.path, after.path) };
}

function join(before: Path, after: Path): Path {
  const stride = (axis: 0 | 1): number => whole(before.stride[axis] * after.stride[axis]);
  return {
    ...before,
    ...after,
    stride: [stride(0), stride(1)],
    unsure: before.unsure || after.unsure,
  };
}

/** Mends what rounding did to a product of strides and their inverses, and keeps it countable. */
function whole(product: number): number {
  const countable = Math.min(product, 2 ** 50);
  const nearest = Math.round(countable);
  return Math.abs(countable - nearest) < 1e-9 ? nearest : countable;
}

function resizes({ before, after }: Passed): boolean {
  return (
    before.spatial.length !== after.spatial.length ||
    !before.spatial.every((extent, axis) => sameExtent(extent, after.spatial[axis] ?? -1))
  );
}

/** What changed height and width, where that is written. */
export function resizeLabel(resize: Passed, limits: InputLimits): Label {
  return { span: resize.sizeSpan ?? resize.span, text: describeResize(resize, limits) };
}

/** "halves 56x56 to 28x28": what an operation does to height and width. */
function describeResize({ before, after }: Passed, limits: InputLimits): string {
  if (after.spatial.length === 0) return `makes a vector of the map ${limits.print(before)}`;
  const [from, to] = [before, after].map(limits.printSpatial);
  const halves = before.spatial.every((extent, axis) => {
    const result = after.spatial[axis];
    return typeof extent === "number" && typeof result === "number" && result * 2 === extent;
  });
  return halves && before.spatial.length === 2
    ? `halves ${from} to ${to}`
    : `turns ${from} into ${to}`;
}

/** Where height and width, or the vector, come from, if an operation made them. */
export function sizeOrigin({ history }: Flow, limits: InputLimits): readonly Label[] {
  const { resize } = history;
  if (resize === undefined) return [];
  return [resizeLabel(resize, limits)];
}

/** Where the channels come from, if an operation made them. */
export function channelOrigin({ history }: Flow): readonly Label[] {
  const { widening } = history;
  if (widening === undefined) return [];
  return [{ span: widening.span, text: `makes ${widening.after.channels} channels` }];
}
