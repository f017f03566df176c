/** Graphs of specs, for tests that look at graphs. */
import type { Graph } from "../../src/graph/graph.js";
import { check } from "../../src/check/check.js";
import { MemoryHost, render } from "../check/memory-host.js";

/** The graphs of all networks of a file under `specs/`, by name. @throws Error where it is not valid. */
export function graphsOf(
  path: string,
  files: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, Graph> {
  const { diagnostics, networks } = check(path, new MemoryHost(files));
  if (diagnostics.length > 0) throw new Error(render(diagnostics));
  return new Map(networks.flatMap(({ name, graph }) => (graph ? [[name, graph] as const] : [])));
}

/** The graph of the last network of a text. */
export function graphOf(text: string): Graph {
  const graph = [...graphsOf("spec.resnet", { "spec.resnet": text }).values()].at(-1);
  if (graph === undefined) throw new Error("the text has no network");
  return graph;
}

/** A network of one input, a body and no more. */
export function network(input: string, body: string): Graph {
  return graphOf(`network Net {\n  input ${input}\n  ${body}\n  head { relu }\n}\n`);
}
