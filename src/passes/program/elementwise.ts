/** Primitives that compute every element by itself, and those that make elements out of nothing. */
import { elementCount } from "../../shapes/index.js";
import {
  demand,
  demandFloat,
  demandShape,
  extentOf,
  operandAt,
  type PrimitiveDefinition,
} from "./definition.js";
import type { ElementwiseAttributes } from "./primitives.js";
import { printValueType, sameValueType, type DataType } from "./value-type.js";

type Unary = "negate" | "exp" | "log" | "sqrt" | "rsqrt" | "tanh" | "cos" | "sigmoid" | "relu";
type Binary = "add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum" | "xor";

function unary<K extends Unary>(
  meaning: string,
  onnx: string,
  stablehlo: string,
): PrimitiveDefinition<K> {
  return {
    operands: 1,
    meaning,
    onnx,
    stablehlo,
    type(_attributes, operands) {
      const x = operandAt(operands, 0);
      demandFloat(x);
      return x;
    },
  };
}

/** No broadcasting: both operands have one type. */
function binary<K extends Binary>(
  meaning: string,
  onnx: string,
  stablehlo: string,
  dtypes: readonly DataType[] = ["f32", "i32", "u32"],
): PrimitiveDefinition<K> {
  return {
    operands: 2,
    meaning,
    onnx,
    stablehlo,
    type(_attributes, operands) {
      const [left, right] = [operandAt(operands, 0), operandAt(operands, 1)];
      const both = `${printValueType(left)} and ${printValueType(right)}`;
      demand(sameValueType(left, right), `the operands differ: ${both}`);
      demand(dtypes.includes(left.dtype), `it does not take ${left.dtype}`);
      return left;
    },
  };
}

export const elementwise: {
  readonly [K in keyof ElementwiseAttributes]: PrimitiveDefinition<K>;
} = {
  constant: {
    operands: 0,
    meaning: "given numbers; one stands for every element",
    onnx: "Constant, ConstantOfShape",
    stablehlo: "constant",
    type({ type, values }) {
      const fits = values.length === 1 || values.length === elementCount(type.shape);
      demand(fits, `${values.length} values for ${printValueType(type)}`);
      return type;
    },
  },
  iota: {
    operands: 0,
    meaning: "0, 1, ... size - 1",
    onnx: "Range",
    stablehlo: "iota",
    type({ size, dtype }) {
      demand(dtype === "i32" || dtype === "u32", `it counts in i32 or u32, not ${dtype}`);
      return { dtype, shape: [size] };
    },
  },
  convert: {
    operands: 1,
    meaning: "the same number in another element type; true is 1",
    onnx: "Cast",
    stablehlo: "convert",
    type: ({ dtype }, operands) => ({ dtype, shape: operandAt(operands, 0).shape }),
  },

  negate: unary("-x", "Neg", "negate"),
  exp: unary("e^x", "Exp", "exponential"),
  log: unary("ln x", "Log", "log"),
  sqrt: unary("square root of x", "Sqrt", "sqrt"),
  rsqrt: unary("1 / square root of x", "Sqrt, Reciprocal", "rsqrt"),
  tanh: unary("hyperbolic tangent of x", "Tanh", "tanh"),
  cos: unary("cosine of x (radians)", "Cos", "cosine"),
  sigmoid: unary("1 / (1 + e^-x)", "Sigmoid", "logistic"),
  relu: unary("max(x, 0)", "Relu", "maximum with 0"),

  add: binary("x + y", "Add", "add"),
  subtract: binary("x - y", "Sub", "subtract"),
  multiply: binary("x y", "Mul (u32 through int32)", "multiply"),
  divide: binary("x / y", "Div", "divide", ["f32"]),
  maximum: binary("the larger of x and y", "Max", "maximum", ["f32"]),
  minimum: binary("the smaller of x and y", "Min", "minimum", ["f32"]),
  xor: binary("exclusive or of the bits", "BitwiseXor", "xor", ["u32"]),
  shiftRight: {
    operands: 1,
    meaning: "x shifted right by `by` bits, zeros entering",
    onnx: "BitShift",
    stablehlo: "shift_right_logical",
    type(_attributes, operands) {
      const x = operandAt(operands, 0);
      demand(x.dtype === "u32", `it takes u32, not ${x.dtype}`);
      return x;
    },
  },
  compare: {
    operands: 2,
    meaning: "whether x equals, is less than, ... y",
    onnx: "Equal, Less, Greater, GreaterOrEqual",
    stablehlo: "compare",
    type(_attributes, operands) {
      const [left, right] = [operandAt(operands, 0), operandAt(operands, 1)];
      const both = `${printValueType(left)} and ${printValueType(right)}`;
      demand(sameValueType(left, right), `the operands differ: ${both}`);
      return { dtype: "bool", shape: left.shape };
    },
  },
  select: {
    operands: 3,
    meaning: "y where the condition holds, z elsewhere",
    onnx: "Where",
    stablehlo: "select",
    type(_attributes, operands) {
      const condition = operandAt(operands, 0);
      const [yes, no] = [operandAt(operands, 1), operandAt(operands, 2)];
      demand(condition.dtype === "bool", `the condition is ${condition.dtype}`);
      demandShape(condition.shape, yes.shape, "the condition");
      demand(sameValueType(yes, no), `${printValueType(yes)} or ${printValueType(no)}`);
      return yes;
    },
  },

  reluGradient: {
    operands: 2,
    meaning: "(y, dy): dy where y > 0, else 0",
    onnx: "Mul with HardSigmoid(y, alpha = 3e38, beta = 0)",
    stablehlo: "compare, select",
    type(_attributes, operands) {
      const [y, dy] = [operandAt(operands, 0), operandAt(operands, 1)];
      demandFloat(y);
      demand(sameValueType(y, dy), `${printValueType(y)} and ${printValueType(dy)} differ`);
      return dy;
    },
  },
  affine: {
    operands: 3,
    meaning: "(x, a, b): a x + b with one a and one b per channel (axis 1)",
    onnx: "Conv (1x1, one group per channel) or Mul, Add",
    stablehlo: "broadcast_in_dim, multiply, add",
    type(_attributes, operands) {
      const x = operandAt(operands, 0);
      demandFloat(x);
      for (const [index, what] of [
        [1, "the factor"],
        [2, "the shift"],
      ] as const) {
        demandFloat(operandAt(operands, index), 1);
        demandShape(operandAt(operands, index).shape, [extentOf(x.shape, 1)], what);
      }
      return x;
    },
  },
};
