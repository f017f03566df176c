import { describe, expect, it } from "vitest";
import { differentiate, gradientRules } from "../../../src/passes/differentiate/differentiate.js";
import { NotDifferentiable } from "../../../src/passes/differentiate/rule.js";
import { ProgramBuilder } from "../../../src/passes/program/builder.js";
import { windowCount } from "../../../src/passes/program/contractions.js";
import type { Convolution, Pool, Primitive } from "../../../src/passes/program/primitives.js";
import { checkCase, type Case, type Draw } from "./gradient-check.js";

const positive = (x: number): number => Math.abs(x) + 0.5;

function unary(primitive: Primitive, f?: (x: number) => number): Case {
  return (b, draw) => b.apply(primitive, {} as never, draw.input(draw.shape(2), f));
}

function binary(primitive: Primitive, f?: (x: number) => number): Case {
  return (b, draw) => {
    const shape = draw.shape(2);
    return b.apply(primitive, {} as never, draw.input(shape), draw.input(shape, f));
  };
}

/** A convolution of random geometry whose windows fit. */
function convolution(draw: Draw) {
  const groups = draw.whole(1, 3);
  const kernel = draw.pair(1, 3);
  const attributes: Convolution = {
    stride: draw.pair(1, 3),
    padding: draw.sides(0, 2),
    dilation: draw.pair(1, 2),
    groups,
  };
  const extents = kernel.map((k, i) => (attributes.dilation[i] ?? 1) * (k - 1) + draw.whole(1, 4));
  const [channels, filters] = [groups * draw.whole(1, 2), groups * draw.whole(1, 2)];
  const x = [draw.whole(1, 2), channels, ...extents];
  const w = [filters, channels / groups, ...kernel];
  const out = kernel.map((k, i) => {
    const axis = i as 0 | 1;
    const { stride, padding, dilation } = attributes;
    return windowCount(extents[i] ?? 0, k, stride[axis], padding[axis], dilation[axis]);
  });
  return { attributes, x, w, y: [x[0] ?? 1, filters, ...out] };
}

/** A pool of random geometry, of which every window sees something. */
function pool(draw: Draw) {
  const kernel = draw.pair(1, 3);
  const padding = kernel.map((k) => [draw.whole(0, k - 1), draw.whole(0, k - 1)]);
  const attributes = { kernel, stride: draw.pair(1, 3), padding } as unknown as Pool;
  const extents = kernel.map((k) => k + draw.whole(0, 3));
  const out = kernel.map((k, i) => {
    const axis = i as 0 | 1;
    return windowCount(extents[i] ?? 0, k, attributes.stride[axis], attributes.padding[axis]);
  });
  const outer = draw.shape(2, 2);
  return { attributes, x: [...outer, ...extents], y: [...outer, ...out] };
}

const drop = (draw: Draw): number[] => [0, 1, 2].filter(() => draw.whole(0, 1) === 1);

const cases: { readonly [K in Primitive]: Case | "no gradient" } = {
  constant: "no gradient",
  iota: "no gradient",
  convert: (b, draw) => b.apply("convert", { dtype: "f32" }, draw.input(draw.shape(2))),
  negate: unary("negate"),
  exp: unary("exp"),
  log: unary("log", positive),
  sqrt: unary("sqrt", positive),
  rsqrt: unary("rsqrt", positive),
  tanh: unary("tanh"),
  cos: unary("cos"),
  sigmoid: unary("sigmoid"),
  relu: unary("relu"),
  add: binary("add"),
  subtract: binary("subtract"),
  multiply: binary("multiply"),
  divide: binary("divide", positive),
  maximum: binary("maximum"),
  minimum: binary("minimum"),
  xor: "no gradient",
  shiftRight: "no gradient",
  compare: "no gradient",
  select: (b, draw) => {
    const x = draw.input(draw.shape(2));
    const condition = b.compare(x, "less", b.fillLike(0.3, x));
    return b.select(condition, b.scale(x, 3), draw.input(x.type.shape));
  },
  reluGradient: binary("reluGradient"),
  affine: (b, draw) => {
    const x = draw.input(draw.shape(draw.whole(2, 4)));
    const channels = [x.type.shape[1] ?? 1];
    return b.apply("affine", {}, x, draw.input(channels), draw.input(channels));
  },
  reshape: (b, draw) => {
    const [first = 1, ...rest] = draw.shape(3);
    const x = draw.input([first, ...rest]);
    return b.apply("reshape", { shape: [...rest, first, 1] }, x);
  },
  transpose: (b, draw) => {
    const permutation =
      [
        [2, 0, 1],
        [1, 2, 0],
        [0, 2, 1],
      ][draw.whole(0, 2)] ?? [];
    return b.apply("transpose", { permutation }, draw.input(draw.shape(3)));
  },
  broadcast: (b, draw) => {
    const shape = draw.shape(4);
    const axes = [0, 1, 2, 3].filter(() => draw.whole(0, 1) === 1);
    const own = axes.map((axis) => (draw.whole(0, 2) === 0 ? 1 : (shape[axis] ?? 1)));
    return b.apply("broadcast", { shape, axes }, draw.input(own));
  },
  slice: (b, draw) => {
    const shape = draw.shape(3, 6);
    const start = shape.map((extent) => draw.whole(0, extent - 1));
    const limit = shape.map((extent, i) => draw.whole((start[i] ?? 0) + 1, extent));
    return b.apply("slice", { start, limit, stride: draw.shape(3, 3) }, draw.input(shape));
  },
  pad: (b, draw) => {
    const zeros = (): number[] => [draw.whole(0, 2), draw.whole(0, 2)];
    const attributes = { low: zeros(), high: zeros(), interior: zeros() };
    return b.apply("pad", attributes, draw.input(draw.shape(2)));
  },
  concat: (b, draw) => {
    const axis = draw.whole(0, 2);
    const shape = draw.shape(3);
    const part = () => draw.input(shape.with(axis, draw.whole(1, 3)));
    return b.apply("concat", { axis }, part(), part(), part());
  },
  upsample: (b, draw) =>
    b.apply("upsample", { factor: draw.pair(1, 3) }, draw.input(draw.shape(4))),
  matmul: (b, draw) => {
    const [rows = 1, inner = 1, columns = 1] = draw.shape(3);
    const [transposeLeft, transposeRight] = [draw.whole(0, 1) === 1, draw.whole(0, 1) === 1];
    const left = draw.input(transposeLeft ? [inner, rows] : [rows, inner]);
    const right = draw.input(transposeRight ? [columns, inner] : [inner, columns]);
    return b.apply("matmul", { transposeLeft, transposeRight }, left, right);
  },
  conv: (b, draw) => {
    const { attributes, x, w } = convolution(draw);
    return b.apply("conv", attributes, draw.input(x), draw.input(w));
  },
  convInputGradient: (b, draw) => {
    const { attributes, x, w, y } = convolution(draw);
    const a = { ...attributes, shape: x };
    return b.apply("convInputGradient", a, draw.input(y), draw.input(w));
  },
  convKernelGradient: (b, draw) => {
    const { attributes, x, w, y } = convolution(draw);
    const a = { ...attributes, shape: w };
    return b.apply("convKernelGradient", a, draw.input(x), draw.input(y));
  },
  reduceSum: (b, draw) => b.apply("reduceSum", { axes: drop(draw) }, draw.input(draw.shape(3))),
  reduceMean: (b, draw) => b.apply("reduceMean", { axes: drop(draw) }, draw.input(draw.shape(3))),
  variance: (b, draw) => {
    const axes = draw.whole(0, 1) === 1 ? [0, 2] : drop(draw);
    const x = draw.input(draw.shape(3));
    return b.apply("variance", { axes }, x, b.apply("reduceMean", { axes }, x));
  },
  argmax: "no gradient",
  logSoftmax: (b, draw) =>
    b.apply("logSoftmax", { axis: draw.whole(0, 2) }, draw.input(draw.shape(3))),
  maxPool: (b, draw) => {
    const { attributes, x } = pool(draw);
    return b.apply("maxPool", attributes, draw.input(x));
  },
  maxPoolGradient: "no gradient",
  averagePool: (b, draw) => {
    const { attributes, x } = pool(draw);
    return b.apply("averagePool", attributes, draw.input(x));
  },
  averagePoolGradient: (b, draw) => {
    const { attributes, x, y } = pool(draw);
    return b.apply("averagePoolGradient", { ...attributes, shape: x }, draw.input(y));
  },
};

const seeds = Array.from({ length: 12 }, (_, seed) => seed);

describe("the gradient rule", () => {
  for (const [primitive, check] of Object.entries(cases)) {
    if (check === "no gradient") continue;
    it(`of ${primitive} agrees with central differences`, () => {
      for (const seed of seeds) {
        const { program, worst } = checkCase(check, seed);
        expect(program.instructions.some((each) => each.primitive === primitive)).toBe(true);
        expect(worst, `seed ${seed}`).toBeLessThan(1e-7);
      }
    });
  }

  it("sees a wrong gradient", () => {
    const wrong = gradientRules as { sqrt: unknown };
    const right = wrong.sqrt;
    wrong.sqrt = gradientRules.tanh;
    try {
      expect(checkCase(unary("sqrt", positive), 1).worst).toBeGreaterThan(1e-2);
    } finally {
      wrong.sqrt = right;
    }
  });

  it("refuses a second derivative of a max pool, and a loss that is no scalar", () => {
    const b = new ProgramBuilder();
    const x = b.input("x", { dtype: "f32", shape: [1, 1, 2, 2] });
    const window = {
      kernel: [2, 2],
      stride: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
    } as const;
    const y = b.apply("maxPool", window, x);
    expect(() => differentiate(b, y, [x])).toThrow(NotDifferentiable);
    const [dx = x] = differentiate(b, b.sum(b.multiply(y, y)), [x]);
    expect(() => differentiate(b, b.sum(b.multiply(dx, dx)), [x])).toThrow(/once, not twice/);
  });

  it("gives zeros for what the loss does not depend on, and writes nothing for what is not asked", () => {
    const b = new ProgramBuilder();
    const [x, other] = [
      b.input("x", { dtype: "f32", shape: [3] }),
      b.input("y", { dtype: "f32", shape: [2] }),
    ];
    const loss = b.sum(b.multiply(x, x));
    const before = b.instructions.length;
    const [zero] = differentiate(b, loss, [other]);
    const written = b.instructions.slice(before);
    expect(written.map(({ primitive }) => primitive)).toEqual(["constant", "constant"]);
    expect(zero?.type.shape).toEqual([2]);
  });
});
