/** An operation that an engine of the project cannot run, told before a run is begun. */
import { layerEngines, poolWay } from "../../graph/engine-limits.js";
import { nonNegativeNodes } from "../../graph/non-negative.js";
import { isOp } from "../network-view.js";
import { defineRule } from "../rule.js";

/** What would do, beside less padding. */
const other = {
  maximum: "a `relu` before it, or with ",
  open: "",
  average: "an input that its windows cover evenly, or with ",
} as const;

export const rule = defineRule({
  name: "engine-cannot-run",
  group: "correctness",
  level: "error",
  description: "Every engine that the project names can run its networks",
  needs: "graph",
  messages: {
    maximum:
      "{engines} cannot run this maximum: they pad with zeros, and its input may be negative",
    open: "{engines} cannot run this maximum: how far it reaches beyond its map depends on the size",
    average: "{engines} cannot run this average: they would count its padding",
  },
  options: {},

  check({ networks, project: { engines }, report }) {
    const limited = engines.filter((name) => layerEngines.includes(name));
    if (limited.length === 0) return;
    const holes = { engines: limited.join(", ") };
    for (const network of networks) {
      const nonNegative = nonNegativeNodes(network.graph);
      for (const node of network.graph.nodes) {
        if (!isOp(node, "maxpool") && !isOp(node, "avgpool")) continue;
        const [input] = network.inputs(node);
        const { op, attributes } = node;
        if (input === undefined) continue;
        const isPositive = nonNegative.has(input.name);
        if (poolWay(op, attributes, input.type, isPositive) !== undefined) continue;
        const at = network.argumentPlace(node, attributes.ceil ? "ceil" : "pad");
        const message = op === "avgpool" ? "average" : isPositive ? "open" : "maximum";
        const help = `they run it with ${other[message]}less \`pad\` and no \`ceil\`; the engine onnx runs any`;
        report(message, at, holes, { help });
      }
    }
  },
});
