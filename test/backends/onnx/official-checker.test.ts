import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inferenceModel } from "../../../src/backends/onnx/inference.js";
import { encodeModel } from "../../../src/backends/onnx/protobuf.js";
import type { Graph } from "../../../src/graph/graph.js";
import { smallResNet } from "../../engines/networks.js";
import { graphsOf } from "../../graph/checked.js";
import { temporaryFolder } from "../../train/temporary-folder.js";
import { ceiling, everyConstruct, fixed, someWeights } from "./inference-run.js";
import { onnxPython, readOfficially } from "./python.js";

const graphs: ReadonlyMap<string, Graph> = new Map([
  ["every construct of the language", everyConstruct],
  ["maps of one size", fixed],
  ["pools with ceil", ceiling],
  ["a residual network", smallResNet()],
  ["ResNet-20", graphsOf("specs/resnet-cifar10.resnet").get("ResNet20") as Graph],
  ["ResNet-50", graphsOf("specs/resnet50.resnet").get("ResNet50") as Graph],
]);

const without = onnxPython === undefined ? " (SKIPPED: there is no Python with onnx)" : "";

describe.skipIf(onnxPython === undefined)(`the official checker${without}`, () => {
  it.each(["nchw", "nhwc"] as const)("accepts what is exported, %s", async (layout) => {
    const folder = await temporaryFolder();
    const files: string[] = [];
    for (const [name, graph] of graphs) {
      const metadata = new Map([["network", name]]);
      const file = join(folder, `${files.length}.onnx`);
      await writeFile(
        file,
        encodeModel(inferenceModel(graph, someWeights(graph), { layout, metadata })),
      );
      files.push(file);
    }
    const readings = readOfficially(files);
    expect(readings.map(({ metadata }) => metadata["network"])).toEqual([...graphs.keys()]);
    for (const { ir, opsets, operators, untyped } of readings) {
      expect(ir).toBe(10);
      expect(opsets).toEqual({ "": 22 });
      expect(operators).not.toContain("BatchNormalization");
      expect(untyped).toEqual([]);
    }
  });
});
