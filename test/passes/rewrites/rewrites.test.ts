import { describe, expect, it } from "vitest";
import { interpret } from "../../../src/passes/interpret/interpret.js";
import { lowerInference } from "../../../src/passes/lower/lower.js";
import { differentiate } from "../../../src/passes/differentiate/differentiate.js";
import { ProgramBuilder } from "../../../src/passes/program/builder.js";
import { printProgram } from "../../../src/passes/program/print.js";
import type { Program, Value } from "../../../src/passes/program/program.js";
import { verifyProgram } from "../../../src/passes/program/verify.js";
import { foldBatchNorm } from "../../../src/passes/rewrites/batch-norm-folding.js";
import { foldConstants } from "../../../src/passes/rewrites/constant-folding.js";
import { removeDeadOperations } from "../../../src/passes/rewrites/dead-operations.js";
import { removeDuplicates } from "../../../src/passes/rewrites/duplicates.js";
import { peakLiveBytes } from "../../../src/passes/rewrites/liveness.js";
import { orderForMemory } from "../../../src/passes/rewrites/memory-order.js";
import { splitPreparation } from "../../../src/passes/rewrites/preparation.js";
import { fuseShifts } from "../../../src/passes/rewrites/shift-fusion.js";
import { convAttributes, norm, Sketch } from "../../engines/networks.js";
import { disagreement, map, normal, type Reference } from "../../reference/array.js";

/** Positive numbers for every input, so that they may be variances too. */
function someInputs(program: Program): Map<string, Reference> {
  return new Map(
    program.inputs.map(({ name, type }) => [name, map(normal(type.shape, name), Math.abs)]),
  );
}

/** Both programs are sound and compute the same; gives what the second one prints as. */
function same(before: Program, after: Program): string {
  expect(verifyProgram(before)).toEqual([]);
  expect(verifyProgram(after)).toEqual([]);
  const expected = interpret(before, someInputs(before));
  const found = interpret(after, someInputs(after));
  for (const [name, tensor] of expected) {
    expect(disagreement(found.get(name)?.data ?? [], tensor as Reference)).toBeLessThan(1e-12);
  }
  return printProgram(after);
}

/** A program of one vector `x`, and one output. */
function program(write: (b: ProgramBuilder, x: Value) => Value): Program {
  const b = new ProgramBuilder();
  b.output("y", write(b, b.input("x", { dtype: "f32", shape: [3] })));
  return b.build("small");
}

describe("constant folding", () => {
  it("computes what depends on constants alone", () => {
    const before = program((b, x) => {
      const two = b.apply("sqrt", {}, b.fill(4));
      const vector = b.broadcastLike(b.add(two, b.fill(1)), x);
      return b.multiply(x, b.multiply(vector, b.convert(b.iota(3, "i32"), "f32")));
    });
    expect(printProgram(before)).toMatchInlineSnapshot(`
      "program small {
        input x : f32[3]
        constant : f32 = constant() 4
        sqrt : f32 = sqrt(constant)
        constant2 : f32 = constant() 1
        add : f32 = add(sqrt, constant2)
        broadcast : f32[3] = broadcast(add) axes=[]
        iota : i32[3] = iota() size=3
        convert : f32[3] = convert(iota)
        multiply : f32[3] = multiply(broadcast, convert)
        multiply2 : f32[3] = multiply(x, multiply)
        output y = multiply2
      }
      "
    `);
    expect(same(before, foldConstants(before))).toMatchInlineSnapshot(`
      "program small {
        input x : f32[3]
        constant : f32 = constant() 4
        sqrt : f32 = constant() 2
        constant2 : f32 = constant() 1
        add : f32 = constant() 3
        broadcast : f32[3] = constant() 3
        iota : i32[3] = constant() 0 1 2
        convert : f32[3] = constant() 0 1 2
        multiply : f32[3] = constant() 0 3 6
        multiply2 : f32[3] = multiply(x, multiply)
        output y = multiply2
      }
      "
    `);
  });

  it("keeps one number for a large constant of equal elements, and leaves other large ones", () => {
    const b = new ProgramBuilder();
    b.output("ones", b.broadcast(b.fill(1), [64, 64], []));
    b.output("numbers", b.convert(b.iota(4096, "i32"), "f32"));
    const before = b.build("large");
    const after = foldConstants(before);
    expect(after.instructions.map(({ primitive }) => primitive)).toEqual([
      "constant",
      "constant",
      "iota",
      "convert",
    ]);
    same(before, after);
  });
});

describe("removal of dead operations", () => {
  it("leaves what an output needs", () => {
    const before = program((b, x) => {
      b.apply("exp", {}, b.add(x, x));
      return b.negate(x);
    });
    expect(printProgram(before)).toMatchInlineSnapshot(`
      "program small {
        input x : f32[3]
        add : f32[3] = add(x, x)
        exp : f32[3] = exp(add)
        negate : f32[3] = negate(x)
        output y = negate
      }
      "
    `);
    expect(same(before, removeDeadOperations(before))).toMatchInlineSnapshot(`
      "program small {
        input x : f32[3]
        negate : f32[3] = negate(x)
        output y = negate
      }
      "
    `);
  });
});

describe("removal of duplicates", () => {
  it("leaves the first of equal instructions, chains of them included", () => {
    const before = program((b, x) => {
      const [left, right] = [b.scale(x, 2), b.scale(x, 2)];
      return b.add(b.apply("exp", {}, left), b.apply("exp", {}, right));
    });
    expect(printProgram(before)).toMatchInlineSnapshot(`
      "program small {
        input x : f32[3]
        constant : f32[3] = constant() 2
        multiply : f32[3] = multiply(x, constant)
        constant2 : f32[3] = constant() 2
        multiply2 : f32[3] = multiply(x, constant2)
        exp : f32[3] = exp(multiply)
        exp2 : f32[3] = exp(multiply2)
        add : f32[3] = add(exp, exp2)
        output y = add
      }
      "
    `);
    const after = removeDuplicates(before);
    expect(same(before, after)).toMatchInlineSnapshot(`
      "program small {
        input x : f32[3]
        constant : f32[3] = constant() 2
        multiply : f32[3] = multiply(x, constant)
        exp : f32[3] = exp(multiply)
        add : f32[3] = add(exp, exp)
        output y = add
      }
      "
    `);
  });

  it("tells attributes and types apart", () => {
    const before = program((b, x) => {
      const maps = b.broadcast(x, [3, 3], [0]);
      const others = b.broadcast(x, [3, 3], [1]);
      return b.add(maps, others);
    });
    expect(removeDuplicates(before)).toEqual(before);
  });
});

describe("shift fusion", () => {
  it("makes batch norm's gradient a dy + (b x + c)", () => {
    const b = new ProgramBuilder();
    const x = b.input("x", { dtype: "f32", shape: [2, 3, 2, 2] });
    const dy = b.input("dy", x.type);
    const axes = [0, 2, 3];
    const mean = b.apply("reduceMean", { axes }, x);
    const variance = b.apply("variance", { axes }, x, mean);
    const factor = b.apply("rsqrt", {}, variance);
    const y = b.apply("affine", {}, x, factor, b.negate(b.multiply(mean, factor)));
    const [dx = x] = differentiate(b, b.sum(b.multiply(y, dy)), [x]);
    b.output("dx", dx);
    const before = removeDeadOperations(b.build("norm"));
    const after = removeDeadOperations(fuseShifts(before));
    const maps = (of: Program) =>
      of.instructions.filter(({ type }) => type.shape.length === 4).map((each) => each.primitive);
    expect(maps(before)).toEqual([
      "broadcast",
      "multiply",
      "affine",
      "multiply",
      "affine",
      "broadcast",
      "add",
      "add",
    ]);
    expect(maps(after)).toEqual(["broadcast", "multiply", "affine", "multiply", "affine", "add"]);
    expect(same(before, after)).toMatchInlineSnapshot(`
      "program norm {
        input x : f32[2,3,2,2]
        input dy : f32[2,3,2,2]
        reduceMean : f32[3] = reduceMean(x) axes=[0,2,3]
        variance : f32[3] = variance(x, reduceMean) axes=[0,2,3]
        rsqrt : f32[3] = rsqrt(variance)
        gradient/constant : f32 = constant() 1
        gradient/reduceSum/broadcast : f32[2,3,2,2] = broadcast(gradient/constant) axes=[]
        gradient/multiply2/multiply : f32[2,3,2,2] = multiply(gradient/reduceSum/broadcast, dy)
        gradient/affine/constant : f32[3] = constant() 0
        gradient/affine/affine : f32[2,3,2,2] = affine(gradient/multiply2/multiply, rsqrt, gradient/affine/constant)
        gradient/affine/multiply : f32[2,3,2,2] = multiply(gradient/multiply2/multiply, x)
        gradient/affine/reduceSum : f32[3] = reduceSum(gradient/affine/multiply) axes=[0,2,3]
        gradient/affine/reduceSum2 : f32[3] = reduceSum(gradient/multiply2/multiply) axes=[0,2,3]
        gradient/negate/negate : f32[3] = negate(gradient/affine/reduceSum2)
        gradient/multiply/multiply : f32[3] = multiply(gradient/negate/negate, rsqrt)
        gradient/multiply/multiply2 : f32[3] = multiply(gradient/negate/negate, reduceMean)
        gradient/rsqrt/add : f32[3] = add(gradient/affine/reduceSum, gradient/multiply/multiply2)
        gradient/rsqrt/constant : f32[3] = constant() -0.5
        gradient/rsqrt/multiply : f32[3] = multiply(gradient/rsqrt/add, gradient/rsqrt/constant)
        gradient/rsqrt/multiply2 : f32[3] = multiply(rsqrt, rsqrt)
        gradient/rsqrt/multiply3 : f32[3] = multiply(rsqrt, gradient/rsqrt/multiply2)
        gradient/rsqrt/multiply4 : f32[3] = multiply(gradient/rsqrt/multiply, gradient/rsqrt/multiply3)
        gradient/variance/constant : f32[3] = constant() 0.25
        gradient/variance/multiply : f32[3] = multiply(gradient/rsqrt/multiply4, gradient/variance/constant)
        gradient/variance/multiply2 : f32[3] = multiply(gradient/variance/multiply, reduceMean)
        gradient/variance/negate : f32[3] = negate(gradient/variance/multiply2)
        gradient/reduceMean/constant : f32[3] = constant() 0.125
        gradient/reduceMean/multiply : f32[3] = multiply(gradient/multiply/multiply, gradient/reduceMean/constant)
        gradient/add/shift : f32[3] = add(gradient/variance/negate, gradient/reduceMean/multiply)
        gradient/add : f32[2,3,2,2] = affine(x, gradient/variance/multiply, gradient/add/shift)
        gradient/add2 : f32[2,3,2,2] = add(gradient/affine/affine, gradient/add)
        output dx = gradient/add2
      }
      "
    `);
  });
});

/** A convolution with a bias and one without, each with its batch norm. */
function normalised(): Program {
  const net = new Sketch();
  net.add("conv", "conv1", convAttributes(3, 3, 2, { bias: true }), net.input(5, 5, 2));
  net.add("batchnorm", "norm1", norm, "conv1");
  net.add("relu", "relu", {}, "norm1");
  net.add("conv", "conv2", convAttributes(3, 1, 1, { groups: 3 }), "relu");
  net.add("batchnorm", "norm2", norm, "conv2");
  net.add("add", "sum", {}, "norm2", "relu");
  net.add("globalavgpool", "pool", {}, "sum");
  net.add("dense", "dense", { channels: 2, bias: true }, "pool");
  return lowerInference(net.graph("dense"), 2);
}

describe("batch-norm folding", () => {
  it("moves a batch norm into the convolution before it", () => {
    const before = normalised();
    expect(printProgram(before)).toMatchInlineSnapshot(`
      "program Sketch {
        input images : f32[2,5,5,2]
        input weights/conv1.kernel : f32[3,2,3,3]
        input weights/conv1.bias : f32[3]
        input weights/norm1.gamma : f32[3]
        input weights/norm1.beta : f32[3]
        input weights/norm1.moving_mean : f32[3]
        input weights/norm1.moving_variance : f32[3]
        input weights/conv2.kernel : f32[3,1,1,1]
        input weights/norm2.gamma : f32[3]
        input weights/norm2.beta : f32[3]
        input weights/norm2.moving_mean : f32[3]
        input weights/norm2.moving_variance : f32[3]
        input weights/dense.kernel : f32[3,2]
        input weights/dense.bias : f32[2]
        input/transpose : f32[2,2,5,5] = transpose(images) permutation=[0,3,1,2]
        conv1/conv : f32[2,3,3,3] = conv(input/transpose, weights/conv1.kernel) stride=[2,2] padding=[[1,1],[1,1]]
        conv1/broadcast : f32[2,3,3,3] = broadcast(weights/conv1.bias) axes=[1]
        conv1/add : f32[2,3,3,3] = add(conv1/conv, conv1/broadcast)
        norm1/constant : f32[3] = constant() 0.00001
        norm1/add : f32[3] = add(weights/norm1.moving_variance, norm1/constant)
        norm1/rsqrt : f32[3] = rsqrt(norm1/add)
        norm1/multiply : f32[3] = multiply(weights/norm1.gamma, norm1/rsqrt)
        norm1/multiply2 : f32[3] = multiply(weights/norm1.moving_mean, norm1/multiply)
        norm1/subtract : f32[3] = subtract(weights/norm1.beta, norm1/multiply2)
        norm1/affine : f32[2,3,3,3] = affine(conv1/add, norm1/multiply, norm1/subtract)
        relu/relu : f32[2,3,3,3] = relu(norm1/affine)
        conv2/conv : f32[2,3,3,3] = conv(relu/relu, weights/conv2.kernel) padding=[[0,0],[0,0]] groups=3
        norm2/constant : f32[3] = constant() 0.00001
        norm2/add : f32[3] = add(weights/norm2.moving_variance, norm2/constant)
        norm2/rsqrt : f32[3] = rsqrt(norm2/add)
        norm2/multiply : f32[3] = multiply(weights/norm2.gamma, norm2/rsqrt)
        norm2/multiply2 : f32[3] = multiply(weights/norm2.moving_mean, norm2/multiply)
        norm2/subtract : f32[3] = subtract(weights/norm2.beta, norm2/multiply2)
        norm2/affine : f32[2,3,3,3] = affine(conv2/conv, norm2/multiply, norm2/subtract)
        sum/add : f32[2,3,3,3] = add(norm2/affine, relu/relu)
        pool/reduceMean : f32[2,3] = reduceMean(sum/add) axes=[2,3]
        dense/matmul : f32[2,2] = matmul(pool/reduceMean, weights/dense.kernel)
        dense/broadcast : f32[2,2] = broadcast(weights/dense.bias) axes=[1]
        dense/add : f32[2,2] = add(dense/matmul, dense/broadcast)
        output head0 = dense/add
      }
      "
    `);
    expect(same(before, foldBatchNorm(before))).toMatchInlineSnapshot(`
      "program Sketch {
        input images : f32[2,5,5,2]
        input weights/conv1.kernel : f32[3,2,3,3]
        input weights/conv1.bias : f32[3]
        input weights/norm1.gamma : f32[3]
        input weights/norm1.beta : f32[3]
        input weights/norm1.moving_mean : f32[3]
        input weights/norm1.moving_variance : f32[3]
        input weights/conv2.kernel : f32[3,1,1,1]
        input weights/norm2.gamma : f32[3]
        input weights/norm2.beta : f32[3]
        input weights/norm2.moving_mean : f32[3]
        input weights/norm2.moving_variance : f32[3]
        input weights/dense.kernel : f32[3,2]
        input weights/dense.bias : f32[2]
        input/transpose : f32[2,2,5,5] = transpose(images) permutation=[0,3,1,2]
        norm1/constant : f32[3] = constant() 0.00001
        norm1/add : f32[3] = add(weights/norm1.moving_variance, norm1/constant)
        norm1/rsqrt : f32[3] = rsqrt(norm1/add)
        norm1/multiply : f32[3] = multiply(weights/norm1.gamma, norm1/rsqrt)
        norm1/multiply2 : f32[3] = multiply(weights/norm1.moving_mean, norm1/multiply)
        norm1/subtract : f32[3] = subtract(weights/norm1.beta, norm1/multiply2)
        norm1/affine/factors : f32[3,2,3,3] = broadcast(norm1/multiply) axes=[0]
        norm1/affine/kernel : f32[3,2,3,3] = multiply(weights/conv1.kernel, norm1/affine/factors)
        norm1/affine/conv : f32[2,3,3,3] = conv(input/transpose, norm1/affine/kernel) stride=[2,2] padding=[[1,1],[1,1]]
        norm1/affine/moved : f32[3] = multiply(weights/conv1.bias, norm1/multiply)
        norm1/affine/bias : f32[3] = add(norm1/affine/moved, norm1/subtract)
        norm1/affine/biases : f32[2,3,3,3] = broadcast(norm1/affine/bias) axes=[1]
        norm1/affine : f32[2,3,3,3] = add(norm1/affine/conv, norm1/affine/biases)
        relu/relu : f32[2,3,3,3] = relu(norm1/affine)
        norm2/constant : f32[3] = constant() 0.00001
        norm2/add : f32[3] = add(weights/norm2.moving_variance, norm2/constant)
        norm2/rsqrt : f32[3] = rsqrt(norm2/add)
        norm2/multiply : f32[3] = multiply(weights/norm2.gamma, norm2/rsqrt)
        norm2/multiply2 : f32[3] = multiply(weights/norm2.moving_mean, norm2/multiply)
        norm2/subtract : f32[3] = subtract(weights/norm2.beta, norm2/multiply2)
        norm2/affine/factors : f32[3,1,1,1] = broadcast(norm2/multiply) axes=[0]
        norm2/affine/kernel : f32[3,1,1,1] = multiply(weights/conv2.kernel, norm2/affine/factors)
        norm2/affine/conv : f32[2,3,3,3] = conv(relu/relu, norm2/affine/kernel) padding=[[0,0],[0,0]] groups=3
        norm2/affine/biases : f32[2,3,3,3] = broadcast(norm2/subtract) axes=[1]
        norm2/affine : f32[2,3,3,3] = add(norm2/affine/conv, norm2/affine/biases)
        sum/add : f32[2,3,3,3] = add(norm2/affine, relu/relu)
        pool/reduceMean : f32[2,3] = reduceMean(sum/add) axes=[2,3]
        dense/matmul : f32[2,2] = matmul(pool/reduceMean, weights/dense.kernel)
        dense/broadcast : f32[2,2] = broadcast(weights/dense.bias) axes=[1]
        dense/add : f32[2,2] = add(dense/matmul, dense/broadcast)
        output head0 = dense/add
      }
      "
    `);
  });

  it("leaves a convolution that others read too", () => {
    const net = new Sketch();
    net.add("conv", "conv", convAttributes(2, 3), net.input(4, 4, 2));
    net.add("batchnorm", "norm", norm, "conv");
    net.add("add", "sum", {}, "norm", "conv");
    const before = lowerInference(net.graph("sum"), 1);
    expect(foldBatchNorm(before)).toEqual(before);
  });
});

describe("the split of a preparation", () => {
  it("computes the folded kernels once, and the same logits after that", () => {
    const whole = foldBatchNorm(normalised());
    const { preparation, rest } = splitPreparation(whole, (name) => name.startsWith("weights/"));
    for (const part of [preparation, rest]) expect(verifyProgram(part)).toEqual([]);
    expect(printProgram(rest)).toMatchInlineSnapshot(`
      "program Sketch {
        input images : f32[2,5,5,2]
        input weights/dense.kernel : f32[3,2]
        input weights/dense.bias : f32[2]
        input norm1/affine/kernel : f32[3,2,3,3]
        input norm1/affine/bias : f32[3]
        input norm2/affine/kernel : f32[3,1,1,1]
        input norm2/subtract : f32[3]
        input/transpose : f32[2,2,5,5] = transpose(images) permutation=[0,3,1,2]
        norm1/affine/conv : f32[2,3,3,3] = conv(input/transpose, norm1/affine/kernel) stride=[2,2] padding=[[1,1],[1,1]]
        norm1/affine/biases : f32[2,3,3,3] = broadcast(norm1/affine/bias) axes=[1]
        norm1/affine : f32[2,3,3,3] = add(norm1/affine/conv, norm1/affine/biases)
        relu/relu : f32[2,3,3,3] = relu(norm1/affine)
        norm2/affine/conv : f32[2,3,3,3] = conv(relu/relu, norm2/affine/kernel) padding=[[0,0],[0,0]] groups=3
        norm2/affine/biases : f32[2,3,3,3] = broadcast(norm2/subtract) axes=[1]
        norm2/affine : f32[2,3,3,3] = add(norm2/affine/conv, norm2/affine/biases)
        sum/add : f32[2,3,3,3] = add(norm2/affine, relu/relu)
        pool/reduceMean : f32[2,3] = reduceMean(sum/add) axes=[2,3]
        dense/matmul : f32[2,2] = matmul(pool/reduceMean, weights/dense.kernel)
        dense/broadcast : f32[2,2] = broadcast(weights/dense.bias) axes=[1]
        dense/add : f32[2,2] = add(dense/matmul, dense/broadcast)
        output head0 = dense/add
      }
      "
    `);
    const inputs = someInputs(whole);
    const prepared = interpret(preparation, inputs);
    const found = interpret(rest, new Map([...inputs, ...prepared])).get("head0");
    expect(found?.data).toEqual(interpret(whole, inputs).get("head0")?.data);
  });
});

describe("the order for memory", () => {
  it("frees a large value before it makes the next one", () => {
    const b = new ProgramBuilder();
    const x = b.input("x", { dtype: "f32", shape: [2] });
    const large = [1, 2, 3].map((factor) => b.broadcast(b.scale(x, factor), [1000, 2], [1]));
    const squares = large.map((map) => b.apply("exp", {}, map));
    const sums = squares.map((map) => b.sum(map));
    b.output(
      "y",
      sums.reduce((left, right) => b.add(left, right)),
    );
    const before = b.build("order");
    const after = orderForMemory(before);
    expect([peakLiveBytes(before), peakLiveBytes(after)]).toEqual([24_008, 8_012]);
    expect(same(before, after)).toMatchInlineSnapshot(`
      "program order {
        input x : f32[2]
        constant2 : f32[2] = constant() 3
        multiply2 : f32[2] = multiply(x, constant2)
        broadcast3 : f32[1000,2] = broadcast(multiply2) axes=[1]
        exp3 : f32[1000,2] = exp(broadcast3)
        reduceSum3 : f32 = reduceSum(exp3) axes=[0,1]
        constant : f32[2] = constant() 2
        multiply : f32[2] = multiply(x, constant)
        broadcast2 : f32[1000,2] = broadcast(multiply) axes=[1]
        exp2 : f32[1000,2] = exp(broadcast2)
        reduceSum2 : f32 = reduceSum(exp2) axes=[0,1]
        broadcast : f32[1000,2] = broadcast(x) axes=[1]
        exp : f32[1000,2] = exp(broadcast)
        reduceSum : f32 = reduceSum(exp) axes=[0,1]
        add : f32 = add(reduceSum, reduceSum2)
        add2 : f32 = add(add, reduceSum3)
        output y = add2
      }
      "
    `);
  });

  it("never does worse than the order that came in", () => {
    const before = normalised();
    expect(peakLiveBytes(orderForMemory(before))).toBeLessThanOrEqual(peakLiveBytes(before));
  });
});
