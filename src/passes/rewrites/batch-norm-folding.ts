/**
 * Folds a batch norm with fixed statistics into the convolution before it:
 * a (x * w + bias) + b = x * (a w) + (a bias + b), with a per output channel (Jacob et al. 2018,
 * "Quantization and Training of Neural Networks", section 3.2). For inference programs; the folded
 * kernels depend on the weights alone, so `splitPreparation` can compute them once.
 */
import type { Primitive } from "../program/primitives.js";
import {
  countUses,
  type Instruction,
  type InstructionOf,
  type Program,
} from "../program/program.js";
import type { Shape } from "../program/value-type.js";
import { removeDeadOperations } from "./dead-operations.js";
import { replaceInstructions } from "./replacement.js";

export function foldBatchNorm(program: Program): Program {
  const uses = countUses(program);
  const defined = new Map<string, Instruction>();
  const types = new Map(program.inputs.map(({ name, type }) => [name, type.shape]));
  const folded = replaceInstructions(program, (instruction) => {
    const found = instruction.primitive === "affine" && match(instruction, defined, uses);
    const written = found ? fold(instruction, found, types) : [instruction];
    for (const each of written) {
      defined.set(each.name, each);
      types.set(each.name, each.type.shape);
    }
    return found ? { instructions: written } : undefined;
  });
  return removeDeadOperations(folded);
}

interface Match {
  readonly conv: InstructionOf<"conv">;
  /** The bias, a vector, where the convolution has one. */
  readonly bias: string | undefined;
}

/** The convolution, with or without a bias, that this affine alone reads. */
function match(
  affine: InstructionOf<"affine">,
  defined: ReadonlyMap<string, Instruction>,
  uses: ReadonlyMap<string, number>,
): Match | undefined {
  const single = (name = ""): Instruction | undefined =>
    uses.get(name) === 1 ? defined.get(name) : undefined;
  const x = single(affine.operands[0]);
  if (x?.primitive === "conv") return { conv: x, bias: undefined };
  if (x?.primitive !== "add") return undefined;
  const [conv, spread] = [single(x.operands[0]), defined.get(x.operands[1] ?? "")];
  if (conv?.primitive !== "conv" || spread?.primitive !== "broadcast") return undefined;
  return spread.attributes.axes.join() === "1" ? { conv, bias: spread.operands[0] } : undefined;
}

function fold(
  affine: InstructionOf<"affine">,
  { conv, bias }: Match,
  types: ReadonlyMap<string, Shape>,
): readonly Instruction[] {
  const [, factor = "", shift = ""] = affine.operands;
  const [x = "", kernel = ""] = conv.operands;
  const shape = types.get(kernel) ?? [];
  const channels = types.get(factor) ?? [];
  const written: Instruction[] = [];
  const write = <K extends Primitive>(
    name: string,
    primitive: K,
    attributes: InstructionOf<K>["attributes"],
    operands: readonly string[],
    to: Shape,
  ): string => {
    const type = { dtype: "f32", shape: to } as const;
    written.push({ name, primitive, attributes, operands, type } as unknown as Instruction);
    return name;
  };
  const { name, type } = affine;
  const spread = write(`${name}/factors`, "broadcast", { shape, axes: [0] }, [factor], shape);
  const scaled = write(`${name}/kernel`, "multiply", {}, [kernel, spread], shape);
  const y = write(`${name}/conv`, "conv", conv.attributes, [x, scaled], conv.type.shape);
  const moved =
    bias === undefined
      ? undefined
      : write(`${name}/moved`, "multiply", {}, [bias, factor], channels);
  const whole =
    moved === undefined ? shift : write(`${name}/bias`, "add", {}, [moved, shift], channels);
  const axes = { shape: type.shape, axes: [1] };
  const biases = write(`${name}/biases`, "broadcast", axes, [whole], type.shape);
  write(name, "add", {}, [y, biases], type.shape);
  return written;
}
