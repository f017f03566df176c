/**
 * What is simpler to mend in a finished model than to foresee while it is written: a vector of known
 * numbers that is added to a convolution or a matrix product becomes its bias, and nodes and constants that
 * nothing reads are left out.
 */
import type { OnnxModel, OnnxNode, OnnxTensor } from "./model.js";

export function tidied(model: OnnxModel): OnnxModel {
  return withoutUnusedConstants(withoutUnusedNodes(withBiases(model)));
}

/** Operators that add a vector per channel (axis 1) by themselves, as their third input. */
const takesBias: ReadonlySet<string> = new Set(["Conv", "Gemm"]);

function withBiases(model: OnnxModel): OnnxModel {
  const constants = new Map(model.constants.map((constant) => [constant.name, constant]));
  const readers = countReaders(model);
  const makers = new Map(model.nodes.map((node) => [node.outputs[0] ?? "", node]));
  /** Products with their bias; sums that are gone with none. */
  const joined = new Map<OnnxNode, readonly OnnxNode[]>();
  const added = new Map<string, OnnxTensor>();
  for (const sum of model.nodes) {
    const [product, bias] = sum.op === "Add" ? sum.inputs : [];
    const maker = makers.get(product ?? "");
    const constant = constants.get(bias ?? "");
    if (maker === undefined || constant === undefined || readers.get(product ?? "") !== 1) continue;
    if (maker.domain !== "" || !takesBias.has(maker.op) || maker.inputs.length !== 2) continue;
    const vector = perChannel(constant, maker, constants);
    if (vector === undefined) continue;
    added.set(vector.name, vector);
    const inputs = [...maker.inputs, vector.name];
    joined.set(maker, [{ ...maker, inputs, outputs: sum.outputs }]);
    joined.set(sum, []);
  }
  const nodes = model.nodes.flatMap((node) => joined.get(node) ?? [node]);
  return { ...model, nodes, constants: [...new Map([...constants, ...added]).values()] };
}

/** The constant as a vector, where it is one number per channel of what `maker` makes. */
function perChannel(
  { name, type, dims, data }: OnnxTensor,
  { op, inputs: [, weights = ""] }: OnnxNode,
  constants: ReadonlyMap<string, OnnxTensor>,
): OnnxTensor | undefined {
  const kernel = constants.get(weights)?.dims ?? [];
  const [rank, channels] = op === "Conv" ? [4, kernel[0]] : [2, kernel[1]];
  const fits = dims.length === rank && dims[1] === channels && data.length === channels;
  if (!fits) return undefined;
  const vectors = [...constants.values()].filter((each) => each.dims.length === 1);
  return vectors.find((each) => each.data === data) ?? { name, type, dims: [data.length], data };
}

function withoutUnusedNodes(model: OnnxModel): OnnxModel {
  const read = new Set(model.outputs.map(({ name }) => name));
  const used = model.nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((name) => read.has(name))) return false;
    for (const name of inputs) read.add(name);
    return true;
  });
  return { ...model, nodes: used.toReversed() };
}

function withoutUnusedConstants(model: OnnxModel): OnnxModel {
  const readers = countReaders(model);
  return { ...model, constants: model.constants.filter(({ name }) => readers.has(name)) };
}

/** How often each value is read, as an input of a node or as an output of the model. */
function countReaders({ nodes, outputs }: OnnxModel): Map<string, number> {
  const readers = new Map<string, number>();
  const count = (name: string): unknown => readers.set(name, (readers.get(name) ?? 0) + 1);
  for (const { inputs } of nodes) inputs.forEach(count);
  for (const { name } of outputs) count(name);
  return readers;
}
