/**
 * The names that torchvision's residual networks give to a graph's tensors (`conv1.weight`,
 * `layer2.0.downsample.1.running_var`, `fc.bias`), found from the structure of the graph: its stem, the
 * number of a stage, of a block, and of a convolution within the residual or the shortcut. Published
 * networks for CIFAR are named in the same way. Source: torchvision/models/resnet.py, `ResNet`.
 */
import type { Graph, Node, Region } from "../../graph/graph.js";
import { graphParameters } from "../../graph/parameters.js";
import { nodesByName } from "../../graph/traversal.js";
import type { ParameterName } from "../../ops/operation.js";
import type { TensorKind } from "./layout.js";

/** One tensor by both names. */
export interface TorchTensor {
  /** `NODE.PARAMETER` of the graph. */
  readonly key: string;
  readonly node: string;
  /** The module, such as `layer2.0.bn1`, and the tensor in it, such as `running_mean`. */
  readonly module: string;
  readonly name: string;
  readonly kind: TensorKind;
  /** Its shape in the graph. */
  readonly shape: readonly number[];
}

export interface TorchNames {
  /** In the order of the graph, which is that of torchvision's state dictionaries. */
  readonly tensors: readonly TorchTensor[];
  /** What has no counterpart there, each with the reason; the names hold only where this is empty. */
  readonly unnamed: readonly string[];
}

const parameterNames: Readonly<Record<ParameterName, string>> = {
  kernel: "weight",
  bias: "bias",
  gamma: "weight",
  beta: "bias",
  moving_mean: "running_mean",
  moving_variance: "running_var",
};

/** The names of all tensors of a graph. */
export function torchNames(graph: Graph): TorchNames {
  const nodes = nodesByName(graph);
  const naming = new Naming(graph, nodes);
  const modules = new Map<string, string>();
  const unnamed = new Map<string, string>();
  const tensors: TorchTensor[] = [];
  for (const { key, node: name, name: parameter, shape } of graphParameters(graph)) {
    const node = nodes.get(name);
    if (node === undefined) throw new RangeError(`${graph.name} has no node ${name}`);
    if (!modules.has(name) && !unnamed.has(name)) {
      const found = naming.moduleOf(node);
      if ("module" in found) modules.set(name, found.module);
      else unnamed.set(name, `${name} ${found.because}`);
    }
    const module = modules.get(name);
    if (module === undefined) continue;
    if (node.op === "conv" && parameter === "bias") {
      unnamed.set(key, `${key} is a convolution's bias, and there convolutions have none`);
      continue;
    }
    const torch = `${module}.${parameterNames[parameter]}`;
    tensors.push({ key, node: name, module, name: torch, kind: kindOf(node, parameter), shape });
  }
  return { tensors, unnamed: [...unnamed.values()] };
}

function kindOf({ op }: Node, parameter: ParameterName): TensorKind {
  if (parameter !== "kernel") return "vector";
  return op === "conv" ? "convolution" : "dense";
}

type Found = { readonly module: string } | { readonly because: string };

/** Names the nodes in the graph's order, counting as it goes. */
class Naming {
  readonly #counts = new Map<string, number>();
  /** The number of each convolution that has been named, in its residual, shortcut or stem. */
  readonly #numbers = new Map<string, number>();
  readonly #stages: readonly Region[];

  constructor(
    private readonly graph: Graph,
    private readonly nodes: ReadonlyMap<string, Node>,
  ) {
    this.#stages = graph.regions.filter(({ kind }) => kind === "stage");
  }

  moduleOf(node: Node): Found {
    const region = this.graph.regions.find(({ name }) => node.name.startsWith(`${name}.`));
    if (region === undefined) return { because: "stands outside of stem, stages and heads" };
    switch (region.kind) {
      case "stem":
        return this.#inStem(node);
      case "stage":
        return this.#inStage(node, region);
      case "head":
        return this.#inHead(node);
    }
  }

  #inStem(node: Node): Found {
    const found = this.#numbered(node, "stem");
    if ("because" in found) return found;
    if (found.number === 1) return { module: `${found.letters}1` };
    return { because: "is the stem's second, and there a stem has one convolution" };
  }

  #inStage(node: Node, region: Region): Found {
    const place = node.name.slice(region.name.length + 1);
    const match = /^block(\d+)\.(residual|shortcut)\.[^.]+$/.exec(place);
    const [, block, branch] = match ?? [];
    if (block === undefined) {
      return { because: "is in no residual and no shortcut of a block of its stage" };
    }
    const layer = `layer${this.#stages.indexOf(region) + 1}.${Number(block) - 1}`;
    const found = this.#numbered(node, `${layer}.${branch}`);
    if ("because" in found) return found;
    if (branch === "residual") return { module: `${layer}.${found.letters}${found.number}` };
    if (found.number === 1) return { module: `${layer}.downsample.${found.place}` };
    return { because: "is the shortcut's second, and there a shortcut has one convolution" };
  }

  #inHead(node: Node): Found {
    if (node.op !== "dense")
      return { because: `is a ${node.op} in a head, and there is none there` };
    if (this.#count("fc") > 1) {
      return { because: "is a second dense layer, and there the only one is `fc`" };
    }
    const [flattened] = node.inputs.map((name) => this.nodes.get(name));
    const map = flattened?.op === "flatten" ? this.nodes.get(flattened.inputs[0] ?? "") : undefined;
    if (map?.type.spatial.some((extent) => extent !== 1)) {
      return { because: "takes a flattened map, and there it takes the mean over the map" };
    }
    return { module: "fc" };
  }

  /** A convolution, or the batch norm that follows it, by its number at a place. */
  #numbered(
    { op, name, inputs }: Node,
    place: string,
  ): { letters: "conv" | "bn"; number: number; place: 0 | 1 } | { because: string } {
    if (op === "conv") {
      const number = this.#count(place);
      this.#numbers.set(name, number);
      return { letters: "conv", number, place: 0 };
    }
    if (op !== "batchnorm") return { because: `is a ${op} outside of the head` };
    const number = this.#numbers.get(inputs[0] ?? "");
    if (number === undefined) {
      return { because: "follows no convolution, and there every batch norm does" };
    }
    return { letters: "bn", number, place: 1 };
  }

  #count(what: string): number {
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    return count;
  }
}
