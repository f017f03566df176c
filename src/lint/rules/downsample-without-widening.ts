/** A stage that halves the map and does not widen it makes the network carry a quarter of the numbers from there on. */
import { printTypeWhere } from "../../shapes/index.js";
import type { NetworkView } from "../network-view.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  name: "downsample-without-widening",
  group: "training",
  level: "warn",
  description: "A stage that halves height and width has more channels than the one before",
  needs: "graph",
  messages: {
    narrow: "stage {stage} turns {before} into {after}: it halves the map and has no more channels",
  },
  options: {},

  check({ networks, report }) {
    for (const network of networks) {
      for (const { kind, name } of network.graph.regions) {
        if (kind !== "stage") continue;
        const ends = endsOf(network, name);
        if (ends === undefined) continue;
        const [before, after] = ends;
        const steps = [network.field(before).step, network.field(after).step] as const;
        const halves = [0, 1].every((axis) => (steps[1][axis] ?? 1) >= 2 * (steps[0][axis] ?? 1));
        if (!halves || after.type.channels > before.type.channels) continue;
        const types = {
          before: printTypeWhere(before.type, network.graph.domains),
          after: printTypeWhere(after.type, network.graph.domains),
        };
        const width = 2 * before.type.channels;
        report(
          "narrow",
          network.regionSpan(name),
          { stage: name, ...types },
          {
            help: `${width} channels would keep the work of a layer the same (He et al. 2015, section 3.3)`,
          },
        );
      }
    }
  },
});

/** What enters a stage, and what leaves it. */
function endsOf({ graph, nodes }: NetworkView, stage: string) {
  const inside = graph.nodes.filter(({ name }) => name.startsWith(`${stage}.`));
  const entering = inside
    .flatMap(({ inputs }) => inputs)
    .find((name) => !name.startsWith(`${stage}.`));
  const before = entering === undefined ? undefined : nodes.get(entering);
  const after = inside.at(-1);
  return before && after && after.type.spatial.length > 0 ? ([before, after] as const) : undefined;
}
