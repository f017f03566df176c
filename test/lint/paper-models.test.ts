/** The paper's networks by formula have the parameters that are published of them. */
import { expect, test } from "vitest";
import { claimedModel, paperParameters } from "../../src/lint/paper-models.js";

/** torchvision's networks for ImageNet; for CIFAR-10 what section 4.2 and Table 6 give, to the last parameter. */
test.each([
  ["ResNet-18", 1000, "B", 11_689_512],
  ["ResNet-34", 1000, "B", 21_797_672],
  ["ResNet-50", 1000, "B", 25_557_032],
  ["ResNet-101", 1000, "B", 44_549_160],
  ["ResNet-152", 1000, "B", 60_192_808],
  ["plain-18", 1000, "A", 11_515_688],
  ["ResNet-20", 10, "A", 269_722],
  ["ResNet-110", 10, "A", 1_727_962],
  ["ResNet-1202", 10, "A", 19_421_274],
] as const)(
  "%s with %d classes and shortcuts of option %s",
  (name, classes, option, parameters) => {
    const model = claimedModel(name);
    expect(model && paperParameters(model, classes, option)).toBe(parameters);
  },
);

test.each([
  ["ResNet-50 (He et al. 2015, Table 1), with the stride in the 3x3.", "ResNet-50"],
  ["The ResNet-18 of the paper.", "ResNet-18"],
  ["resnet 101", "ResNet-101"],
  ["The plain network of 34 layers (He et al. 2015, Table 2).", "plain-34"],
  ["A ResNet-50 with dilations.", undefined],
  ["ResNet-50-FPN, as detectors have it.", undefined],
  ["ResNet-34 encoder of a U-Net.", undefined],
  ["ResNet-51.", undefined],
  ["ResNet-500.", undefined],
  ["", undefined],
])("%s", (docs, name) => {
  expect(claimedModel(docs)?.name).toBe(name);
});
