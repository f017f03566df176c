/** A checkpoint of `smallGraph` whose every weight is one number, by which it is known again. */
import type { NamedTensor } from "../../src/engines/engine.js";
import { graphParameters } from "../../src/graph/parameters.js";
import type { Checkpoint } from "../../src/train/checkpoint.js";
import { smallGraph, smallRecipe } from "./small-network.js";

/** @param side of the images, which makes the file larger. */
export function smallCheckpoint(value: number, side = 4): Checkpoint {
  const graph = smallGraph(side, 3);
  const tensors = new Map<string, NamedTensor>();
  // The large kernel comes last, so that a disk that fills up does so at the end of the file.
  for (const { key, shape } of [...graphParameters(graph)].reverse()) {
    const count = shape.reduce((product, extent) => product * extent, 1);
    tensors.set(`weights/${key}`, { shape, data: new Float32Array(count).fill(value) });
  }
  return {
    graph,
    recipe: smallRecipe(),
    classes: ["a", "b", "c"],
    engine: "cpu",
    version: "0.0.0-test",
    progress: {
      epoch: 1,
      position: 2,
      loss: 0.1 + 0.2,
      correct: 17,
      count: 32,
      seconds: 1.5,
      images: 50,
      history: [
        { epoch: 1, step: 4, rate: 0.01, trainLoss: 1 / 3, trainAccuracy: 0.5, seconds: 2 },
      ],
      best: { epoch: 1, measure: "training loss", value: 1 / 3 },
    },
    state: { step: 6, tensors },
  };
}
