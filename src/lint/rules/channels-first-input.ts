/** An input whose channels stand first, as in PyTorch: a map of three rows, and as many channels as it is wide. */
import { inputOf } from "../../graph/traversal.js";
import { defineRule } from "../rule.js";

/** Images have no more channels than this; maps that are smaller have nothing to convolve. */
const mostChannels = 4;

export const rule = defineRule({
  name: "channels-first-input",
  group: "correctness",
  level: "warn",
  description: "The channels of an input stand last",
  needs: "graph",
  messages: {
    first: "the input is a map of {height}x{width} with {channels} channels each",
  },
  options: {},

  check({ networks, report }) {
    for (const network of networks) {
      const { spatial, channels } = inputOf(network.graph).type;
      const [height, width] = spatial;
      if (typeof height !== "number" || typeof width !== "number") continue;
      if (height > mostChannels || width <= mostChannels || width !== channels) continue;
      const item = network.network.items.find(({ kind }) => kind === "input");
      if (item?.kind !== "input") continue;
      const meant = `${width}x${channels}x${height}`;
      const text = `height and width stand before the channels: \`input ${meant}\``;
      const { shape } = item;
      const edits = [{ span: shape.span, text: meant }];
      const isWritten = shape.kind === "dimensions";
      const help = isWritten ? { text, edits, applicability: "unsafe" as const } : text;
      report("first", shape.span, { height, width, channels }, { help });
    }
  },
});
