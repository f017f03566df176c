/** A data set that is drawn when asked for: noisy squares whose colour is their class. */
import type { DataSet, Sample, Split } from "../../src/train/data/data-set.js";
import { randomBelow, randomKey } from "../../src/random/random.js";

export interface SquaresOptions {
  readonly side?: number;
  readonly classes?: number;
  readonly train?: number;
  readonly validation?: number;
}

export function colouredSquares(options: SquaresOptions = {}): DataSet {
  const { side = 4, classes = 3, train = 50, validation = 20 } = options;
  return {
    name: "squares",
    classes: Array.from({ length: classes }, (_, index) => `colour${index}`),
    train: splitOf("train", train, side, classes),
    validation: splitOf("validation", validation, side, classes),
    close: async () => {},
  };
}

function splitOf(name: string, size: number, side: number, classes: number): Split {
  return {
    size,
    describe: (index) => `${name} ${index}`,
    read: async (index) => draw(randomKey(name, index), index % classes, side),
  };
}

function draw(key: number, label: number, side: number): Sample {
  const pixels = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const own = i % 3 === label % 3 ? 90 : 40;
    return own + randomBelow(key, i, 120);
  });
  return { image: { pixels, height: side, width: side, channels: 3 }, label };
}
