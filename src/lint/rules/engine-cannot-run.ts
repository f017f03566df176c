/** An operation that an engine of the project cannot run, told before a run is begun. */
import { layerEngines, layersCanGroup } from "../../graph/engine-limits.js";
import { isOp } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "engine-cannot-run",
  group: "correctness",
  level: "error",
  description: "Every engine that the project names can run its networks",
  needs: "graph",
  messages: {
    groups: "{engines} cannot run {channels} channels in {groups} groups",
  },
  options: {},

  check({ networks, project: { engines }, report }) {
    const limited = engines.filter((name) => layerEngines.includes(name));
    if (limited.length === 0) return;
    for (const network of networks) {
      for (const node of network.graph.nodes) {
        if (!isOp(node, "conv")) continue;
        const channels = network.inputs(node)[0]?.type.channels ?? 0;
        const { groups } = node.attributes;
        if (layersCanGroup(channels, groups)) continue;
        const names = limited.join(", ");
        const help = `TensorFlow.js has 1 group, or one for each of ${channels} channels; the engine onnx runs any`;
        const at = network.argumentPlace(node, "groups");
        report("groups", at, { engines: names, channels, groups }, { help });
      }
    }
  },
});
