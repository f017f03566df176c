/** A network that its doc calls one of the paper's, and that is not: results are then compared with another network's. */
import { counted, grouped } from "../../diagnostics/numbers.js";
import { graphCost } from "../../graph/cost.js";
import type { Node } from "../../graph/graph.js";
import type { Subject } from "../subject.js";
import { isOp, type NetworkView } from "../network-view.js";
import {
  blockKernels,
  claimedModel,
  paperModels,
  paperParameters,
  shortcutOptions,
  stageChannels,
  type PaperModel,
} from "../paper-models.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "paper-conformance",
  group: "correctness",
  level: "warn",
  description: "A network whose doc says that it is one of the paper's is that network",
  needs: "graph",
  messages: {
    departs: "{network} is not {model}: {departure}",
  },
  options: {},

  check(subject) {
    const { networks, report } = subject;
    for (const network of networks) {
      const model = claimedModel(docsOf(subject, network));
      if (model === undefined || !isClassifier(network)) continue;
      const found = departures(network, model);
      const other =
        found.length > 0
          ? paperModels.find((each) => departures(network, each).length === 0)
          : undefined;
      const notes = [`the doc of ${network.name} says that it is ${model.name}`];
      const help = other ? { help: `this is ${other.name}: say so in its doc` } : {};
      for (const { stage, text } of found) {
        const at = stage === undefined ? network.declaration.name.span : network.regionSpan(stage);
        const holes = { network: network.name, model: model.name, departure: text };
        report("departs", at, holes, { notes, ...help });
      }
    }
  },
});

/** The paper's networks all are; one that keeps its maps has another's body at most. */
function isClassifier({ graph, nodes }: NetworkView): boolean {
  return graph.outputs.some(({ node }) => nodes.get(node)?.type.spatial.length === 0);
}

interface Departure {
  /** The stage that it is in. */
  readonly stage?: string;
  /** What is there, and what the paper has. */
  readonly text: string;
}

/** A network's own doc; that of the file where it is the only network and has none. */
function docsOf({ unit, networks }: Subject, { declaration }: NetworkView): string {
  if (declaration.docs !== "") return declaration.docs;
  return networks.length === 1 ? (unit.declarations[0]?.docs ?? "") : "";
}

/** What a stage is, in the words of the paper's tables. */
interface Stage {
  readonly name: string;
  readonly depth: number;
  readonly kernels: readonly number[];
  readonly channels: number;
  readonly step: number;
}

function departures(network: NetworkView, model: PaperModel): readonly Departure[] {
  const stages = stagesOf(network, model);
  if (stages.length !== model.depths.length) {
    return [{ text: `it has ${counted(stages.length, "stage")}, and not ${model.depths.length}` }];
  }
  const found = [
    ...stemDeparture(network, model),
    ...stages.flatMap((stage, index) => stageDepartures(stage, model, index)),
  ];
  return found.length > 0 ? found : parameterDeparture(network, model);
}

function stageDepartures(stage: Stage, model: PaperModel, index: number): readonly Departure[] {
  const { name, depth, kernels, channels, step } = stage;
  const wanted = {
    depth: model.depths[index] ?? 0,
    kernels: blockKernels[model.block],
    channels: stageChannels(model, index),
    step: index === 0 ? 1 : 2,
  };
  const found: string[] = [];
  if (kernels.join() !== wanted.kernels.join()) {
    found.push(`has blocks of ${shown(kernels)}, and not of ${shown(wanted.kernels)}`);
  }
  if (depth !== wanted.depth) {
    const unit = model.block === "plain" ? "pair" : "block";
    found.push(`has ${counted(depth, unit)}, and not ${wanted.depth}`);
  }
  if (channels !== wanted.channels) {
    found.push(`ends with ${channels} channels, and not ${wanted.channels}`);
  }
  if (step !== wanted.step) found.push(`divides the map by ${step}, and not by ${wanted.step}`);
  return found.length === 0 ? [] : [{ stage: name, text: `${name} ${found.join(", it ")}` }];
}

function shown(kernels: readonly number[]): string {
  return kernels.length === 0
    ? "no convolutions"
    : kernels.map((side) => `${side}x${side}`).join(", ");
}

/** The convolutions of a chain's main way: neither a shortcut's nor a gate's. */
function isMain(node: Node): node is Extract<Node, { op: "conv" }> {
  return isOp(node, "conv") && !/(^|\.)(shortcut|gate)\d*\./.test(node.name);
}

function stagesOf(network: NetworkView, model: PaperModel): readonly Stage[] {
  const { graph } = network;
  return graph.regions
    .filter(({ kind }) => kind === "stage")
    .flatMap(({ name }): readonly Stage[] => {
      const inside = graph.nodes.filter((node) => node.name.startsWith(`${name}.`));
      const [first, last] = [inside[0], inside.at(-1)];
      const [before] = first ? network.inputs(first) : [];
      if (last === undefined || before === undefined) return [];
      const convolutions = inside.filter(isMain);
      const kernels = convolutions.map(({ attributes }) => attributes.kernel[0]);
      const sums = network.residuals.filter(({ add }) => add.name.startsWith(`${name}.`)).length;
      const depth = model.block === "plain" ? Math.floor(kernels.length / 2) : sums;
      const each = depth === 0 ? kernels.length : kernels.length / depth;
      const [after, until] = [network.field(last), network.field(before)];
      const step = after.step[0] / until.step[0];
      return [{ name, depth, kernels: kernels.slice(0, each), channels: last.type.channels, step }];
    });
}

/** What enters the first stage. */
function stemDeparture(network: NetworkView, { stem }: PaperModel): readonly Departure[] {
  const { graph } = network;
  const first = graph.regions.find(({ kind }) => kind === "stage")?.name;
  const node = graph.nodes.find(({ name }) => first !== undefined && name.startsWith(`${first}.`));
  const [end] = node ? network.inputs(node) : [];
  if (end === undefined) return [];
  const [step, channels] = [network.field(end).step[0], end.type.channels];
  if (step === stem.step && channels === stem.channels) return [];
  const sizes = (by: number): string =>
    by === 1 ? "the image's size" : `1/${by} of the image's size`;
  const text =
    `the stem ends at ${sizes(step)} with ${channels} channels, ` +
    `and not at ${sizes(stem.step)} with ${stem.channels}`;
  const isNamed = graph.regions.some(({ name }) => name === "stem");
  return [{ text, ...(isNamed && { stage: "stem" }) }];
}

/** What no table of stages shows: biases, another kernel in the stem, a head of more than one layer. */
function parameterDeparture(
  { graph, nodes }: NetworkView,
  model: PaperModel,
): readonly Departure[] {
  const { parameters } = graphCost(graph);
  const classes = nodes.get(graph.outputs.at(-1)?.node ?? "")?.type.channels ?? 0;
  const published = shortcutOptions.map((option) => paperParameters(model, classes, option));
  if (published.includes(parameters)) return [];
  const usual = published[model.stem.step === 1 ? 0 : 1] ?? 0;
  const text =
    `with ${grouped(classes)} classes it has ${grouped(parameters)} parameters, ` +
    `and not ${grouped(usual)}`;
  return [{ text }];
}
