/** A window larger than 1x1 on a map of one pixel: all of its weights but one only ever see padding. */
import { printType } from "../../shapes/index.js";
import { isOp } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "window-on-one-pixel",
  group: "correctness",
  level: "warn",
  description: "A convolution's map has more than one pixel where its kernel has",
  needs: "graph",
  messages: {
    padding:
      "this {kernel} convolution is fed {input}: {idle} of {all} weights of each filter see only padding",
  },
  options: {},

  check({ networks, report }) {
    for (const network of networks) {
      for (const node of network.graph.nodes) {
        if (!isOp(node, "conv")) continue;
        const [height, width] = node.attributes.kernel;
        const [input] = network.inputs(node);
        if (height * width === 1 || input?.type.spatial.some((extent) => extent !== 1)) continue;
        if (input === undefined) continue;
        const place = network.place(node);
        const holes = {
          kernel: `${height}x${width}`,
          input: printType(input.type),
          idle: height * width - 1,
          all: height * width,
        };
        const help =
          "the network divides the image by more than it has: begin with a larger one, or with a stem that keeps more of it";
        report("padding", place, holes, { help });
      }
    }
  },
});
