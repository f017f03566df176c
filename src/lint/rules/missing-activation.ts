/** Two convolutions with nothing but linear operations between them are together no more than one. */
import type { Node } from "../../graph/graph.js";
import type { Call, ResidualStep } from "../../syntax/ast.js";
import { isOp, shownCall, type NetworkView } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "missing-activation",
  group: "consistency",
  level: "warn",
  description:
    "An activation stands between two convolutions, and after a sum where it does elsewhere",
  needs: "graph",
  messages: {
    between:
      "no activation stands between `{first}` and `{second}`: together they are one convolution",
    sum: "no activation follows this sum, as it does {others} other sums of {network}",
  },
  options: {},

  check({ networks, report }) {
    for (const network of networks) {
      if (!network.graph.nodes.some(({ op }) => op === "relu")) continue;
      for (const [call, [node]] of network.written("conv")) {
        const source = node && linearSource(network, node);
        const first = source && network.callOf(source);
        if (!node || !source || !first) continue;
        if (network.chainOf(source) !== network.chainOf(node)) continue;
        const holes = { first: shownCall(first), second: shownCall(call) };
        report("between", network.place(node), holes, { help: betweenHelp(network, node, call) });
      }
      const bare = bareSums(network);
      const others = sumsOf(network).size - bare.length;
      for (const node of bare) {
        report(
          "sum",
          network.place(node),
          { others, network: network.name },
          {
            help: "put `relu` after it, or leave it out everywhere (He et al. 2016)",
          },
        );
      }
    }
  },
});

/** Operations that are linear, or nearly so, in what they are fed; of a convolution behind `upsample` and one before it no one convolution is made. */
const linear: ReadonlySet<string> = new Set(["batchnorm", "avgpool", "dropout"]);

/** The convolution that feeds another through linear operations alone. */
function linearSource(network: NetworkView, node: Node): Node | undefined {
  let [before] = network.inputs(node);
  while (before && linear.has(before.op)) [before] = network.inputs(before);
  if (before === undefined || !isOp(before, "conv") || !isOp(node, "conv")) return undefined;
  return isFactor(network, before) || isFactor(network, node) ? undefined : before;
}

/**
 * Whether a convolution is half of one that is split on purpose: into depth and points (Chollet 2017, "Xception")
 * or into rows and columns (Szegedy et al. 2016).
 */
function isFactor(network: NetworkView, node: Node): boolean {
  if (!isOp(node, "conv")) return false;
  const { groups, kernel } = node.attributes;
  const [before] = network.inputs(node);
  return (groups > 1 && groups === before?.type.channels) || kernel[0] !== kernel[1];
}

function betweenHelp(network: NetworkView, node: Node, call: Call) {
  const text = "put `-> relu` between them";
  const chain = network.chainOf(node);
  const index = chain?.steps.findIndex((step) => step.kind === "call" && step.call === call) ?? -1;
  const before = chain?.steps[index - 1];
  if (before === undefined) return text;
  const { file, end } = before.span;
  const edits = [{ span: file.span(end, end), text: " -> relu" }];
  return { text, edits, applicability: "unsafe" as const };
}

/** The sums by the residual that they were written as. */
function sumsOf(network: NetworkView): ReadonlyMap<ResidualStep, Node> {
  return new Map(network.residuals.map(({ step, add }) => [step, add]));
}

/** The sums that feed a convolution or another sum as they are, where most of the network's sums do not. */
function bareSums(network: NetworkView): readonly Node[] {
  const bare = new Map<ResidualStep, Node>();
  for (const { step, add } of network.residuals) {
    // A projection may take the sum as it is: what follows in the chain is what counts.
    const next = network.consumers(add).filter((node) => network.callOf(node) !== undefined);
    if (next.some(({ op }) => op === "conv") && !bare.has(step)) bare.set(step, add);
  }
  const others = sumsOf(network).size - bare.size;
  return others >= 2 * bare.size ? [...bare.values()] : [];
}
