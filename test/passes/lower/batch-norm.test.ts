import { describe, expect, it } from "vitest";
import { differentiate } from "../../../src/passes/differentiate/differentiate.js";
import { interpret } from "../../../src/passes/interpret/interpret.js";
import { ProgramBuilder } from "../../../src/passes/program/builder.js";
import { fuseShifts } from "../../../src/passes/rewrites/shift-fusion.js";
import { inner, map, normal, type Reference } from "../../reference/array.js";

/** The gradient of sum y weights by x, for y the normalised x, as dx = a dy + (b x + c). */
function gradientProgram(shape: readonly number[]) {
  const b = new ProgramBuilder();
  const x = b.input("x", { dtype: "f32", shape });
  const weights = b.input("weights", x.type);
  const mean = b.apply("reduceMean", { axes: [0, 2, 3] }, x);
  const variance = b.apply("variance", { axes: [0, 2, 3] }, x, mean);
  const factor = b.apply("rsqrt", {}, b.shift(variance, 1e-5));
  const y = b.apply("affine", {}, x, factor, b.negate(b.multiply(mean, factor)));
  const [dx = x] = differentiate(b, b.sum(b.multiply(y, weights)), [x]);
  b.output("dx", dx);
  return fuseShifts(b.build("batch norm"));
}

describe("batch norm's gradient in float32", () => {
  it.each([
    [0, 1e-6],
    [3, 1e-6],
    [30, 1e-5],
  ])("stands a mean of %d deviations with an error below %d", (mean, tolerance) => {
    const shape = [4, 3, 8, 8];
    const x = map(normal(shape, "x"), (value) => Math.fround(value + mean));
    const inputs = new Map([
      ["x", x],
      ["weights", normal(shape, "weights")],
    ]);
    const program = gradientProgram(shape);
    const exact = interpret(program, inputs).get("dx") as Reference;
    const found = interpret(program, inputs, "float32").get("dx") as Reference;
    const error = map(exact, (value, i) => value - (found.data[i] ?? NaN));
    expect(Math.sqrt(inner(error, error) / inner(exact, exact))).toBeLessThan(tolerance);
  });
});
