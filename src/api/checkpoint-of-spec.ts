/**
 * Whether a checkpoint is of the network of the spec that is named with it. A checkpoint carries a network of its own, and
 * without this would answer by that one: where the spec has changed since, or another file has a recipe of the same name.
 */
import type { Graph } from "../graph/graph.js";
import { printTakenImages } from "../graph/refused-sizes.js";
import { architectureFault } from "../train/architecture.js";
import type { Checkpoint } from "../train/checkpoint.js";
import { CheckpointError } from "../train/errors.js";
import { SpecError } from "./errors.js";
import { givenToRun } from "./run-given.js";
import { networkNames, openNetwork, specPlace, trainedNetworks } from "./spec.js";

/** A checkpoint, and how it came to be meant. */
export interface MeantCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** Whether it is named by itself, beside the spec; else it is of a run of the spec's recipe. */
  readonly isNamed: boolean;
}

/**
 * The spec's network is made with the parameters that the run was given; what is wrong with recipes does not count. An
 * earlier resnetc kept no parameters, and of its checkpoints no more is asked than a name, of those that are named.
 *
 * @param recipeName where the spec has several.
 * @throws CheckpointError naming what differs. @throws SpecError where the network is in error.
 */
export function holdToSpec(
  meant: MeantCheckpoint,
  spec: string,
  recipeName: string | undefined,
): void {
  const { path, checkpoint, isNamed } = meant;
  const { name } = checkpoint.graph;
  const names = networkNames(spec);
  if (isNamed && !names.includes(name)) {
    throw new CheckpointError(
      `${path} is a checkpoint of ${name}, and ${spec} has ${names.join(", ")}`,
      "leave out the spec, which the checkpoint does not need, or name a checkpoint of that network",
    );
  }
  if (checkpoint.given === undefined) return;
  const network = isNamed ? name : networkOf(meant, spec, recipeName ?? checkpoint.recipe.name);
  const { parameters } = givenToRun({}, checkpoint.given);
  const graph = graphWith(`${specPlace(spec).file}#${network}`, parameters);
  refuseOther(path, checkpoint, graph, spec);
}

/** What the recipe of a run trains in the spec; where that has no such recipe, its network of the same name, or its only one. */
function networkOf(
  { path, checkpoint: { graph } }: MeantCheckpoint,
  spec: string,
  recipeName: string,
): string {
  const names = networkNames(spec);
  const trained = trainedNetworks(spec).get(recipeName);
  if (trained !== undefined && names.includes(trained)) return trained;
  const [only = "", ...others] = names;
  if (names.includes(graph.name)) return graph.name;
  if (others.length === 0) return only;
  throw new CheckpointError(
    `${path} is of ${graph.name}, and ${spec} has ${names.join(", ")}`,
    `leave out the spec: \`--checkpoint ${path}\``,
  );
}

/** The network as the run had it, without those of the run's parameters that it no longer takes. */
function graphWith(spec: string, parameters: ReturnType<typeof givenToRun>["parameters"]): Graph {
  try {
    return openNetwork(spec, { parameters, recipes: false }).graph;
  } catch (error) {
    if (!(error instanceof SpecError) || !parameters) throw error;
    const refused = new Set(error.diagnostics.map(({ span }) => span?.file));
    const taken = new Map([...parameters].filter(([, { span }]) => !refused.has(span.file)));
    if (taken.size === parameters.size) throw error;
    return graphWith(spec, taken);
  }
}

function refuseOther(path: string, checkpoint: Checkpoint, graph: Graph, spec: string): void {
  const alone = `\`--checkpoint ${path}\` without the spec asks the network that was trained`;
  const fault = architectureFault(checkpoint, graph);
  if (fault !== undefined) {
    throw new CheckpointError(
      `${path} is of another network than ${graph.name} of ${spec}: ${fault.differences}`,
      `train this one; ${alone}`,
    );
  }
  const [there, here] = [checkpoint.graph, graph].map(printTakenImages);
  if (there === here) return;
  throw new CheckpointError(
    `${path} is of a network that takes ${there}, and ${graph.name} of ${spec} takes ${here}`,
    `\`--weights ${path}\` takes its weights for this one; ${alone}`,
  );
}
