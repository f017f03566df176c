/** Names in the graph are those that the spec declares, whatever operations stand in between. */
import { expect, it } from "vitest";
import { graphOf } from "../graph/checked.js";

it("an operation between stages takes no stage's or head's name", () => {
  const graph = graphOf(`network Net {
  input 8x8x3
  conv 3x3, 4 -> conv 3x3, 4
  stage conv2: 2 x conv 3x3, 4
  conv 1x1, 4
  stage conv: relu
  head head2 { globalavgpool }
  head { globalavgpool -> dense 2 }
}`);
  expect(graph.regions.map(({ name }) => name)).toEqual(["conv2", "conv", "head2", "head"]);
  expect(graph.outputs.map(({ name }) => name)).toEqual(["head2", "head"]);
  expect(graph.nodes.map(({ name }) => name).slice(1, 6)).toEqual([
    "conv3",
    "conv4",
    "conv2.block1.conv",
    "conv2.block2.conv",
    "conv5",
  ]);
});
