/**
 * Lowers a checked graph, at a batch size and an input size, to the primitives of a tensor program:
 * every node's value has the type that the checker derived.
 */
import type { Graph, Node, NodeOf } from "../../graph/graph.js";
import { inputOf, typeAt, type Sizes } from "../../graph/traversal.js";
import type { OpName } from "../../ops/attributes.js";
import type { TensorType } from "../../shapes/index.js";
import { ProgramBuilder } from "../program/builder.js";
import { valueOf, type Program, type Value } from "../program/program.js";
import { printValueType, sameShape, type Shape } from "../program/value-type.js";
import { lowerings } from "./operations.js";
import { programParameters } from "./parameters.js";
import type { Lower, Pass, Place } from "./place.js";

export interface Forward {
  /** The value of every output, (N, classes), by the head's name, in the graph's order. */
  readonly heads: ReadonlyMap<string, Value>;
  /** In training, what each moving statistic becomes, by `NODE.PARAMETER`. */
  readonly moved: ReadonlyMap<string, Value>;
}

/**
 * Writes the forward pass of `graph` on `images` (N, H, W, C).
 * @param parameters by `NODE.PARAMETER`, in the layout of `programParameters`.
 * @throws RangeError where a parameter or the size of a symbol is missing.
 */
export function lowerGraph(
  b: ProgramBuilder,
  graph: Graph,
  images: Value,
  parameters: ReadonlyMap<string, Value>,
  pass: Pass,
  sizes: Sizes = new Map(),
): Forward {
  const values = new Map<string, Value>();
  const moved = new Map<string, Value>();
  const batch = images.type.shape[0] ?? 1;
  for (const node of graph.nodes) {
    const inputs =
      node.op === "input" ? [images] : node.inputs.map((name) => valueOf(values, name));
    const place: Omit<Place<OpName>, "node"> = {
      b,
      inputs,
      pass,
      parameter: (name) => valueOf(parameters, `${node.name}.${name}`),
      move: (name, value) => moved.set(`${node.name}.${name}`, value),
    };
    const value = b.within(node.name, () => lowerNode(node, place));
    const wanted = programShape(typeAt(node.type, sizes), batch);
    if (!sameShape(value.type.shape, wanted)) {
      const shown = printValueType(value.type);
      throw new RangeError(`${node.name} became ${shown}, not [${wanted.join(",")}]`);
    }
    values.set(node.name, value);
  }
  const heads = graph.outputs.map(({ name, node }) => [name, valueOf(values, node)] as const);
  return { heads: new Map(heads), moved };
}

function lowerNode<K extends OpName>(
  node: Node & NodeOf<K>,
  place: Omit<Place<OpName>, "node">,
): Value {
  const lower: Lower<K> = lowerings[node.op as K];
  return lower({ ...place, node });
}

/** (N, C, H, W) or (N, C). */
function programShape({ channels, spatial }: TensorType, batch: number): Shape {
  return [batch, channels, ...spatial.map(Number)];
}

/** The type of a batch of images in the canonical layout, (N, H, W, C). */
export function imageShape(graph: Graph, batch: number, sizes: Sizes = new Map()): Shape {
  const { channels, spatial } = typeAt(inputOf(graph).type, sizes);
  return [batch, ...spatial.map(Number), channels];
}

/**
 * The network as a function of `images` (N, H, W, C) and `weights/NODE.PARAMETER` to the logits of
 * every head, by its name, with the moving statistics.
 */
export function lowerInference(graph: Graph, batch: number, sizes: Sizes = new Map()): Program {
  const b = new ProgramBuilder();
  const images = b.input("images", { dtype: "f32", shape: imageShape(graph, batch, sizes) });
  const parameters = new Map(
    programParameters(graph).map(({ key, programShape: shape }) => [
      key,
      b.input(`weights/${key}`, { dtype: "f32", shape }),
    ]),
  );
  const { heads } = lowerGraph(b, graph, images, parameters, { kind: "inference" }, sizes);
  for (const [name, logits] of heads) b.output(name, logits);
  return b.build(graph.name);
}
