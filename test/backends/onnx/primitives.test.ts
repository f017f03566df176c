import { expect, it } from "vitest";
import type { Tensor } from "../../../src/passes/interpret/tensor.js";
import { ProgramBuilder } from "../../../src/passes/program/builder.js";
import type { Direction, Primitive } from "../../../src/passes/program/primitives.js";
import type { Value } from "../../../src/passes/program/program.js";
import type { DataType, Shape } from "../../../src/passes/program/value-type.js";
import { coarse, Draw, drawConvolution, drawPool, positive, type Numbers } from "./draw.js";
import { describeLayouts, differences, wrongOutputs } from "./runtime.js";

/** One instruction of the primitive, drawn. */
type Case = (b: ProgramBuilder, draw: Draw) => Value;

function unary(primitive: Primitive, f?: Numbers): Case {
  return (b, draw) => b.apply(primitive, {} as never, draw.value(draw.anyShape(), f));
}

function binary(primitive: Primitive, left?: Numbers, right = left): Case {
  return (b, draw) => {
    const shape = draw.anyShape();
    return b.apply(primitive, {} as never, draw.value(shape, left), draw.value(shape, right));
  };
}

/** Arithmetic, of whole numbers too. */
function arithmetic(primitive: "add" | "subtract" | "multiply"): Case {
  return (b, draw) => {
    const dtype = draw.one(["f32", "f32", "f32", "i32", "u32"] as const);
    const shape = draw.anyShape();
    return b.apply(primitive, {}, typed(draw, dtype, shape), typed(draw, dtype, shape));
  };
}

/** A value of an element type, computed from a map in one of its forms or given. */
function typed(draw: Draw, dtype: DataType, shape: Shape): Value {
  const { b } = draw;
  if (dtype === "f32") return draw.value(shape, coarse);
  const given = (own: Shape): Value => draw.wholeInput(dtype, own);
  const way = draw.whole(0, 3);
  if (way === 0) return given(shape);
  if (way === 1) return draw.repeated(shape, given);
  if (dtype === "bool") {
    return b.compare(draw.value(shape, coarse), "less", draw.value(shape, coarse));
  }
  const near = draw.value(shape, dtype === "u32" ? (x) => Math.abs(coarse(x)) : (x) => 3 * x);
  return b.convert(near, dtype);
}

function reduction(primitive: "reduceSum" | "reduceMean"): Case {
  return (b, draw) => {
    const x = draw.value(draw.anyShape());
    return b.apply(primitive, { axes: someAxes(draw, x) }, x);
  };
}

function someAxes(draw: Draw, { type: { shape } }: Value): readonly number[] {
  const usual = [[0, 2, 3], [3, 0, 2], [2, 3], [0, 1, 2, 3], []];
  return shape.length === 4 && draw.happens() ? draw.one(usual) : draw.axes(shape.length);
}

const directions: readonly Direction[] = ["equal", "less", "greater", "greaterOrEqual"];
const dtypes = ["f32", "i32", "u32", "bool"] as const;

const cases: { readonly [K in Primitive]: Case } = {
  constant: (b, draw) => {
    const dtype = draw.one(dtypes);
    const shape = draw.shape(draw.whole(0, 4));
    const count = draw.happens() ? 1 : shape.reduce((product, extent) => product * extent, 1);
    const values = Array.from({ length: count }, (): number => {
      if (dtype === "bool") return draw.whole(0, 1);
      if (dtype === "f32") return Math.fround(draw.whole(-9, 9) / 7);
      return dtype === "u32" ? draw.whole(0, 2 ** 32 - 1) : draw.whole(-(2 ** 31), 2 ** 31 - 1);
    });
    return b.apply("constant", { type: { dtype, shape }, values });
  },
  iota: (b, draw) => b.iota(draw.whole(1, 40), draw.one(["i32", "u32"])),
  convert: (b, draw) => {
    const x = typed(draw, draw.one(dtypes), draw.anyShape());
    const computed = b.apply("convert", { dtype: draw.one(dtypes) }, x);
    // Again, so that a converted map is read in whatever order it lies.
    return draw.happens() ? computed : b.apply("convert", { dtype: "bool" }, computed);
  },
  negate: unary("negate"),
  exp: unary("exp"),
  log: unary("log", positive),
  sqrt: unary("sqrt", positive),
  rsqrt: unary("rsqrt", positive),
  tanh: unary("tanh"),
  cos: unary("cos", (x) => 3 * x),
  sigmoid: unary("sigmoid", (x) => 4 * x),
  relu: unary("relu"),
  add: arithmetic("add"),
  subtract: arithmetic("subtract"),
  multiply: arithmetic("multiply"),
  divide: binary("divide", undefined, positive),
  maximum: binary("maximum", coarse),
  minimum: binary("minimum", coarse),
  xor: (b, draw) => {
    const shape = draw.anyShape();
    return b.apply("xor", {}, typed(draw, "u32", shape), typed(draw, "u32", shape));
  },
  shiftRight: (b, draw) =>
    b.apply("shiftRight", { by: draw.whole(0, 31) }, typed(draw, "u32", draw.anyShape())),
  compare: (b, draw) => {
    const [dtype, shape] = [draw.one(dtypes), draw.anyShape()];
    const [left, right] = [typed(draw, dtype, shape), typed(draw, dtype, shape)];
    return b.compare(left, draw.one(directions), right);
  },
  select: (b, draw) => {
    const [dtype, shape] = [draw.one(["f32", "f32", ...dtypes] as const), draw.anyShape()];
    const [yes, no] = [typed(draw, dtype, shape), typed(draw, dtype, shape)];
    return b.select(typed(draw, "bool", shape), yes, no);
  },
  reluGradient: binary("reluGradient", coarse),
  affine: (b, draw) => {
    const shape = draw.whole(0, 3) === 0 ? draw.shape(draw.whole(2, 4)) : draw.map();
    const channels = [shape[1] ?? 1];
    const x = draw.value(shape);
    return b.apply("affine", {}, x, draw.value(channels), draw.value(channels));
  },
  reshape: (b, draw) => {
    const x = draw.value(draw.anyShape());
    const [first = 1, ...rest] = x.type.shape;
    return b.apply(
      "reshape",
      { shape: draw.one([[...rest, first, 1], [rest.reduce((p, n) => p * n, first)]]) },
      x,
    );
  },
  transpose: (b, draw) => {
    const x = draw.value(draw.anyShape());
    const permutation = x.type.shape.map((_, axis) => axis);
    permutation.sort(() => draw.whole(-1, 1));
    return b.apply("transpose", { permutation }, x);
  },
  broadcast: (_, draw) => {
    const shape = draw.anyShape();
    return draw.repeated(shape, (own) => draw.repeated(own, (inner) => draw.value(inner)));
  },
  slice: (b, draw) => {
    const shape = draw.anyShape();
    const inBlocks = shape.length === 4 && (shape[1] ?? 0) % 16 === 0 && draw.happens();
    const start = shape.map((extent, i) => (inBlocks && i === 1 ? 0 : draw.whole(0, extent - 1)));
    const limit = shape.map((extent, i) =>
      inBlocks && i === 1 ? 16 : draw.whole((start[i] ?? 0) + 1, extent),
    );
    const stride = draw.shape(shape.length, 3).map((by, i) => (inBlocks && i === 1 ? 1 : by));
    return b.apply("slice", { start, limit, stride }, draw.value(shape));
  },
  pad: (b, draw) => {
    const shape = draw.anyShape();
    const inBlocks = shape.length === 4 && draw.happens();
    const zeros = (most: number, more: number): number[] =>
      shape.map((_, i) => (inBlocks && i === 1 ? more * draw.whole(0, 1) : draw.whole(0, most)));
    const attributes = { low: zeros(2, 16), high: zeros(2, 16), interior: zeros(2, 0) };
    return b.apply("pad", attributes, draw.value(shape));
  },
  concat: (b, draw) => {
    const shape = draw.happens() ? draw.map() : draw.shape(draw.whole(1, 4));
    const axis = draw.happens() && shape.length > 1 ? 1 : draw.whole(0, shape.length - 1);
    const part = (): Value => {
      const extent = axis === 1 && draw.happens() ? 16 : draw.whole(1, 5);
      return draw.value(shape.with(axis, extent));
    };
    return b.apply("concat", { axis }, ...Array.from({ length: draw.whole(1, 3) }, part));
  },
  upsample: (b, draw) => {
    const x = draw.value(draw.happens() ? draw.map() : draw.shape(4));
    return b.apply("upsample", { factor: draw.pair(1, 3) }, x);
  },
  matmul: (b, draw) => {
    const [rows = 1, inner = 1, columns = 1] = draw.shape(3, 20);
    const [transposeLeft, transposeRight] = [draw.happens(), draw.happens()];
    const left = draw.value(transposeLeft ? [inner, rows] : [rows, inner]);
    const right = draw.value(transposeRight ? [columns, inner] : [inner, columns]);
    return b.apply("matmul", { transposeLeft, transposeRight }, left, right);
  },
  conv: (b, draw) => {
    const { attributes, x, w } = drawConvolution(draw);
    return b.apply("conv", attributes, draw.value(x), draw.value(w));
  },
  convInputGradient: (b, draw) => {
    const { attributes, x, w, y } = drawConvolution(draw);
    const a = { ...attributes, shape: x };
    return b.apply("convInputGradient", a, draw.value(y), draw.value(w));
  },
  convKernelGradient: (b, draw) => {
    const { attributes, x, w, y } = drawConvolution(draw);
    const a = { ...attributes, shape: w };
    return b.apply("convKernelGradient", a, draw.value(x), draw.value(y));
  },
  reduceSum: reduction("reduceSum"),
  reduceMean: reduction("reduceMean"),
  variance: (b, draw) => {
    const x = draw.value(draw.anyShape());
    const axes = someAxes(draw, x);
    const variance = b.apply("variance", { axes }, x, b.apply("reduceMean", { axes }, x));
    // In one pass over x it is exact to a share of the mean square, not of itself.
    return b.add(variance, b.apply("reduceMean", { axes }, b.multiply(x, x)));
  },
  argmax: (b, draw) => {
    const shape = draw.happens() ? draw.map() : draw.shape(draw.whole(1, 4));
    const axis = draw.whole(0, shape.length - 1);
    return b.apply("argmax", { axis }, draw.value(shape, coarse));
  },
  logSoftmax: (b, draw) => {
    const shape = draw.happens() ? draw.map() : draw.shape(draw.whole(1, 4));
    return b.apply("logSoftmax", { axis: draw.whole(0, shape.length - 1) }, draw.value(shape));
  },
  maxPool: (b, draw) => {
    const { attributes, x } = drawPool(draw);
    return b.apply("maxPool", attributes, draw.value(x));
  },
  maxPoolGradient: (b, draw) => {
    const { attributes, x, y } = drawPool(draw);
    return b.apply("maxPoolGradient", attributes, draw.value(x, coarse), draw.value(y));
  },
  averagePool: (b, draw) => {
    const { attributes, x } = drawPool(draw);
    return b.apply("averagePool", attributes, draw.value(x));
  },
  averagePoolGradient: (b, draw) => {
    const { attributes, x, y } = drawPool(draw);
    return b.apply("averagePoolGradient", { ...attributes, shape: x }, draw.value(y));
  },
};

const seeds = Array.from({ length: 60 }, (_, seed) => seed);

/** One program of a case for every seed, each with an output of its own. */
function caseProgram(primitive: string, write: Case, of: readonly number[]) {
  const b = new ProgramBuilder();
  const inputs = new Map<string, Tensor>();
  for (const seed of of) {
    let more = 0;
    const also = (value: Value): void => b.output(`seed ${seed}, also ${more++}`, value);
    b.output(`seed ${seed}`, write(b, new Draw(b, inputs, seed, also)));
  }
  return { program: b.build(primitive), inputs };
}

describeLayouts("in $layout, an instruction computes what the interpreter does:", ({ block }) => {
  it.each(Object.entries(cases))("%s", async (primitive, write) => {
    const { program, inputs } = caseProgram(primitive, write, seeds);
    const found = await differences(program, inputs, block);
    expect(wrongOutputs(found, 2e-5)).toEqual([]);
  });
});
