/** The networks that the pictures are tested on: every spec that comes with the package, and the constructs' own. */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { check } from "../../src/check/check.js";
import type { Graph } from "../../src/graph/graph.js";
import { NodeHost } from "../../src/host/node-host.js";

const repository = resolve(import.meta.dirname, "..", "..");

const specs = join(repository, "specs");
const files = [
  ...readdirSync(specs).map((name) => join(specs, name)),
  join(import.meta.dirname, "fixtures", "pyramid.resnet"),
  join(repository, "test", "graph", "fixtures", "every-construct.resnet"),
];

/** Every network of a file that can be built as it stands. */
export function networksOf(file: string): readonly Graph[] {
  const { networks } = check(file, new NodeHost(repository));
  return networks.flatMap(({ graph }) => (graph ? [graph] : []));
}

/** All of them, but the largest of the family for CIFAR, which only repeats its blocks. */
export const networks: readonly (readonly [name: string, graph: Graph])[] = files.flatMap((file) =>
  networksOf(file)
    .filter(({ name }) => name !== "ResNet1202")
    .map((graph) => [graph.name, graph] as const),
);

/** The one network of that name. */
export function network(name: string): Graph {
  const found = networks.find(([each]) => each === name);
  if (found === undefined) throw new RangeError(`there is no network ${name}`);
  return found[1];
}
