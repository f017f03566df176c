import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { buildModel, verifyModel } from "../../../src/backends/tfjs/model.js";
import { InternalError, UnsupportedNodeError } from "../../../src/backends/tfjs/unsupported.js";
import { startCpu } from "../../../src/engines/tfjs/cpu-backend.js";
import { forward } from "../../../src/engines/tfjs/forward.js";
import { poolWay } from "../../../src/graph/engine-limits.js";
import type { Graph } from "../../../src/graph/graph.js";
import { nodesByName } from "../../../src/graph/traversal.js";
import { symbolExtent, type TensorType } from "../../../src/shapes/index.js";
import {
  convAttributes,
  norm,
  poolAttributes,
  Sketch,
  smallResNet,
} from "../../engines/networks.js";
import { disagreement, map, normal, type Reference } from "../../reference/array.js";
import * as reference from "../../reference/operations.js";

beforeAll(startCpu);
afterEach(() => tf.disposeVariables());

function single(add: (net: Sketch) => string, extent: number | string = 7, channels = 4): Graph {
  const net = new Sketch();
  const size = typeof extent === "string" ? symbolExtent(extent) : extent;
  net.input(size, size, channels);
  return net.graph(add(net));
}

function classes(graph: Graph): string[] {
  return buildModel(graph).applications.map(({ layer }) => layer.getClassName());
}

describe("buildModel", () => {
  it("maps every weight to the graph's names and counts them all", () => {
    const { parameters, model } = buildModel(smallResNet());
    expect([...parameters.keys()].slice(0, 5)).toEqual([
      "stem.conv.kernel",
      "stem.conv.norm.gamma",
      "stem.conv.norm.beta",
      "stem.conv.norm.moving_mean",
      "stem.conv.norm.moving_variance",
    ]);
    const total = [...parameters.values()].reduce(
      (sum, { shape }) => sum + shape.reduce((size: number, extent) => size * (extent ?? 0), 1),
      0,
    );
    expect(total).toBe(model.countParams());
  });

  it("gives batch norm the graph's constants", () => {
    const graph = single((net) =>
      net.add("batchnorm", "op", { epsilon: 2e-5, momentum: 0.8, gamma: 0 }, "input"),
    );
    const layer = buildModel(graph).applications[0]?.layer;
    expect(layer?.getConfig()).toMatchObject({ epsilon: 2e-5, momentum: 0.8 });
  });

  it("pads with 'same' only where that is the symmetric padding", () => {
    const conv = (extent: number, stride: number): string[] =>
      classes(
        single((net) => net.add("conv", "op", convAttributes(4, 3, stride), "input"), extent),
      );
    expect(conv(8, 1)).toEqual(["Conv2D"]);
    expect(conv(8, 2)).toEqual(["ZeroPadding2D", "Conv2D"]);
    expect(conv(7, 2)).toEqual(["Conv2D"]);
  });

  it("pads a maximum with zeros only where nothing is negative", () => {
    const pool = poolAttributes(3, 2, 1);
    const plain = single((net) => net.add("maxpool", "op", pool, "input"), 8);
    expect(classes(plain)).toEqual(["MaxPooling2D", "Cropping2D", "AveragePooling2D"]);
    const after = single(
      (net) => net.add("maxpool", "op", pool, net.add("relu", "relu", {}, "input")),
      8,
    );
    expect(classes(after)).toEqual(["Activation", "ZeroPadding2D", "MaxPooling2D"]);
  });

  it("takes names that TensorFlow.js would not", () => {
    const graph = single((net) => net.add("conv", "_stem.conv", convAttributes(2, 1), "input"));
    expect([...buildModel(graph).parameters.keys()]).toEqual(["_stem.conv.kernel"]);
  });

  it("has a layer of its own for groups that no stock layer computes, but not in what is written", () => {
    const graph = single((net) =>
      net.add("conv", "stage.conv", convAttributes(4, 3, 1, { groups: 2 }), "input"),
    );
    expect(classes(graph)).toEqual(["GroupedConv2D"]);
    const written = (): unknown => buildModel(graph, { stock: true });
    expect(written).toThrow(UnsupportedNodeError);
    expect(written).toThrow(
      "TensorFlow.js cannot run stage.conv: a convolution of 4 channels in 2 groups is not among " +
        "the stock layers",
    );
    expect(written).toThrow(
      expect.objectContaining({
        help:
          "write the network for other runtimes, in which it runs: `resnetc export --to onnx`; " +
          "or `groups: 1` or `groups: 4`",
      }),
    );
  });

  it("refuses a pool whose padding stock layers would let win or count", () => {
    const pool = poolAttributes(3, 3, 0, true);
    const max = single((net) => net.add("maxpool", "op", pool, "input"), 7);
    expect(() => buildModel(max)).toThrow(
      "pad a maximum with zeros, and its input may be negative",
    );
    const average = single((net) => net.add("avgpool", "op", pool, "input"), 7);
    expect(() => buildModel(average)).toThrow("would count the padding of this average");
  });
});

it("refuses the pools of which it is known that layers cannot compute them, and no others", () => {
  const some = [0, 1, 2];
  let refused = 0;
  for (const extent of [5, 6, 7, 8, "H"] as const) {
    for (const [kernel, stride, padding] of some.flatMap((a) =>
      some.flatMap((b) => some.map((c) => [a + 1, b + 1, Math.min(c, a)] as const)),
    )) {
      for (const op of ["maxpool", "avgpool"] as const) {
        for (const [ceil, from] of [
          [false, "input"],
          [true, "input"],
          [true, "relu"],
        ] as const) {
          const pool = poolAttributes(kernel, stride, padding, ceil);
          const graph = single((net) => {
            const x = from === "relu" ? net.add("relu", "relu", {}, "input") : "input";
            return net.add(op, "op", pool, x);
          }, extent);
          const input = nodesByName(graph).get(from)?.type as TensorType;
          const known = poolWay(op, pool, input, from === "relu") !== undefined;
          const isBuilt = (): boolean => {
            try {
              buildModel(graph).model.dispose();
              return true;
            } catch (error) {
              expect(error).toBeInstanceOf(UnsupportedNodeError);
              return false;
            }
          };
          expect([op, pool, extent, from, isBuilt()]).toEqual([op, pool, extent, from, known]);
          if (!known) refused++;
        }
      }
    }
  }
  expect(refused).toBeGreaterThan(20);
});

describe("a symbolic input", () => {
  const pool = poolAttributes(3, 2, 1);
  const conv = convAttributes(4, 3, 2);
  const cases: readonly [string, Graph, (x: Reference) => Reference][] = [
    [
      "maxpool",
      single((net) => net.add("maxpool", "op", pool, "input"), "H"),
      (x) => reference.maxpool(x, pool),
    ],
    [
      "avgpool",
      single((net) => net.add("avgpool", "op", pool, "input"), "H"),
      (x) => reference.avgpool(x, pool),
    ],
    [
      "avgpool 2x2, /2, ceil",
      single((net) => net.add("avgpool", "op", poolAttributes(2, 2, 0, true), "input"), "H"),
      (x) => reference.avgpool(x, poolAttributes(2, 2, 0, true)),
    ],
    ...[
      poolAttributes(3, 2, 0, true),
      poolAttributes(3, 2, 1, true),
      poolAttributes(2, 2, 0, true),
      poolAttributes(3, 3, 0, true),
    ].map((pool): (typeof cases)[number] => [
      `maxpool ${JSON.stringify(pool)} after relu`,
      single((net) => net.add("maxpool", "op", pool, net.add("relu", "relu", {}, "input")), "H"),
      (x) => reference.maxpool(reference.relu(x), pool),
    ]),
    [
      "conv",
      single((net) => net.add("conv", "op", conv, "input"), "H"),
      (x) =>
        reference.conv(
          x,
          map(normal([3, 3, 4, 4], "none"), () => 0),
          undefined,
          conv,
        ),
    ],
  ];

  it.each(cases)("of %s is exact for every size", (_name, graph, expected) => {
    const built = buildModel(graph);
    for (const extent of [3, 4, 5, 6, 7, 8]) {
      const x = normal([1, extent, extent, 4], "symbolic", extent);
      tf.tidy(() => {
        const images = tf.tensor4d(Float32Array.from(x.data), [1, extent, extent, 4]);
        const [y] = forward(built, graph, images, { kind: "inference" }).outputs;
        expect(y?.shape).toEqual(expected(x).shape);
        expect(disagreement(y?.dataSync() ?? [], expected(x))).toBeLessThan(1e-5);
      });
    }
  });
});

describe("verifyModel", () => {
  it("says where a model is not the graph's", () => {
    const graph = smallResNet();
    const built = buildModel(graph);
    const nodes = graph.nodes.map((node) =>
      node.name === "block2.add" ? { ...node, type: { ...node.type, channels: 5 } } : node,
    );
    expect(() => verifyModel(built, { ...graph, nodes })).toThrow(InternalError);
    expect(() => verifyModel(built, { ...graph, nodes })).toThrow(
      "internal error: the shape of block2.add is [3, 3, 6] in the model, [3, 3, 5] in the graph",
    );
  });

  it("sees a batch norm that the model lacks", () => {
    const built = buildModel(single((net) => net.add("relu", "op", {}, "input")));
    const other = single((net) => net.add("batchnorm", "op", norm, "input"));
    expect(() => verifyModel(built, other)).toThrow(/op\.gamma is \[\] in the model, \[4\] in/);
  });
});
