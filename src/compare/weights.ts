/**
 * What becomes of a checkpoint of one graph under another, from their parameters alone: tensors are found by their
 * names and must have the network's shapes, as everything that takes weights asks for.
 */
import type { Graph } from "../graph/graph.js";
import { graphParameters, type GraphParameter } from "../graph/parameters.js";
import { attributesText } from "./part.js";

/**
 * - `loads`: every tensor is found, of its shape, and none is left over.
 * - `partly`: only heads have other numbers of classes: a new run takes all but those.
 * - `breaks`: the network does not take the checkpoint.
 */
export type WeightVerdict = "loads" | "partly" | "breaks";

export interface WeightFit {
  readonly verdict: WeightVerdict;
  /** How many tensors of the new graph fit by name and shape, and how many it has. */
  readonly fitting: number;
  readonly tensors: number;
  /** Tensors of the new graph that the checkpoint lacks. */
  readonly missing: readonly string[];
  /** Tensors of the checkpoint that the new graph has no place for. */
  readonly unknown: readonly string[];
  readonly reshaped: readonly ReshapedTensor[];
  /** Tensors that are of one operation, which goes by another name now. */
  readonly renamed: readonly { readonly before: string; readonly after: string }[];
  /**
   * Operations that keep their weights and do something else with them, such as another stride: `--weights` takes the
   * checkpoint, and `--checkpoint` and `--resume` refuse it.
   */
  readonly otherMeaning: readonly string[];
}

export interface ReshapedTensor {
  readonly name: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Whether it is of a head whose number of classes alone is another. */
  readonly head: boolean;
}

/** @param became the operations of `before` by the name of that which became of them. */
export function compareWeights(
  before: Graph,
  after: Graph,
  became: ReadonlyMap<string, string>,
): WeightFit {
  const [from, to] = [graphParameters(before), graphParameters(after)];
  const there = new Map(from.map((parameter) => [parameter.key, parameter]));
  const here = new Map(to.map((parameter) => [parameter.key, parameter]));
  const missing = to.filter(({ key }) => !there.has(key));
  const unknown = from.filter(({ key }) => !here.has(key));
  const reshaped = to.flatMap((parameter) => {
    const other = there.get(parameter.key);
    return other && other.shape.join() !== parameter.shape.join()
      ? [reshapedTensor(other, parameter, after)]
      : [];
  });
  const fits = missing.length + unknown.length + reshaped.length === 0;
  const onlyHeads = missing.length + unknown.length === 0 && reshaped.every(({ head }) => head);
  return {
    verdict: fits ? "loads" : onlyHeads ? "partly" : "breaks",
    fitting: to.length - missing.length - reshaped.length,
    tensors: to.length,
    missing: missing.map(({ key }) => key),
    unknown: unknown.map(({ key }) => key),
    reshaped,
    renamed: renamedTensors(from, here, became),
    otherMeaning: fits || onlyHeads ? otherMeaning(before, after, reshaped) : [],
  };
}

function reshapedTensor(
  { shape: there }: GraphParameter,
  { key, node, shape: here }: GraphParameter,
  { outputs }: Graph,
): ReshapedTensor {
  const isHead = outputs.some((output) => output.node === node);
  const sameInputs = there.slice(0, -1).join() === here.slice(0, -1).join();
  const head = isHead && there.length === here.length && sameInputs;
  return { name: key, before: there, after: here, head };
}

function renamedTensors(
  there: readonly GraphParameter[],
  here: ReadonlyMap<string, GraphParameter>,
  became: ReadonlyMap<string, string>,
): WeightFit["renamed"] {
  return there.flatMap(({ key, node, name, shape }) => {
    const after = `${became.get(node)}.${name}`;
    const isSame = here.get(after)?.shape.join() === shape.join();
    return isSame && after !== key ? [{ before: key, after }] : [];
  });
}

/** Operations of one name that differ in what they do or in what feeds them, but for the classes of heads. */
function otherMeaning(
  before: Graph,
  after: Graph,
  reshaped: readonly ReshapedTensor[],
): readonly string[] {
  const heads = new Set(reshaped.map(({ name }) => name.slice(0, name.lastIndexOf("."))));
  const there = new Map(before.nodes.map((node) => [node.name, node]));
  const here = new Map(after.nodes.map((node) => [node.name, node]));
  return [...new Set([...there.keys(), ...here.keys()])].filter((name) => {
    const [one, other] = [there.get(name), here.get(name)];
    if (one === undefined || other === undefined) return true;
    if (one.op !== other.op || one.inputs.join() !== other.inputs.join()) return true;
    return !heads.has(name) && attributesText(one) !== attributesText(other);
  });
}
