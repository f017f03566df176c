/** Refuses a network whose weights no process can hold, before anything is allocated for it. */
import { grouped } from "../diagnostics/numbers.js";
import { graphParameters } from "../graph/parameters.js";
import type { Graph } from "../graph/graph.js";
import { elementCount } from "../shapes/index.js";
import { EngineError } from "./engine.js";

/** As many float32 numbers as fit into 8 GB; the largest published residual networks have a tenth. */
const weightLimit = 2 ** 31;

/** @throws EngineError naming the largest parameter where the weights exceed `weightLimit`. */
export function checkNetworkSize(graph: Graph): void {
  const sizes = graphParameters(graph).map(({ key, node, shape }) => ({
    key,
    node,
    size: elementCount(shape),
  }));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  if (total <= weightLimit) return;
  const largest = sizes.reduce((most, each) => (each.size > most.size ? each : most));
  throw new EngineError(
    `${graph.name} has ${grouped(total)} weights, and ${grouped(weightLimit)} is the limit`,
    `the largest is ${largest.key} with ${grouped(largest.size)}: give it fewer channels`,
    largest.node,
  );
}
