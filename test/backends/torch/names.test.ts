import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { torchShape } from "../../../src/backends/torch/layout.js";
import { strideNotes } from "../../../src/backends/torch/stride.js";
import { torchNames } from "../../../src/backends/torch/names.js";
import type { Graph } from "../../../src/graph/graph.js";
import { graphOf, graphsOf } from "../../graph/checked.js";
import { timmNetworks } from "./timm.js";

/** Every name there with its shape there, as `fixtures/` has them of torchvision's `state_dict()`. */
function listed(graph: Graph): string[] {
  const { tensors, unnamed } = torchNames(graph);
  expect(unnamed).toEqual([]);
  return tensors.map(({ name, kind, shape }) => `${name} [${torchShape(kind, shape).join(", ")}]`);
}

/** Without the counters, which are no weights. */
function fixture(name: string): string[] {
  const text = readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .filter((line) => !line.includes("num_batches_tracked"));
}

const network = (path: string, name: string): Graph => graphsOf(path).get(name) as Graph;

/** As in the published networks for CIFAR: one convolution and batch norm, then pairs, then `fc`. */
function cifarNames(blocks: number): string[] {
  const norm = (name: string, channels: number): string[] =>
    ["weight", "bias", "running_mean", "running_var"].map(
      (each) => `${name}.${each} [${channels}]`,
    );
  const names = ["conv1.weight [16, 3, 3, 3]", ...norm("bn1", 16)];
  let inputs = 16;
  for (const [stage, channels] of [16, 32, 64].entries()) {
    for (let block = 0; block < blocks; block++) {
      const place = `layer${stage + 1}.${block}`;
      names.push(`${place}.conv1.weight [${channels}, ${inputs}, 3, 3]`);
      names.push(...norm(`${place}.bn1`, channels));
      names.push(`${place}.conv2.weight [${channels}, ${channels}, 3, 3]`);
      names.push(...norm(`${place}.bn2`, channels));
      inputs = channels;
    }
  }
  return [...names, "fc.weight [10, 64]", "fc.bias [10]"];
}

describe("the names of torchvision", () => {
  test("ResNet-18 and ResNet-50 have those of its state dictionaries, in order", () => {
    expect(listed(network("specs/resnet18.resnet", "ResNet18"))).toEqual(fixture("resnet18"));
    expect(listed(network("specs/resnet50.resnet", "ResNet50"))).toEqual(fixture("resnet50"));
  });

  test.each([
    ["ResNet18d", "timm-resnet18d"],
    ["ResNet50d", "timm-resnet50d"],
    ["SEResNet50", "timm-seresnet50"],
  ])("%s has those of timm's, in order", (name, expected) => {
    expect(listed(timmNetworks.get(name) as Graph)).toEqual(fixture(expected));
  });

  test("every member of the family has a name for every tensor", () => {
    for (const name of ["resnet34", "resnet101", "resnet152", "resnet", "resnet18-cifar10"]) {
      for (const graph of graphsOf(`specs/${name}.resnet`).values()) {
        const names = listed(graph);
        expect(new Set(names).size).toBe(names.length);
      }
    }
  });

  test("the CIFAR family has three layers, and with projections their shortcuts", () => {
    expect(listed(network("specs/resnet-cifar10.resnet", "ResNet20"))).toEqual(cifarNames(3));
    expect(listed(network("specs/resnet-cifar10.resnet", "ResNet56"))).toEqual(cifarNames(9));
    const projecting = graphOf(`
import { CifarResNet } from "specs/resnet-cifar10"
network Net = CifarResNet(3, option: project)`);
    expect(listed(projecting)).toContain("layer2.0.downsample.0.weight [32, 16, 1, 1]");
    expect(listed(projecting)).toContain("layer3.0.downsample.1.running_var [64]");
  });

  test("a block of one's own in the form of the others is named like them, grouped or not", () => {
    const graph = graphOf(`
block Grouped(width, stride = 1) {
  residual {
    conv 1x1, width -> batchnorm -> relu
    conv 3x3, width, /stride, groups: 4 -> batchnorm -> relu
    conv 1x1, 2 * width -> batchnorm
  }
  shortcut project
  relu
}
network Net {
  input 32x32x3
  stem { conv 3x3, 8 -> batchnorm -> relu }
  stage first: 1 x Grouped(8)
  head classify { globalavgpool -> dense 3 }
}`);
    const names = listed(graph);
    expect(names).toContain("layer1.0.conv1.weight [8, 8, 1, 1]");
    expect(names).toContain("layer1.0.conv2.weight [8, 2, 3, 3]");
    expect(names).toContain("layer1.0.bn3.running_mean [16]");
  });
});

test("a bottleneck as published has the names and computes something else", () => {
  const original = network("specs/resnet.resnet", "ResNet50Original");
  expect(strideNotes(original).join()).toContain("conv3.block1.residual.conv is a 1x1");
  expect(strideNotes(network("specs/resnet.resnet", "ResNet50"))).toEqual([]);
  expect(strideNotes(network("specs/resnet18.resnet", "ResNet18"))).toEqual([]);
});

describe("what has no counterpart there", () => {
  const unnamed = (stem: string, residual: string, head: string): readonly string[] =>
    torchNames(
      graphOf(`
block Block(width) { residual { ${residual} } shortcut identity }
network Net {
  input 8x8x3
  stem { ${stem} }
  stage body: 1 x Block(4)
  head classify { ${head} }
}`),
    ).unnamed;
  const plain = "conv 3x3, 4 -> batchnorm";
  const mean = "globalavgpool -> dense 2";

  test.each([
    [
      `${plain} -> conv 3x3, 4 -> batchnorm`,
      plain,
      mean,
      "stem.conv is in a stem of 2 convolutions",
    ],
    ["conv 3x3, 4, bias: true", plain, mean, "stem.conv.bias is a convolution's bias"],
    [plain, "batchnorm -> relu -> conv 3x3, 4", mean, "residual.batchnorm follows no convolution"],
    [plain, plain, "flatten -> dense 2", "classify.dense takes a flattened map"],
    [plain, plain, "globalavgpool -> dense 8 -> relu -> dense 2", "classify.dense2 is a second"],
    [plain, plain, "conv 1x1, 2", "classify.conv is a conv in a head"],
  ])("stem { %s } residual { %s } head { %s }", (stem, residual, head, message) => {
    expect(unnamed(stem, residual, head).join("; ")).toContain(message);
  });

  const gate = (layers: string): string => `${plain} -> gate { globalavgpool -> ${layers} }`;

  test.each([
    [gate("dense 4 -> sigmoid") + " -> relu", "gate.dense is in a gate within a residual"],
    [gate("dense 2, bias: false -> dense 4 -> sigmoid"), "gate.dense has no bias"],
    [gate("dense 2 -> relu -> dense 2 -> dense 4"), "gate.dense3 is the third layer of gates"],
    [gate("dense 2 -> batchnorm -> dense 4"), "gate.batchnorm is a batchnorm in a gate"],
  ])("residual { %s }", (residual, message) => {
    expect(unnamed(plain, residual, mean).join("; ")).toContain(message);
  });

  test("a stride in a shortcut where others have a pool", () => {
    const { unnamed } = torchNames(
      graphOf(`
block Pooled(width) {
  residual { conv 3x3, width, /2 -> batchnorm }
  shortcut { avgpool 2x2, /2 -> conv 1x1, width -> batchnorm }
}
block Plain(width, stride) { residual { conv 3x3, width, /stride -> batchnorm } shortcut project }
network Net {
  input 32x32x3
  stem { conv 3x3, 4 -> batchnorm }
  stage one: Pooled(8)
  stage two: Plain(16, 2)
  head { globalavgpool -> dense 2 }
}`),
    );
    expect(unnamed.join()).toContain("two.block1.shortcut.conv has a stride, and there it is the");
  });

  test("is nothing where the form is that of torchvision", () => {
    expect(unnamed(plain, plain, mean)).toEqual([]);
  });
});
