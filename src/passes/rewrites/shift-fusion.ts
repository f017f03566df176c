/**
 * Takes a per-channel constant that is added to an `affine` into its shift: a x + b + v = a x + (b + v).
 * Batch norm's gradient becomes dx = a dy + (b x + c), three passes over a map instead of four.
 */
import {
  countUses,
  valueTypes,
  type Instruction,
  type InstructionOf,
  type Program,
} from "../program/program.js";
import { sameShape, type ValueType } from "../program/value-type.js";
import { replaceInstructions } from "./replacement.js";

export function fuseShifts(program: Program): Program {
  const uses = countUses(program);
  const defined = new Map<string, Instruction>();
  const types = valueTypes(program);
  return replaceInstructions(program, (instruction) => {
    const fused =
      instruction.primitive === "add" ? fuse(instruction, defined, uses, types) : undefined;
    for (const each of fused ?? [instruction]) defined.set(each.name, each);
    return fused && { instructions: fused };
  });
}

function fuse(
  add: InstructionOf<"add">,
  defined: ReadonlyMap<string, Instruction>,
  uses: ReadonlyMap<string, number>,
  types: ReadonlyMap<string, ValueType>,
): readonly Instruction[] | undefined {
  const [left, right] = add.operands.map((name) => defined.get(name));
  return fuseInto(add, left, right, uses, types) ?? fuseInto(add, right, left, uses, types);
}

/** The affine must have no other reader, or the map would be computed twice. */
function fuseInto(
  add: InstructionOf<"add">,
  affine: Instruction | undefined,
  constant: Instruction | undefined,
  uses: ReadonlyMap<string, number>,
  types: ReadonlyMap<string, ValueType>,
): readonly Instruction[] | undefined {
  if (affine?.primitive !== "affine" || uses.get(affine.name) !== 1) return undefined;
  if (constant?.primitive !== "broadcast" || constant.attributes.axes.join() !== "1") {
    return undefined;
  }
  const [x, factor, shift] = affine.operands;
  const [vector] = constant.operands;
  const { name, type } = add;
  if (x === undefined || factor === undefined || shift === undefined || vector === undefined) {
    return undefined;
  }
  const channels = { dtype: type.dtype, shape: [type.shape[1] ?? 1] } as const;
  // One number that is spread over several channels is not a shift.
  if (!sameShape(types.get(vector)?.shape ?? [], channels.shape)) return undefined;
  const sum: Instruction = {
    name: `${name}/shift`,
    primitive: "add",
    attributes: {},
    operands: [shift, vector],
    type: channels,
  };
  const fused: Instruction = {
    name,
    primitive: "affine",
    attributes: {},
    operands: [x, factor, sum.name],
    type,
  };
  return [sum, fused];
}
