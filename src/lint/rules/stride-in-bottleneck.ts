/** Where a bottleneck has its stride: in the 3x3 convolution ("v1.5"), or in the first 1x1 as published. */
import type { Edit, Help } from "../../diagnostics/diagnostic.js";
import type { Node } from "../../graph/graph.js";
import { textOf } from "../../source/source.js";
import type { Argument, Call } from "../../syntax/ast.js";
import { isOp, shownCall, type NetworkView, type ResidualView } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "stride-in-bottleneck",
  group: "consistency",
  level: "warn",
  description: "A bottleneck has its stride where the project's bottlenecks have it",
  needs: "graph",
  messages: {
    pointwise:
      "the stride is in `{operation}`, which drops {share} of its input unseen: `{other}` could have it",
    window: "the stride is in `{operation}`, and not in `{other}` as published",
  },
  options: {
    place: {
      type: "string",
      enum: ["3x3", "1x1"],
      default: "3x3",
      description:
        "Which convolution has the stride: the 3x3 (v1.5), or the first 1x1 (He et al. 2015).",
    },
  },

  check({ file, networks, options: { place }, report }) {
    for (const network of networks) {
      for (const residual of network.residuals) {
        const found = stridedOther(residual, place);
        const calls = found?.map((node) => network.callOf(node));
        const [strided, other] = calls ?? [];
        const [node] = found ?? [];
        if (!node || !strided || !other || isDocumented(network, node, place)) continue;
        const stride = strided.arguments.find(({ name }) => name?.text === "stride");
        const where = stride && strided.span.file === file ? stride.span : undefined;
        const holes = { operation: shownCall(strided), other: shownCall(other) };
        const help = stride && mend(strided, stride, other);
        const details = help ? { help } : {};
        if (place === "1x1") report("window", network.place(node, where), holes, details);
        else {
          const share = dropped(node);
          report("pointwise", network.place(node, where), { ...holes, share }, details);
        }
      }
    }
  },
});

/** The convolution that has the stride and the one that should, where these are two. */
function stridedOther(
  { residual }: ResidualView,
  place: "1x1" | "3x3",
): readonly [Node, Node] | undefined {
  const convolutions = residual.filter((node) => node.op === "conv");
  const first = convolutions.findIndex((node) => windowOf(node) > 1);
  const [pointwise, window] = [convolutions[first - 1], convolutions[first]];
  if (!pointwise || !window) return undefined;
  const [has, should] = place === "3x3" ? [pointwise, window] : [window, pointwise];
  return strideOf(has) > 1 && strideOf(should) === 1 ? [has, should] : undefined;
}

function windowOf(node: Node): number {
  return isOp(node, "conv") ? Math.max(...node.attributes.kernel) : 1;
}

function strideOf(node: Node): number {
  return isOp(node, "conv") ? Math.max(...node.attributes.stride) : 1;
}

/** "three quarters": what a 1x1 window of that stride never looks at. */
function dropped(node: Node): string {
  const [height, width] = isOp(node, "conv") ? node.attributes.stride : [1, 1];
  const share = 1 - 1 / (height * width);
  return share === 0.75 ? "three quarters" : share === 0.5 ? "half" : `${Math.round(share * 100)}%`;
}

/** Whether the block's own docs say that the stride is where it is. */
function isDocumented(network: NetworkView, node: Node, place: "1x1" | "3x3"): boolean {
  const docs = network.chainOf(node)?.declaration.docs ?? "";
  return place === "3x3"
    ? /\b1x1\b|\boriginal\b|\bas published\b/i.test(docs)
    : /\b3x3\b|\bv1\.5\b/i.test(docs);
}

/** Moves the stride's argument behind the other convolution's channels. */
function mend(from: Call, stride: Argument, to: Call): Help {
  const index = from.arguments.indexOf(stride);
  const before = from.arguments[index - 1];
  const target = to.arguments.findLast(({ name }) => name === undefined) ?? to.arguments.at(-1);
  const text = `move \`${textOf(stride.span)}\` to \`${shownCall(to)}\`; weights still fit, results differ`;
  if (before === undefined || target === undefined) return { text };
  const { file } = stride.span;
  const edits: Edit[] = [
    { span: file.span(before.span.end, stride.span.end), text: "" },
    {
      span: target.span.file.span(target.span.end, target.span.end),
      text: `, ${textOf(stride.span)}`,
    },
  ];
  return { text, edits, applicability: "unsafe" };
}
