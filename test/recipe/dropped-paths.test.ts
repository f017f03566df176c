import { describe, expect, test } from "vitest";
import { graphParameters } from "../../src/graph/parameters.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { residualSums, withDroppedPaths } from "../../src/recipe/dropped-paths.js";
import type { Freeze } from "../../src/recipe/recipe.js";
import { graphOf, network } from "../graph/checked.js";

const text = `
block Basic(width, stride = 1) {
  residual { conv 3x3, width, /stride -> batchnorm }
  shortcut project
  relu
}

block Twice(width) {
  residual { Basic(width) -> Basic(width) } shortcut identity
  residual { conv 1x1, width } shortcut identity as second
}

network Net {
  input 16x16x3
  stem { conv 3x3, 4 -> relu }
  stage conv2: 2 x Basic(4)
  stage conv3: 1 x Twice(4)
  head classify { branches sum { { relu } { conv 1x1, 4 } } -> globalavgpool -> dense 3 }
}
`;
const graph = graphOf(text);
const sums = [
  "conv2.block1.add",
  "conv2.block2.add",
  "conv3.block1.residual.basic.add",
  "conv3.block1.residual.basic2.add",
  "conv3.block1.add",
  "conv3.block1.second",
];

/** The rate before every sum that has one. */
function rates(droppath: number, freeze: Freeze = false): Record<string, number> {
  const dropped = withDroppedPaths(graph, { droppath, freeze });
  expect(verifyGraph(dropped)).toEqual([]);
  const paths = dropped.nodes.flatMap((node) => (node.op === "droppath" ? [node] : []));
  for (const { name, inputs } of paths) {
    const sum = dropped.nodes.find(({ inputs }) => inputs.includes(name));
    expect(name).toBe(`${String(sum?.name)}.droppath`);
    // It stands where the residual came in, and the shortcut is as it was.
    const before = graph.nodes.find((node) => node.name === sum?.name);
    expect(sum?.inputs).toEqual([name, ...(before?.inputs.slice(1) ?? [])]);
    expect(inputs).toEqual(before?.inputs.slice(0, 1));
  }
  return Object.fromEntries(
    paths.map(({ name, attributes }) => [name.replace(/\.droppath$/, ""), attributes.rate]),
  );
}

describe("the paths that are dropped", () => {
  test("are the residuals, blocks in blocks too, and no other sums", () => {
    expect(residualSums(graph).map(({ name }) => name)).toEqual(sums);
    const plain = network("16x16x3", "conv 3x3, 8 -> branches sum { { relu } { conv 1x1, 8 } }");
    expect(residualSums(plain)).toEqual([]);
  });

  test("are dropped the likelier the later they come, up to the rate", () => {
    const expected = sums.map((name, i) => [name, (0.3 * (i + 1)) / 6]);
    expect(rates(0.3)).toEqual(Object.fromEntries(expected));
  });

  test("are left alone in frozen places, and by a rate of 0; the others keep their rates", () => {
    const all = rates(0.3);
    const { [sums[0] ?? ""]: one, [sums[1] ?? ""]: other, ...rest } = all;
    expect([one, other]).not.toContain(undefined);
    expect(rates(0.3, ["stem", "conv2"])).toEqual(rest);
    expect(rates(0.3, true)).toEqual({});
    expect(withDroppedPaths(graph, { droppath: 0, freeze: false })).toBe(graph);
  });

  test("add no parameters", () => {
    const dropped = withDroppedPaths(graph, { droppath: 0.5, freeze: false });
    expect(graphParameters(dropped)).toEqual(graphParameters(graph));
    expect(dropped.outputs).toEqual(graph.outputs);
  });
});
