/**
 * The weights of a file as those of a network: by the graph's names, by torchvision's or by those of
 * CIFAR's published networks, whichever the file has. Every tensor of the network is found, of its shape, and none is
 * left over; only a head may be missing or of another number of classes, where a new run gives it fresh weights, and
 * the first convolution may be of colours, where one takes it for grey images.
 */
import { fromCifar, isCifarName, toCifar } from "../../backends/torch/cifar-names.js";
import { CentredPadding } from "../../backends/torch/centred-padding.js";
import { fromTorch, shapeFromTorch, torchShape } from "../../backends/torch/layout.js";
import { torchNames } from "../../backends/torch/names.js";
import { strideNotes } from "../../backends/torch/stride.js";
import { listed } from "../../diagnostics/lists.js";
import type { NamedTensor } from "../../engines/engine.js";
import { classifierNodes } from "../../graph/classifiers.js";
import type { Graph } from "../../graph/graph.js";
import { graphParameters } from "../../graph/parameters.js";
import { CheckpointError } from "../errors.js";
import { describeFaults, type Faults } from "./faults.js";
import { colourAxis, greyStems, summedOver } from "./grey-stem.js";
import { withoutPrefix } from "./prefixes.js";
import type { WeightFile } from "./weight-file.js";

/** What was taken from a file. */
export interface MatchedWeights {
  /** By `NODE.PARAMETER`, in the canonical layout. */
  readonly weights: ReadonlyMap<string, NamedTensor>;
  /** Whose names the file has. */
  readonly names: "graph" | "torchvision" | "cifar";
  /** Heads that keep fresh weights, each as `classify.dense starts fresh: 1000 classes there, 10 here`. */
  readonly fresh: readonly string[];
  /** What a person should hear of how they were taken. */
  readonly notes: readonly string[];
}

export interface MatchOptions {
  /** Lets heads that the file has not, or of another number of classes, keep fresh weights. */
  readonly freshHeads?: boolean;
  /** Lets the first convolution of a network for grey images be of colours, over which it is summed. */
  readonly greyStem?: boolean;
  /** What to do where the tensors are not the network's; told by what is wrong where left out. */
  readonly help?: string | undefined;
}

/** A tensor of the network as the file should have it. */
interface Wanted {
  readonly key: string;
  readonly node: string;
  readonly shape: readonly number[];
  readonly name: string;
  readonly shapeThere: readonly number[];
  shapeHere(there: readonly number[]): readonly number[] | undefined;
  take(tensor: NamedTensor): NamedTensor;
}

/** @throws CheckpointError naming what is missing, unknown or of another shape, and what to do. */
export function matchWeights(
  graph: Graph,
  file: WeightFile,
  { freshHeads = false, greyStem = false, help }: MatchOptions = {},
): MatchedWeights {
  const { names, wanted, found, notes = [] } = namesOf(graph, file);
  const stems = greyStem ? greyStems(graph) : new Set<string>();
  const summed: string[] = [];
  const weights = new Map<string, NamedTensor>();
  const faults: Faults = { missing: [], unknown: [], shapes: [] };
  const heads = new Map<string, number | undefined>();
  const left = new Set(found.keys());
  for (const each of wanted) {
    const tensor = found.get(each.name);
    const axis = tensor && colourAxisOf(stems, each, tensor.shape);
    left.delete(each.name);
    if (tensor === undefined) {
      if (!(freshHeads && isLeftOut(graph, each, wanted, found))) faults.missing.push(each.name);
      else heads.set(each.node, undefined);
    } else if (tensor.shape.join() === each.shapeThere.join()) {
      weights.set(each.key, each.take(tensor));
    } else if (axis !== undefined) {
      weights.set(each.key, each.take(summedOver(tensor, axis)));
      summed.push(`${each.name} is summed over its 3 input channels, for images of 1`);
    } else {
      const classes = freshHeads ? otherClasses(graph, each, tensor.shape) : undefined;
      if (classes !== undefined) heads.set(each.node, classes);
      else faults.shapes.push({ name: each.name, there: tensor.shape, here: each.shapeThere });
    }
  }
  faults.unknown.push(...left);
  if (faults.missing.length + faults.unknown.length + faults.shapes.length > 0) {
    throw misfit(graph, file, { names, faults, wanted, freshHeads, help });
  }
  for (const { key, node } of wanted) if (heads.has(node)) weights.delete(key);
  const fresh = [...heads].map(([node, classes]) => {
    const here = wanted.find((each) => each.node === node)?.shape.at(-1);
    const there = classes === undefined ? "no such head" : `${classes} classes`;
    return `${node} starts fresh: ${there} there, ${here} here`;
  });
  const doubt = names === "torchvision" && CentredPadding.isIn(graph) && hasNoHead(heads);
  return {
    weights,
    names,
    fresh,
    notes: [...(file.notes ?? []), ...notes, ...summed, ...(doubt ? [paddingUnknown] : [])],
  };
}

/** Published networks for CIFAR are known by their head. */
const paddingUnknown =
  "without its head, the file does not say on which side of the channels its shortcuts pad: at their end, as here";

function hasNoHead(heads: ReadonlyMap<string, number | undefined>): boolean {
  return [...heads.values()].includes(undefined);
}

/** The names that fit more of the file's tensors. */
function namesOf(
  graph: Graph,
  file: WeightFile,
): {
  readonly names: "graph" | "torchvision" | "cifar";
  readonly wanted: readonly Wanted[];
  readonly found: ReadonlyMap<string, NamedTensor>;
  readonly notes?: readonly string[];
} {
  const own: Wanted[] = graphParameters(graph).map(({ key, node, shape }) => ({
    ...{ key, node, shape, name: key, shapeThere: shape },
    shapeHere: (there) => there,
    take: (tensor) => tensor,
  }));
  const ownNames = new Set(own.map(({ name }) => name));
  const inOwn = withoutPrefix(file.tensors, (name) => ownNames.has(name));
  if (own.some(({ name }) => inOwn.has(name))) return { names: "graph", wanted: own, found: inOwn };
  const there = withoutPrefix(file.tensors, isTorchName);
  const mayBeThere = file.form === "safetensors" || file.form === "torch";
  if (!mayBeThere || ![...there.keys()].some(isTorchName)) throw foreign(graph, file);
  const { tensors, unnamed } = torchNames(graph);
  if (unnamed.length > 0) throw formless(graph, file, unnamed);
  const centred = padsBothSides(graph, there) ? new CentredPadding(graph) : undefined;
  const wanted: Wanted[] = tensors.map(({ key, node, shape, name, kind }) => ({
    ...{ key, node, shape, name, shapeThere: torchShape(kind, shape) },
    shapeHere: (there) => shapeFromTorch(kind, there),
    take(tensor) {
      const here = fromTorch(kind, tensor);
      return centred === undefined ? here : centred.fromThere(node, here);
    },
  }));
  const notes = [
    ...(centred
      ? ["shortcuts pad on both sides of the channels there, so these are reordered"]
      : []),
    ...strideNotes(graph),
  ];
  const names = [...there.keys()].some(isCifarName) ? "cifar" : "torchvision";
  return { names, wanted, found: torchTensors(there), notes };
}

/**
 * The tensors by torchvision's names, where the file's are variations of them that published networks
 * have: the head called `linear`, a projection `shortcut`. Counters of batches are no weights.
 */
function torchTensors(tensors: ReadonlyMap<string, NamedTensor>): Map<string, NamedTensor> {
  const renamed = [...tensors].map(([name, tensor]) => [fromCifar(name), tensor] as const);
  return new Map(renamed.filter(([name]) => !name.endsWith(".num_batches_tracked")));
}

/**
 * The published networks with shortcuts that pad are those of akamaster/pytorch_resnet_cifar10, which are
 * known by the name of their head.
 */
function padsBothSides(graph: Graph, tensors: ReadonlyMap<string, NamedTensor>): boolean {
  return (
    CentredPadding.isIn(graph) && [...tensors.keys()].some((name) => name.startsWith("linear."))
  );
}

/** Whether a network of torchvision's kind may have a tensor of that name. */
function isTorchName(name: string): boolean {
  return /^(layer\d+\.\d+\.)?(conv1|bn1|fc)\./.test(fromCifar(name));
}

/** Whether a tensor is of a head of which the file has nothing, but all of the rest: a backbone. */
function isLeftOut(
  graph: Graph,
  { node }: Wanted,
  wanted: readonly Wanted[],
  found: ReadonlyMap<string, NamedTensor>,
): boolean {
  const classifiers = classifierNodes(graph);
  const isHead = (name: string): boolean => classifiers.has(name);
  return (
    isHead(node) &&
    wanted.every((each) =>
      each.node === node ? !found.has(each.name) : isHead(each.node) || found.has(each.name),
    )
  );
}

/** Which axis of a tensor there is of colours, where the convolutions `stems` have one channel in their place. */
function colourAxisOf(
  stems: ReadonlySet<string>,
  { node, shape, shapeHere, shapeThere }: Wanted,
  there: readonly number[],
): number | undefined {
  const here = stems.has(node) ? shapeHere(there) : undefined;
  const isOfInput = here !== undefined && colourAxis(here, shape) === shape.length - 2;
  return isOfInput ? colourAxis(there, shapeThere) : undefined;
}

/** How many classes a head has in the file, where that is all that differs in one of its tensors. */
function otherClasses(
  graph: Graph,
  { node, shape, shapeHere }: Wanted,
  there: readonly number[],
): number | undefined {
  const isHead = classifierNodes(graph).has(node);
  const found = shapeHere(there);
  const differs = (extent: number, axis: number): boolean => extent !== shape[axis];
  if (!isHead || found?.length !== shape.length) return undefined;
  return found.slice(0, -1).some(differs) ? undefined : found.at(-1);
}

const shownNames = 4;

function foreign(graph: Graph, { path, tensors }: WeightFile): CheckpointError {
  const has =
    tensors.size === 0 ? "it has none at all" : `it has ${listed([...tensors.keys()], shownNames)}`;
  const wanted = graphParameters(graph).map(({ key }) => key);
  const wants = listed(wanted, shownNames);
  return new CheckpointError(
    `${path} has none of the tensors of ${graph.name}: ${has}; the network has ${wants}`,
    "name weights of this network, by the names of its graph, by torchvision's or by CIFAR's",
  );
}

function formless(graph: Graph, { path }: WeightFile, unnamed: readonly string[]): CheckpointError {
  return new CheckpointError(
    `${path} has torchvision's names, and ${graph.name} has not the form that they are for: ` +
      listed(unnamed, shownNames, ";"),
    "name weights of this network by the names of its graph, or change the network",
  );
}

interface Misfit extends Pick<MatchedWeights, "names"> {
  readonly faults: Faults;
  readonly wanted: readonly Wanted[];
  readonly freshHeads: boolean;
  readonly help: string | undefined;
}

function misfit(
  graph: Graph,
  { path }: WeightFile,
  { names, faults, wanted, freshHeads, help }: Misfit,
): CheckpointError {
  const there = names === "cifar" ? toCifar : (name: string): string => name;
  const called: Faults = {
    missing: faults.missing.map(there),
    unknown: faults.unknown.map(there),
    shapes: faults.shapes.map((fault) => ({ ...fault, name: there(fault.name) })),
  };
  const fits = wanted.length - faults.missing.length - faults.shapes.length;
  return new CheckpointError(
    `${path} has ${fits} of the ${wanted.length} tensors of ${graph.name}: ${describeFaults(called)}`,
    help ?? (freshHeads ? backboneHelp : misfitHelp(graph, faults, wanted)),
  );
}

const backboneHelp =
  "use a network that the weights are of; only its heads may be missing, or have other numbers of classes";

/** Where the classes alone differ, or the colours, that is the thing to change. */
function misfitHelp(graph: Graph, faults: Faults, wanted: readonly Wanted[]): string {
  const { missing, unknown, shapes } = faults;
  const stems = greyStems(graph);
  const differing = shapes.flatMap(({ name, there }) => {
    const each = wanted.find((one) => one.name === name);
    return each === undefined ? [] : [{ each, there }];
  });
  const classes = differing.map(({ each, there }) => otherClasses(graph, each, there));
  const [first] = classes;
  if (missing.length + unknown.length > 0 || differing.length === 0) return ofOtherSpec;
  if (first !== undefined && classes.every((each) => each === first)) {
    return (
      `give the network as many classes as the weights tell apart, as in \`--set classes=${first}\`, ` +
      "or train it from them: `resnetc train SPEC --weights FILE`"
    );
  }
  const isOfColours = differing.every(
    ({ each, there }) => colourAxisOf(stems, each, there) !== undefined,
  );
  return isOfColours ? ofColours : ofOtherSpec;
}

const ofOtherSpec = "use the spec, and the parameters (`--set`), that the weights are of";

const ofColours =
  "declare an input of 3 channels, which grey images are repeated over, " +
  "or train it from them for grey ones: `resnetc train SPEC --weights FILE`";
