/**
 * Whether a checkpoint is of the network of the spec that is named with it. It carries its own network, and would answer for
 * that: of a spec that has changed since, or of another file with a recipe of the same name.
 */
import { printTakenImages } from "../graph/refused-sizes.js";
import type { Graph } from "../graph/graph.js";
import { architectureFault } from "../train/architecture.js";
import type { Checkpoint } from "../train/checkpoint.js";
import { CheckpointError } from "../train/errors.js";
import { givenToRun } from "./run-given.js";
import { networkNames, openNetwork, openRecipe, specPlace } from "./spec.js";

/** A checkpoint, and how it came to be meant. */
export interface MeantCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** Whether it is named by itself, beside the spec; else it is of a run of the spec's recipe. */
  readonly isNamed: boolean;
}

/**
 * The network is made with what the run was given. Of a checkpoint of an earlier resnetc, which does not say that, only the
 * network's name is asked.
 *
 * @param recipeName where the spec has several.
 * @throws CheckpointError naming what differs. @throws SpecError, UsageError where the spec has no such network.
 */
export function holdToSpec(
  { path, checkpoint, isNamed }: MeantCheckpoint,
  spec: string,
  recipeName: string | undefined,
): void {
  const { name } = checkpoint.graph;
  const names = networkNames(spec);
  if (isNamed && !names.includes(name)) {
    throw new CheckpointError(
      `${path} is a checkpoint of ${name}, and ${spec} has ${names.join(", ")}`,
      "leave out the spec, which the checkpoint does not need, or name a checkpoint of that network",
    );
  }
  if (checkpoint.given === undefined) return;
  const { parameters } = givenToRun({}, checkpoint.given);
  const { graph } = isNamed
    ? openNetwork(`${specPlace(spec).file}#${name}`, { parameters })
    : openRecipe(spec, recipeName, { parameters });
  refuseOther(path, checkpoint, graph, spec);
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
