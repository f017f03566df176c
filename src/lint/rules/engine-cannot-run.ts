/** An operation that an engine of the project cannot run, told before a run is begun. */
import { layerEngines, layersCanPool } from "../../graph/engine-limits.js";
import { nonNegativeNodes } from "../../graph/non-negative.js";
import { isOp } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "engine-cannot-run",
  group: "correctness",
  level: "error",
  description: "Every engine that the project names can run its networks",
  needs: "graph",
  messages: {
    maximum:
      "{engines} cannot run this maximum: they pad with zeros, and its input may be negative",
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
        if (layersCanPool(op, attributes, input.type, nonNegative.has(input.name))) continue;
        const at = network.argumentPlace(node, attributes.ceil ? "ceil" : "pad");
        const [message, first] =
          op === "maxpool"
            ? (["maximum", "a `relu` before it, "] as const)
            : (["average", "an input that its windows cover evenly, "] as const);
        const help = `they run it with ${first}or with less \`pad\` and no \`ceil\`; the engine onnx runs any`;
        report(message, at, holes, { help });
      }
    }
  },
});
