/** A kernel's order in the engine is the one that the models read, and the way back is exact. */
import { expect, it } from "vitest";
import { pack, stateLayout, unpack } from "../../../src/engines/onnx/layout.js";
import { kernelPlaces } from "../../backends/onnx/kernel-places.js";

it.each([
  { block: 8, shape: [16, 24, 3, 3] },
  { block: 16, shape: [32, 16, 1, 2] },
  { block: 16, shape: [16, 3, 7, 7] },
  { block: 8, shape: [8, 8, 1, 1] },
])("of $shape in blocks of $block", ({ block, shape }) => {
  const [outputs = 1, inputs = 1, height = 1, width = 1] = shape;
  const canonical = [height, width, inputs, outputs];
  const kernel = { name: "weights/k", shape, canonical, permutation: [3, 2, 0, 1] };
  const layout = stateLayout(kernel, "kernel", block);
  const size = outputs * inputs * height * width;
  const numbers = Float32Array.from({ length: size }, (_, i) => i);
  const packed = pack(layout, numbers);
  // Number i of the canonical kernel (KH, KW, Cin, Cout), in the program's order (Cout, Cin, KH, KW).
  const plain = Float32Array.from({ length: size }, (_, i) => {
    const [place, o] = [i % (inputs * height * width), Math.floor(i / (inputs * height * width))];
    const [tap, c] = [place % (height * width), Math.floor(place / (height * width))];
    return (tap * inputs + c) * outputs + o;
  });
  expect(packed).toEqual(
    Float32Array.from(kernelPlaces(shape, block), (from) => plain[from] ?? NaN),
  );
  expect(unpack(layout, packed)).toEqual(numbers);
});
