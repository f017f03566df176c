/**
 * A network with its weights as an ONNX model that any ONNX runtime runs: standard operators alone, batch
 * norms folded into the convolutions before them, and everything that depends on the weights alone
 * computed beforehand in float64. The batch is open, and so are height and width where the spec's are.
 */
import type { Graph } from "../../graph/graph.js";
import { inputOf, type Sizes } from "../../graph/traversal.js";
import { interpretInto } from "../../passes/interpret/interpret.js";
import { transposed } from "../../passes/interpret/shaping.js";
import type { Tensor } from "../../passes/interpret/tensor.js";
import { lowerInference } from "../../passes/lower/lower.js";
import { programParameters } from "../../passes/lower/parameters.js";
import type { Program } from "../../passes/program/program.js";
import { inferenceRewrites, rewrite } from "../../passes/rewrites/pipeline.js";
import { splitPreparation, type Prepared } from "../../passes/rewrites/preparation.js";
import { elementCount, smallestSize, symbolExtent } from "../../shapes/index.js";
import { emitProgram } from "./emit.js";
import { withLayout, type Layout } from "./layout.js";
import type { OnnxModel } from "./model.js";
import type { OpenShape } from "./open-shape.js";

export interface Weights {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface InferenceOptions {
  /** Of the images and of heads that are maps; nchw, as most ONNX models have it, where left out. */
  readonly layout?: Layout;
  /** What the model carries beside the network, such as the names of its classes. */
  readonly metadata?: ReadonlyMap<string, string>;
}

/**
 * The model's input is `images`, its outputs are the heads' logits by the heads' names. The batch is the
 * symbol N (`batch` where the spec calls a size N).
 *
 * @param weights by `NODE.PARAMETER`, in the canonical layout of state and checkpoints.
 * @throws RangeError where a weight is missing or of another shape.
 */
export function inferenceModel(
  graph: Graph,
  weights: ReadonlyMap<string, Weights>,
  options: InferenceOptions = {},
): OnnxModel {
  const { layout = "nchw", metadata = new Map<string, string>() } = options;
  const lowered = rewrite(lowerInference(graph, 1, smallestSizes(graph)), inferenceRewrites);
  const prepared = splitPreparation(withLayout(lowered, layout), isWeight);
  const program = withInput(prepared.rest, inputName(graph));
  const { model } = emitProgram(program, {
    constants: constantsOf(graph, prepared, weights),
    open: new Map([[inputName(graph), openImages(graph, layout)]]),
    nameOutput: (name) => name,
  });
  return { ...model, metadata, documentation: documentationOf(graph, layout) };
}

function isWeight(input: string): boolean {
  return input.startsWith("weights/");
}

/** `images`, unless a head is called so. */
function inputName({ outputs }: Graph): string {
  return outputs.some(({ name }) => name === "images") ? "input" : "images";
}

function withInput(program: Program, name: string): Program {
  const current = (value: string): string => (value === "images" ? name : value);
  return {
    ...program,
    inputs: program.inputs.map((input) => ({ ...input, name: current(input.name) })),
    instructions: program.instructions.map((each) => ({
      ...each,
      operands: each.operands.map(current),
    })),
  };
}

/** The images' extents as the spec has them, and an open batch. */
function openImages(graph: Graph, layout: Layout): OpenShape {
  const { channels, spatial } = inputOf(graph).type;
  const taken = spatial.some((extent) => typeof extent !== "number" && extent.symbol === "N");
  const batch = symbolExtent(taken ? "batch" : "N");
  return layout === "nhwc" ? [batch, ...spatial, channels] : [batch, channels, ...spatial];
}

/** The smallest size that every symbol of the input may have. */
function smallestSizes(graph: Graph): Sizes {
  const sizes = new Map<string, number>();
  for (const extent of inputOf(graph).type.spatial) {
    if (typeof extent === "number") continue;
    const { symbol } = extent;
    const domain = graph.domains.find((each) => each.symbol === symbol);
    const size = smallestSize(domain ?? { symbol, conditions: [] });
    if (size === undefined) throw new RangeError(`${graph.name} runs at no size of ${symbol}`);
    sizes.set(symbol, size);
  }
  return sizes;
}

/** Every number of the model: weights, and what the preparation makes of them. */
function constantsOf(
  graph: Graph,
  { preparation, rest }: Prepared,
  weights: ReadonlyMap<string, Weights>,
): Map<string, Float32Array> {
  const parameters = new Map(programParameters(graph).map((each) => [`weights/${each.key}`, each]));
  const read = (name: string): Tensor => {
    const parameter = parameters.get(name);
    const given = parameter && weights.get(parameter.key);
    if (given === undefined) throw new RangeError(`${name} is missing`);
    const { shape, permutation } = parameter as NonNullable<typeof parameter>;
    if (given.shape.join() !== shape.join() || given.data.length !== elementCount(shape)) {
      throw new RangeError(`${name} is [${given.shape.join()}], not [${shape.join()}]`);
    }
    return transposed({ shape, data: new Float64Array(given.data) }, permutation);
  };
  const constants = new Map<string, Float32Array>();
  const keep = (name: string, { data }: Tensor): void => {
    constants.set(name, new Float32Array(data));
  };
  interpretInto(preparation, read, keep);
  for (const { name } of rest.inputs) if (isWeight(name)) keep(name, read(name));
  return constants;
}

function documentationOf({ name, outputs }: Graph, layout: Layout): string {
  const order =
    layout === "nhwc" ? "batch, height, width, channels" : "batch, channels, height, width";
  const heads = outputs.map((output) => output.name).join(", ");
  return `${name}, compiled by resnetc. Images are (${order}); ${heads}: logits, without a softmax.`;
}
