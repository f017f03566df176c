/**
 * How a program keeps the state of a run, and how that comes from and goes to the canonical tensors that
 * engines and checkpoints share.
 */
import type { Graph } from "../../graph/graph.js";
import { slotNames } from "../../recipe/optimizer-slots.js";
import type { Optimizer } from "../../recipe/recipe.js";
import { elementCount } from "../../shapes/index.js";
import { programParameters, type ProgramParameter } from "../lower/parameters.js";
import type { ProgramBuilder } from "../program/builder.js";
import { indexAt, positionsOf, stridesOf } from "../program/positions.js";
import { valueOf, type Value } from "../program/program.js";
import type { Shape } from "../program/value-type.js";

/**
 * `tensors`: one piece of state per parameter. `vectors`: all parameters that are treated alike in one
 * vector, so that an update is a few large operations instead of hundreds of tiny ones.
 */
export type StateForm = "tensors" | "vectors";

/** Parameters that live in one piece of state. */
export interface ParameterGroup {
  readonly name: string;
  readonly trainable: boolean;
  readonly decays: boolean;
  readonly shape: Shape;
  readonly members: readonly (ProgramParameter & { readonly offset: number })[];
}

/** One piece of state: an input of a step and, under the same name, an output of it. */
export interface StateTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly parts: readonly StatePart[];
}

/** Where a canonical tensor lies in a piece of state. */
export interface StatePart {
  /** `weights/NODE.PARAMETER`, `optimizer/SLOT/NODE.PARAMETER` or `average/NODE.PARAMETER`. */
  readonly name: string;
  /** The canonical shape. */
  readonly shape: Shape;
  /** Axis i in the program is axis `permutation[i]` of the canonical layout. */
  readonly permutation: readonly number[];
  /** The index of its first element. */
  readonly offset: number;
}

/** The groups of a graph's parameters. @param frozen the nodes whose parameters are not trained. */
export function parameterGroups(
  graph: Graph,
  form: StateForm,
  frozen: ReadonlySet<string> = new Set(),
): readonly ParameterGroup[] {
  const parameters = programParameters(graph).map((parameter) => ({
    ...parameter,
    trainable: parameter.trainable && !frozen.has(parameter.node),
  }));
  if (form === "tensors") {
    return parameters.map((parameter) => ({
      name: parameter.key,
      trainable: parameter.trainable,
      decays: parameter.decays,
      shape: parameter.programShape,
      members: [{ ...parameter, offset: 0 }],
    }));
  }
  return [
    vector("decayed", parameters, true, true),
    vector("undecayed", parameters, true, false),
    vector("kept-decayed", parameters, false, true),
    vector("kept", parameters, false, false),
  ].filter(({ members }) => members.length > 0);
}

function vector(
  name: string,
  parameters: readonly ProgramParameter[],
  trainable: boolean,
  decays: boolean,
): ParameterGroup {
  let offset = 0;
  const members = parameters
    .filter((parameter) => parameter.trainable === trainable && parameter.decays === decays)
    .map((parameter) => {
      const member = { ...parameter, offset };
      offset += elementCount(parameter.shape);
      return member;
    });
  return { name, trainable, decays, shape: [offset], members };
}

/**
 * All pieces of state of a training run, in the order of a step's inputs.
 * @param averaged whether a moving average of the weights is kept.
 */
export function stateTensors(
  groups: readonly ParameterGroup[],
  optimizer: Optimizer["kind"] | undefined,
  averaged = false,
): readonly StateTensor[] {
  const slots = optimizer === undefined ? [] : slotNames[optimizer];
  const piece = (prefix: string, { name, shape, members }: ParameterGroup): StateTensor => ({
    name: `${prefix}/${name}`,
    shape,
    parts: members.map(({ key, shape: canonical, permutation, offset }) => ({
      name: `${prefix}/${key}`,
      shape: canonical,
      permutation,
      offset,
    })),
  });
  return [
    ...groups.map((group) => piece("weights", group)),
    ...slots.flatMap((slot) =>
      groups.filter(({ trainable }) => trainable).map((group) => piece(`optimizer/${slot}`, group)),
    ),
    ...(averaged ? groups.map((group) => piece("average", group)) : []),
  ];
}

/** The members of a group, taken out of its value, by `NODE.PARAMETER`. */
export function takeApart(
  b: ProgramBuilder,
  { shape, members }: ParameterGroup,
  value: Value,
): Map<string, Value> {
  return new Map(
    members.map(({ key, programShape, offset }) => {
      const whole = members.length === 1 && elementCount(programShape) === elementCount(shape);
      const part = whole ? value : b.slice(value, [offset], [offset + elementCount(programShape)]);
      return [key, b.reshape(part, programShape)];
    }),
  );
}

/** The value of a group, put together of those of its members, by `NODE.PARAMETER`. */
export function putTogether(
  b: ProgramBuilder,
  { shape, members }: ParameterGroup,
  values: ReadonlyMap<string, Value>,
): Value {
  const parts = members.map(({ key, programShape }) => {
    const value = valueOf(values, key);
    return shape.length === 1 ? b.reshape(value, [elementCount(programShape)]) : value;
  });
  const [first] = parts;
  return parts.length === 1 && first !== undefined
    ? first
    : b.apply("concat", { axis: 0 }, ...parts);
}

type Numbers = Float32Array | Float64Array;

/** Writes canonical tensors, by name, into a piece of state. @throws RangeError where one is missing. */
export function packState<T extends Numbers>(
  { parts }: StateTensor,
  canonical: (name: string) => ArrayLike<number> | undefined,
  into: T,
): T {
  for (const part of parts) {
    const data = canonical(part.name);
    if (data?.length !== elementCount(part.shape)) {
      throw new RangeError(`${part.name} has ${data?.length ?? "no"} values`);
    }
    for (const [place, from] of canonicalPlaces(part)) into[place] = data[from] as number;
  }
  return into;
}

/** Reads the canonical tensors out of a piece of state, by name. */
export function unpackState(
  { parts }: StateTensor,
  state: ArrayLike<number>,
): Map<string, { readonly shape: Shape; readonly data: Float32Array }> {
  return new Map(
    parts.map((part) => {
      const data = new Float32Array(elementCount(part.shape));
      for (const [place, to] of canonicalPlaces(part)) data[to] = state[place] as number;
      return [part.name, { shape: part.shape, data }];
    }),
  );
}

/** Pairs of an index in the piece of state and the index in the canonical tensor. */
function* canonicalPlaces({
  shape,
  permutation,
  offset,
}: StatePart): Generator<readonly [number, number]> {
  const strides = stridesOf(shape);
  const moved = permutation.map((axis) => strides[axis] ?? 1);
  let place = offset;
  for (const position of positionsOf(permutation.map((axis) => shape[axis] ?? 1))) {
    yield [place++, indexAt(moved, position)];
  }
}
