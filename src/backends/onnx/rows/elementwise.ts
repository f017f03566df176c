/**
 * Elementwise operators. They take maps and kernels in whatever order their elements lie, so long as all
 * operands lie alike, and repeat scalars and vectors by themselves.
 */
import type { ElementwiseAttributes } from "../../../passes/program/primitives.js";
import { sameShape, type Shape, type ValueType } from "../../../passes/program/value-type.js";
import { elementCount } from "../../../shapes/index.js";
import { elementTypes, type Emitted, type Emitter } from "../emitter.js";
import type { Form } from "../form.js";
import { writeAffine, writeScaling } from "../fused.js";
import type { TensorData } from "../model.js";
import { spreadFitsBlocks, spreadOperand, type Spread } from "../spread.js";
import { operand, plainly, type Place, type Row } from "./row.js";

type Write = (operands: readonly string[]) => string;

/** Writes one operator over all operands, in the form that needs least work. */
function overElements(
  e: Emitter,
  names: readonly string[],
  type: ValueType,
  write: Write,
): Emitted {
  const spreads = names.map((name) => e.spreadOf(name));
  const together = sharedSpread(spreads);
  if (together !== undefined) {
    const source = write(spreads.map((spread) => (spread as Spread).source));
    return { spread: { ...together, source } };
  }
  const form = commonForm(e, names);
  const repeats = (i: number): Spread | undefined => {
    const spread = spreads[i];
    if (spread === undefined || spread.shape.length === 0) return spread;
    if (form === "plain") return spread;
    return form === "blocked" && spreadFitsBlocks(spread) ? spread : undefined;
  };
  const inView = form === "blocked" && names.some((_, i) => (repeats(i)?.shape.length ?? 0) > 0);
  const reference = names.find((_, i) => spreads[i] === undefined);
  const view =
    reference === undefined ? undefined : inView ? e.viewOf(reference) : inLine(type, spreads);
  const operands = names.map((name, i) => {
    const spread = repeats(i);
    if (spread !== undefined) return spreadOperand(e.graph, spread, type.shape.length, view);
    const value = e.in(name, form);
    return view === undefined ? value : e.graph.view(value, view);
  });
  if (reference === undefined && !covers(spreads as readonly Spread[], type.shape)) {
    operands[0] = e.in(names[0] ?? "", "plain");
  }
  const result = write(operands);
  return { form, value: view === undefined ? result : e.graph.view(result, type.shape) };
}

/** The runtime is slow to repeat a scalar over extents that end in 1: there all elements stand in a line. */
function inLine({ shape }: ValueType, spreads: readonly (Spread | undefined)[]): Shape | undefined {
  const scalar = spreads.some((spread) => spread?.shape.length === 0);
  const repeated = spreads.some((spread) => spread !== undefined && spread.shape.length > 0);
  return scalar && !repeated && shape.length > 1 && shape.at(-1) === 1
    ? [elementCount(shape)]
    : undefined;
}

/** Where all operands are repeated alike, one number stands for many in the result too. */
function sharedSpread(
  spreads: readonly (Spread | undefined)[],
): Omit<Spread, "source"> | undefined {
  if (spreads.some((spread) => spread === undefined)) return undefined;
  const given = spreads as readonly Spread[];
  const largest = given.reduce((most, each) =>
    each.shape.length > most.shape.length ? each : most,
  );
  const alike = given.every(
    ({ shape, axes }) =>
      shape.length === 0 || (sameShape(shape, largest.shape) && sameShape(axes, largest.axes)),
  );
  return alike ? { shape: largest.shape, axes: largest.axes } : undefined;
}

/** A bool cannot be reordered; else blocked maps and kernels stay what they are. */
function commonForm(e: Emitter, names: readonly string[]): Form {
  const own = names.filter((name) => e.spreadOf(name) === undefined);
  const decided = own.find((name) => e.typeOf(name).dtype === "bool");
  if (decided !== undefined) return e.formOf(decided);
  const forms = own.map((name) => e.formOf(name));
  if (forms.includes("blocked")) return "blocked";
  return forms.includes("kernel") ? "kernel" : "plain";
}

function covers(spreads: readonly Spread[], shape: Shape): boolean {
  return shape.every((extent, to) =>
    spreads.some(({ axes, shape: own }) => own[axes.indexOf(to)] === extent),
  );
}

function unary<K extends keyof ElementwiseAttributes>(...operators: readonly string[]): Row<K> {
  return ({ e, g, operands, type }) =>
    overElements(e, operands, type, ([x = ""]) =>
      operators.reduce((value, operator) => g.node(operator, [value]), x),
    );
}

function binary<K extends keyof ElementwiseAttributes>(operator: string): Row<K> {
  return ({ e, g, operands, type }) =>
    overElements(e, operands, type, (values) => g.node(operator, values));
}

const comparisons = {
  equal: "Equal",
  less: "Less",
  greater: "Greater",
  greaterOrEqual: "GreaterOrEqual",
} as const;

/** Flipped highest bits make the order of u32 that of int32. */
const highestBit = Int32Array.of(-(2 ** 31));

/** Beyond this slope every positive float32 but the smallest becomes 1. */
const steepest = 3e38;

export const elementwise: { readonly [K in keyof ElementwiseAttributes]: Row<K> } = {
  constant: ({ g, attributes: { type, values } }) => {
    const kind = elementTypes[type.dtype];
    if (values.length > 1 || type.shape.length === 0) {
      return plainly(g.constant(kind, type.shape, numbers(type, values)));
    }
    return { spread: { source: g.constant(kind, [], numbers(type, values)), shape: [], axes: [] } };
  },

  iota: ({ g, attributes: { size } }) => {
    const [from, to, by] = [0, size, 1].map((n) => g.constant("int32", [], Int32Array.of(n)));
    return plainly(g.node("Range", [from ?? "", to ?? "", by ?? ""]));
  },

  convert: (place) => {
    const { e, g, operands, attributes, type } = place;
    const from = e.typeOf(operand(place)).dtype;
    if (elementTypes[from] === elementTypes[attributes.dtype]) {
      return overElements(e, operands, type, ([x = ""]) => g.node("Identity", [x]));
    }
    // ONNX's numbers of types: 1 is float, 6 int32, 7 int64, 9 bool, 12 uint32.
    const codes = { f32: 1, i32: 6, u32: 6, bool: 9 } as const;
    return overElements(e, operands, type, ([x = ""]) => {
      // Through int64, so that a number beyond the range wraps around on every processor.
      const [to, wraps] = [codes[attributes.dtype], from === "f32" && attributes.dtype !== "bool"];
      const value = wraps
        ? g.node("Cast", [x], { to: 7 })
        : from === "u32"
          ? g.node("Cast", [x], { to: 12 })
          : x;
      return g.node("Cast", [value], { to });
    });
  },

  negate: unary("Neg"),
  exp: unary("Exp"),
  log: unary("Log"),
  sqrt: unary("Sqrt"),
  rsqrt: unary("Sqrt", "Reciprocal"),
  tanh: unary("Tanh"),
  cos: unary("Cos"),
  sigmoid: unary("Sigmoid"),
  relu: (place) => {
    const { e, g, operands, type } = place;
    const pending = e.pendingOf(operand(place));
    if (pending !== undefined && e.onlyReader(operand(place)) !== undefined) {
      return { form: "blocked", value: writeAffine(g, pending, "Relu") };
    }
    return overElements(e, operands, type, ([x = ""]) => g.node("Relu", [x]));
  },

  add: (place) => addIntoAffine(place) ?? addScaled(place) ?? binary<"add">("Add")(place),
  subtract: (place) => addScaled(place, true) ?? binary<"subtract">("Sub")(place),
  multiply: (place) => scaleKernel(place) ?? binary<"multiply">("Mul")(place),
  divide: binary("Div"),
  maximum: binary("Max"),
  minimum: binary("Min"),
  xor: binary("BitwiseXor"),
  shiftRight: ({ e, g, operands, type, attributes: { by } }) =>
    overElements(e, operands, type, ([x = ""]) => {
      const bits = g.constant("uint32", [], Uint32Array.of(by));
      const shifted = g.node("BitShift", [g.node("Cast", [x], { to: 12 }), bits], {
        direction: "RIGHT",
      });
      return g.node("Cast", [shifted], { to: 6 });
    }),
  compare: (place) => {
    const { e, g, operands, type, attributes } = place;
    const { dtype } = e.typeOf(operand(place));
    const ordered = (value: string): string => {
      if (attributes.direction === "equal") return value;
      if (dtype === "bool") return g.node("Cast", [value], { to: 6 });
      if (dtype !== "u32") return value;
      return g.node("BitwiseXor", [value, g.constant("int32", [], highestBit)]);
    };
    return overElements(e, operands, type, (values) =>
      g.node(comparisons[attributes.direction], values.map(ordered)),
    );
  },
  // The runtime's Where does not choose among truths.
  select: (place) => {
    const { e, g, operands, type } = place;
    if (type.dtype !== "bool") return binary<"select">("Where")(place);
    return overElements(e, operands, type, ([condition = "", ...truths]) => {
      const numbers = truths.map((value) => g.node("Cast", [value], { to: 6 }));
      return g.node("Cast", [g.node("Where", [condition, ...numbers])], { to: 9 });
    });
  },

  reluGradient: ({ e, g, operands, type }) =>
    overElements(e, operands, type, ([y = "", dy = ""]) => {
      const positive = g.node("HardSigmoid", [y], {
        alpha: { float: steepest },
        beta: { float: 0 },
      });
      return g.node("Mul", [dy, positive]);
    }),

  affine: (place) => {
    const { e, g, type } = place;
    const [x, factor, shift] = [operand(place), operand(place, 1), operand(place, 2)];
    if (e.formOf(x) === "blocked") {
      return {
        pending: {
          x: e.blocked(x),
          factor: e.plain(factor),
          shift: e.plain(shift),
          channels: type.shape[1] ?? 1,
        },
      };
    }
    const channels = type.shape.map((extent, i) => (i === 1 ? extent : 1));
    const along = (name: string): string => g.view(e.plain(name), channels);
    return plainly(g.node("Add", [g.node("Mul", [e.plain(x), along(factor)]), along(shift)]));
  },
};

/** Adds a map to an affine, or a vector to a blocked map, within one convolution. */
function addIntoAffine({ e, operands, type }: Place<"add">): Emitted | undefined {
  if (type.dtype !== "f32") return undefined;
  for (const [index, name] of operands.entries()) {
    const other = operands[1 - index];
    if (other === undefined || other === name) continue;
    const pending = e.pendingOf(name);
    const alone = e.onlyReader(name) !== undefined;
    if (pending !== undefined && alone && pending.addend === undefined && e.canBlock(other)) {
      if (e.spreadOf(other) === undefined)
        return { pending: { ...pending, addend: e.blocked(other) } };
    }
    const spread = e.spreadOf(other);
    if (spread?.axes.join() === "1" && e.formOf(name) === "blocked" && !e.has(other, "plain")) {
      const channels = type.shape[1] ?? 1;
      if (spread.shape[0] !== channels) continue;
      const ones = new Float32Array(channels).fill(1);
      const factor = e.graph.constant("float32", [channels], ones);
      return { pending: { x: e.blocked(name), factor, shift: spread.source, channels } };
    }
  }
  return undefined;
}

/** A kernel times a scalar that is then added or subtracted waits for that. */
function scaleKernel({ e, operands, result, type }: Place<"multiply">): Emitted | undefined {
  if (type.dtype !== "f32") return undefined;
  for (const [index, x] of operands.entries()) {
    const spread = e.spreadOf(operands[1 - index] ?? "");
    if (spread?.shape.length !== 0 || e.spreadOf(x) !== undefined || e.formOf(x) !== "kernel")
      continue;
    const reader = e.onlyReader(result);
    const sums = reader?.primitive === "add" || reader?.primitive === "subtract";
    if (sums) return { scaling: { x, factor: spread.source } };
  }
  return undefined;
}

/** A kernel and a scaled one, added or subtracted in one pass. */
function addScaled(
  { e, operands }: Place<"add"> | Place<"subtract">,
  less = false,
): Emitted | undefined {
  for (const index of less ? [1] : [0, 1]) {
    const [scaled, other] = [operands[index] ?? "", operands[1 - index] ?? ""];
    const scaling = e.scalingOf(scaled);
    if (scaling === undefined || e.spreadOf(other) !== undefined) continue;
    return { form: "line", value: writeScaling(e, scaling, e.line(other), less) };
  }
  return undefined;
}

function numbers({ dtype, shape }: ValueType, values: readonly number[]): TensorData {
  const size = values.length === 1 ? 1 : elementCount(shape);
  if (dtype === "f32") return Float32Array.from({ length: size }, (_, i) => values[i] ?? 0);
  if (dtype === "bool") return Uint8Array.from({ length: size }, (_, i) => values[i] ?? 0);
  return Int32Array.from({ length: size }, (_, i) => (values[i] ?? 0) | 0);
}
