import { expect, it } from "vitest";
import { initialParameters } from "../../src/graph/initialise.js";
import { convAttributes, norm, Sketch } from "../engines/networks.js";

const net = new Sketch();
net.input(8, 8, 16);
net.add("conv", "conv", convAttributes(64, 3), "input");
net.add("batchnorm", "norm", { ...norm, gamma: 0 }, "conv");
net.add("globalavgpool", "pool", {}, "norm");
net.add("dense", "dense", { channels: 50, bias: true }, "pool");
const graph = net.graph("dense");

it("draws convolutions with the variance of He and dense layers within their bound", () => {
  const values = initialParameters(graph, 1);
  const kernel = values.get("conv.kernel");
  expect(kernel?.shape).toEqual([3, 3, 16, 64]);
  const data = kernel?.data ?? new Float32Array();
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  expect(Math.abs(mean)).toBeLessThan(0.005);
  expect(variance / (2 / (9 * 16))).toBeGreaterThan(0.95);
  expect(variance / (2 / (9 * 16))).toBeLessThan(1.05);
  const dense = values.get("dense.kernel")?.data ?? new Float32Array();
  const largest = dense.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeLessThanOrEqual(1 / Math.sqrt(64));
  expect(largest).toBeGreaterThan(0.95 / Math.sqrt(64));
});

it("starts everything else from constants", () => {
  const values = initialParameters(graph, 1);
  const all = (key: string): number[] => [...new Set(values.get(key)?.data)];
  expect(all("norm.gamma")).toEqual([0]);
  expect(all("norm.moving_mean")).toEqual([0]);
  expect(all("norm.moving_variance")).toEqual([1]);
  expect(all("dense.bias")).toEqual([0]);
});

it("depends on the seed and on nothing else", () => {
  expect(initialParameters(graph, 1)).toEqual(initialParameters(graph, 1));
  expect(initialParameters(graph, 1).get("conv.kernel")).not.toEqual(
    initialParameters(graph, 2).get("conv.kernel"),
  );
});
