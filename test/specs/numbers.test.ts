/**
 * The specs against published numbers (torchvision 0.29, and counted for the CIFAR family; He et al.
 * 2015, Tables 1, 2 and 6): they are written here once more, apart from the specs' own `expect`.
 */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { graphCost } from "../../src/graph/cost.js";
import type { Graph } from "../../src/graph/graph.js";
import { graphParameters } from "../../src/graph/parameters.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { graphsOf } from "../graph/checked.js";

const published: readonly (readonly [string, string, number, number])[] = [
  ["resnet18", "ResNet18", 11_689_512, 1_814_073_344],
  ["resnet34", "ResNet34", 21_797_672, 3_663_761_408],
  ["resnet50", "ResNet50", 25_557_032, 4_089_184_256],
  ["resnet101", "ResNet101", 44_549_160, 7_801_405_440],
  ["resnet152", "ResNet152", 60_192_808, 11_513_626_624],
  ["resnet", "ResNet50", 25_557_032, 4_089_184_256],
  ["resnext50", "ResNeXt50", 25_028_904, 4_230_479_872],
  ["resnet-cifar10", "ResNet20", 269_722, 40_551_040],
  ["resnet50-imagenet", "ResNet50", 25_557_032, 4_089_184_256],
  ["resnet-cifar10", "ResNet56", 853_018, 125_485_696],
  ["resnet-cifar10", "ResNet110", 1_727_962, 252_887_680],
];

/** The paper's own, in Table 1 and Table 6, to as many digits as it gives. */
const paper: readonly (readonly [string, string, "parameters" | "macs", number, number])[] = [
  ["resnet", "ResNet50Original", "macs", 3.8e9, 1e8],
  ["resnet", "ResNet101Original", "macs", 7.6e9, 1e8],
  ["resnet", "ResNet152Original", "macs", 11.3e9, 1e8],
  ["resnet-cifar10", "ResNet20", "parameters", 0.27e6, 1e4],
  ["resnet-cifar10", "ResNet32", "parameters", 0.46e6, 1e4],
  ["resnet-cifar10", "ResNet44", "parameters", 0.66e6, 1e4],
  ["resnet-cifar10", "ResNet56", "parameters", 0.85e6, 1e4],
  ["resnet-cifar10", "ResNet110", "parameters", 1.7e6, 1e5],
  ["resnet-cifar10", "ResNet1202", "parameters", 19.4e6, 1e5],
];

function graph(file: string, name: string): Graph {
  const found = graphsOf(`specs/${file}.resnet`).get(name);
  if (found === undefined) throw new Error(`${file} has no ${name}`);
  return found;
}

describe("specs", () => {
  it.each(published)(
    "%s#%s has %i parameters and %i multiply-adds",
    (file, name, parameters, macs) => {
      expect(graphCost(graph(file, name))).toMatchObject({ parameters, macs });
    },
  );

  it.each(paper)("%s#%s has %s of about %d", (file, name, measure, value, digit) => {
    expect(Math.abs((graphCost(graph(file, name))[measure] ?? 0) - value)).toBeLessThan(digit);
  });

  it("strikes back with the same network, of any size", () => {
    const open = graph("resnet50-strikes-back", "ResNet50");
    const fixed = graph("resnet50", "ResNet50");
    expect(open.nodes.map(({ name }) => name)).toEqual(fixed.nodes.map(({ name }) => name));
    expect(graphParameters(open)).toEqual(graphParameters(fixed));
  });

  it("the stride's place changes no parameter", () => {
    for (const depth of [50, 101, 152]) {
      const original = graphCost(graph("resnet", `ResNet${depth}Original`)).parameters;
      expect(original).toBe(graphCost(graph(`resnet${depth}`, `ResNet${depth}`)).parameters);
    }
  });

  it("CIFAR's option B costs what was counted", () => {
    const text = `import { CifarResNet } from "./resnet-cifar10"
      network A = CifarResNet(3, option: project)
      network B = CifarResNet(9, option: project)`;
    const graphs = graphsOf("specs/option-b.resnet", { "specs/option-b.resnet": text });
    const counted = [...graphs.values()].map((each) => graphCost(each).parameters);
    expect(counted).toEqual([272_474, 855_770]);
  });

  it("plain networks lack the projections and the sums, and nothing else", () => {
    for (const depth of [18, 34]) {
      const plain = graph(`plain${depth}`, `Plain${depth}`);
      const residual = graph(`resnet${depth}`, `ResNet${depth}`);
      expect(plain.nodes.some(({ op }) => op === "add")).toBe(false);
      // Three projections: 64 to 128, 128 to 256, 256 to 512 channels, each with its batch norm.
      const projections = 64 * 128 + 2 * 128 + 128 * 256 + 2 * 256 + 256 * 512 + 2 * 512;
      const less = graphCost(residual).parameters - graphCost(plain).parameters;
      expect(less).toBe(projections);
      const layers = plain.nodes.filter(({ op }) => op === "conv" || op === "dense").length;
      expect(layers).toBe(depth);
    }
  });

  it("resnet50.resnet and ResNet50 of resnet.resnet are one graph", () => {
    const bare = ({ nodes, ...rest }: Graph): unknown => ({
      ...rest,
      regions: rest.regions.map(({ block: _block, ...region }) => region),
      nodes: nodes.map(({ origin: _origin, ...node }) => node),
    });
    expect(bare(graph("resnet50", "ResNet50"))).toEqual(bare(graph("resnet", "ResNet50")));
  });

  it("names of nodes are stable", () => {
    const names = graph("resnet50", "ResNet50").nodes.map(({ name }) => name);
    expect(names.slice(0, 5)).toEqual([
      "input",
      "stem.conv",
      "stem.batchnorm",
      "stem.relu",
      "stem.maxpool",
    ]);
    expect(names.filter((name) => name.startsWith("conv3.block1."))).toEqual([
      "conv3.block1.residual.conv",
      "conv3.block1.residual.batchnorm",
      "conv3.block1.residual.relu",
      "conv3.block1.residual.conv2",
      "conv3.block1.residual.batchnorm2",
      "conv3.block1.residual.relu2",
      "conv3.block1.residual.conv3",
      "conv3.block1.residual.batchnorm3",
      "conv3.block1.shortcut.conv",
      "conv3.block1.shortcut.batchnorm",
      "conv3.block1.add",
      "conv3.block1.relu",
    ]);
    expect(names.at(-1)).toBe("classify.dense");
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(readdirSync(new URL("../../specs/", import.meta.url)))(
    "%s: graphs verify and survive JSON",
    (file) => {
      for (const each of graphsOf(`specs/${file}`).values()) {
        expect(verifyGraph(each)).toEqual([]);
        expect(JSON.parse(JSON.stringify(each))).toEqual(each);
      }
    },
  );
});
