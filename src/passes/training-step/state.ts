/**
 * The state of a run as programs keep it: one piece for every canonical tensor that engines and checkpoints share,
 * under the same name and with its axes in the program's order.
 */
import type { Graph } from "../../graph/graph.js";
import { slotNames } from "../../recipe/optimizer-slots.js";
import type { Optimizer } from "../../recipe/recipe.js";
import { programParameters, type ProgramParameter } from "../lower/parameters.js";
import type { Shape } from "../program/value-type.js";

/** One piece of state: an input of a step and, under the same name, an output of it. */
export interface StateTensor {
  /** `weights/NODE.PARAMETER`, `optimizer/SLOT/NODE.PARAMETER` or `average/NODE.PARAMETER`. */
  readonly name: string;
  /** The shape in the program. */
  readonly shape: Shape;
  /** The canonical shape. */
  readonly canonical: Shape;
  /** Axis i in the program is axis `permutation[i]` of the canonical layout. */
  readonly permutation: readonly number[];
}

/** The parameters of a graph as a step takes them. @param frozen the nodes whose parameters are not trained. */
export function stepParameters(
  graph: Graph,
  frozen: ReadonlySet<string>,
): readonly ProgramParameter[] {
  return programParameters(graph).map((parameter) => ({
    ...parameter,
    trainable: parameter.trainable && !frozen.has(parameter.node),
  }));
}

/**
 * All pieces of state of a training run, in the order of a step's inputs.
 * @param optimizer left out for an evaluation, whose state is the weights alone.
 * @param averaged whether a moving average of the weights is kept.
 */
export function stateTensors(
  parameters: readonly ProgramParameter[],
  optimizer: Optimizer["kind"] | undefined,
  averaged = false,
): readonly StateTensor[] {
  const slots = optimizer === undefined ? [] : slotNames[optimizer];
  const trained = parameters.filter(({ trainable }) => trainable);
  return [
    ...parameters.map((parameter) => piece("weights", parameter)),
    ...slots.flatMap((slot) => trained.map((parameter) => piece(`optimizer/${slot}`, parameter))),
    ...(averaged ? parameters.map((parameter) => piece("average", parameter)) : []),
  ];
}

function piece(
  prefix: string,
  { key, shape: canonical, programShape: shape, permutation }: ProgramParameter,
): StateTensor {
  return { name: `${prefix}/${key}`, shape, canonical, permutation };
}
