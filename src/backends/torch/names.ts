/**
 * The names that torchvision's residual networks give to a graph's tensors (`conv1.weight`,
 * `layer2.0.downsample.1.running_var`, `fc.bias`), found from the structure of the graph: its stem, the
 * number of a stage, of a block, and of a convolution within the residual or the shortcut. Published
 * networks for CIFAR are named in the same way, and so are timm's with what torchvision's have not: a stem
 * of three convolutions and pools in the shortcuts (ResNet-D), and gates (SE-ResNet). Sources:
 * torchvision/models/resnet.py, `ResNet`; timm/models/resnet.py, `ResNet`, `downsample_avg`;
 * timm/layers/squeeze_excite.py, `SEModule`.
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
    if (node.op === "conv" && parameter === "bias" && !isInGate(node)) {
      unnamed.set(key, `${key} is a convolution's bias, and there convolutions have none`);
      continue;
    }
    const torch = `${module}.${parameterNames[parameter]}`;
    tensors.push({ key, node: name, module, name: torch, kind: kindOf(node, parameter), shape });
  }
  return { tensors, unnamed: [...unnamed.values()] };
}

function kindOf(node: Node, parameter: ParameterName): TensorKind {
  if (parameter !== "kernel") return "vector";
  if (node.op === "conv") return "convolution";
  return isInGate(node) ? "pointwise" : "dense";
}

/** Whether it is in a gate of a residual, whose layers are 1x1 convolutions there. */
function isInGate({ name }: Node): boolean {
  return /\.residual\.(.*\.)?gate\.[^.]+$/.test(name);
}

/** `block2.residual.conv` in a stage: the block, which branch of it, and the place in that. */
const placeInBlock = /^(.+?)\.(residual|shortcut)\.(.+)$/;

type Found = { readonly module: string } | { readonly because: string };

/** The rest of a node's name, behind that of its region. */
function placeIn({ name }: Region, node: string): string {
  return node.slice(name.length + 1);
}

/** Names the nodes in the graph's order, counting as it goes. */
class Naming {
  readonly #counts = new Map<string, number>();
  /** The number of each convolution that has been named, in its residual, shortcut or stem. */
  readonly #numbers = new Map<string, number>();
  readonly #stages: readonly Region[];
  /** Of each stage its blocks, in their order, by where they stand in it. */
  readonly #blocks = new Map<Region, string[]>();
  /** How many convolutions the stem has. */
  readonly #stemConvolutions: number;
  /** Whether shortcuts have an average pool; there all have a place for one then. */
  readonly #poolsInShortcuts: boolean;

  constructor(
    private readonly graph: Graph,
    private readonly nodes: ReadonlyMap<string, Node>,
  ) {
    this.#stages = graph.regions.filter(({ kind }) => kind === "stage");
    for (const { name } of graph.nodes) {
      const stage = this.#regionOf(name);
      const [, block] = stage === undefined ? [] : (placeInBlock.exec(placeIn(stage, name)) ?? []);
      if (stage === undefined || block === undefined) continue;
      const blocks = this.#blocks.get(stage) ?? [];
      this.#blocks.set(stage, blocks);
      if (!blocks.includes(block)) blocks.push(block);
    }
    this.#stemConvolutions = graph.nodes.filter(
      ({ op, name }) => op === "conv" && this.#regionOf(name)?.kind === "stem",
    ).length;
    this.#poolsInShortcuts = graph.nodes.some((node) => this.#followsPoolInShortcut(node));
  }

  moduleOf(node: Node): Found {
    const region = this.#regionOf(node.name);
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

  #regionOf(name: string): Region | undefined {
    return this.graph.regions.find((region) => name.startsWith(`${region.name}.`));
  }

  /** Three convolutions with what is between them are one module, `conv1`, and the last batch norm is `bn1`. */
  #inStem(node: Node): Found {
    const found = this.#numbered(node, "stem");
    if ("because" in found) return found;
    const { letters, number, place } = found;
    const convolutions = this.#stemConvolutions;
    if (convolutions === 1) return { module: `${letters}1` };
    if (convolutions !== 3) {
      return {
        because: `is in a stem of ${convolutions} convolutions, and there it has one or three`,
      };
    }
    if (letters === "bn" && number === convolutions) return { module: "bn1" };
    return { module: `conv1.${3 * (number - 1) + place}` };
  }

  #inStage(node: Node, region: Region): Found {
    const [, block = "", branch, place = ""] = placeInBlock.exec(placeIn(region, node.name)) ?? [];
    const number = this.#blocks.get(region)?.indexOf(block) ?? -1;
    const layer = `layer${this.#stages.indexOf(region) + 1}.${number}`;
    if (branch === "residual" && isInGate(node)) return this.#inGate(node, layer);
    if (number < 0 || place.includes(".")) {
      return { because: "is in no residual and no shortcut of a block of its stage" };
    }
    const found = this.#numbered(node, `${layer}.${branch}`);
    if ("because" in found) return found;
    if (branch === "residual") return { module: `${layer}.${found.letters}${found.number}` };
    if (found.number > 1) {
      return { because: "is the shortcut's second, and there a shortcut has one convolution" };
    }
    if (!this.#poolsInShortcuts) return { module: `${layer}.downsample.${found.place}` };
    if (node.op === "conv" && node.attributes.stride.some((step) => step > 1)) {
      return { because: "has a stride, and there it is the average pool before it that has one" };
    }
    return { module: `${layer}.downsample.${found.place + 1}` };
  }

  #followsPoolInShortcut({ op, name, inputs }: Node): boolean {
    return (
      op === "conv" &&
      /\.shortcut\.[^.]+$/.test(name) &&
      this.nodes.get(inputs[0] ?? "")?.op === "avgpool"
    );
  }

  /** The two layers of a gate at a residual's end. */
  #inGate(node: Node, layer: string): Found {
    if (node.op !== "dense" && node.op !== "conv") {
      return { because: `is a ${node.op} in a gate, and there is none there` };
    }
    if (!this.#endsResidual(node)) {
      return { because: "is in a gate within a residual, and there a gate is at its end" };
    }
    if (!node.attributes.bias) {
      return { because: "has no bias, and there the layers of a gate have one" };
    }
    const number = this.#count(`${layer}.gate`);
    if (number <= 2) return { module: `${layer}.se.fc${number}` };
    return { because: "is the third layer of gates, and there a residual has one gate of two" };
  }

  /** Whether what a gate gives is what is added to the shortcut. */
  #endsResidual({ name }: Node): boolean {
    const around = name.slice(0, name.lastIndexOf(".gate.") + 1);
    const added = this.graph.nodes.flatMap(({ op, inputs }) => (op === "add" ? inputs : []));
    return added.some((each) => each.startsWith(around) && this.nodes.get(each)?.op === "multiply");
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
