/** Networks as timm has them, by the names that they have in `timm.resnet`. */
import { readFileSync } from "node:fs";
import type { Graph } from "../../../src/graph/graph.js";
import { graphsOf } from "../../graph/checked.js";

const source = readFileSync(new URL("timm.resnet", import.meta.url), "utf8");

export const timmNetworks: ReadonlyMap<string, Graph> = graphsOf("timm.resnet", {
  "timm.resnet": source,
});
