/**
 * Reverse-mode differentiation of a program under construction: appends the instructions that compute
 * the gradients of a scalar, by one rule per primitive, and none that no wanted gradient needs.
 */
import type { ProgramBuilder } from "../program/builder.js";
import type { Primitive } from "../program/primitives.js";
import { valueOf, type Instruction, type InstructionOf, type Value } from "../program/program.js";
import { contractionRules } from "./contraction-rules.js";
import { elementwiseRules } from "./elementwise-rules.js";
import { reductionRules } from "./reduction-rules.js";
import { NotDifferentiable, type GradientPlace, type GradientRule } from "./rule.js";
import { shapingRules } from "./shaping-rules.js";

export const gradientRules: { readonly [K in Primitive]: GradientRule<K> } = {
  ...elementwiseRules,
  ...shapingRules,
  ...contractionRules,
  ...reductionRules,
};

/**
 * The gradient of `loss`, a scalar, by each value of `by`, in order; zeros where it does not depend on one.
 * @throws NotDifferentiable where `loss` is no f32 scalar, or a rule refuses.
 */
export function differentiate(
  b: ProgramBuilder,
  loss: Value,
  by: readonly Value[],
): readonly Value[] {
  if (loss.type.dtype !== "f32" || loss.type.shape.length !== 0) {
    throw new NotDifferentiable(`${loss.name} is not an f32 scalar`);
  }
  const forward = [...b.instructions];
  const active = dependents(forward, by);
  const shares = new Map<string, Value[]>();
  const give = (name: string, share: Value): void => {
    shares.set(name, [...(shares.get(name) ?? []), share]);
  };
  const values = new Map([...b.inputs, ...forward].map((value) => [value.name, value]));
  give(
    loss.name,
    b.within("gradient", () => b.fill(1)),
  );
  for (const instruction of forward.toReversed()) {
    const received = shares.get(instruction.name);
    if (received === undefined || !active.has(instruction.name)) continue;
    b.within(`gradient/${scopeOf(instruction)}`, () => {
      const dy = total(b, received);
      shares.set(instruction.name, [dy]);
      const operands = instruction.operands.map((name) => valueOf(values, name));
      for (const [index, name] of instruction.operands.entries()) {
        if (!active.has(name)) continue;
        const share = shareOf(instruction, { b, operands, dy }, index);
        if (share !== undefined) give(name, share);
      }
    });
  }
  return b.within("gradient", () =>
    by.map((value) => {
      const received = shares.get(value.name);
      return received === undefined ? b.fillLike(0, value) : total(b, received);
    }),
  );
}

function shareOf<K extends Primitive>(
  instruction: Instruction & InstructionOf<K>,
  { b, operands, dy }: Pick<GradientPlace<K>, "b" | "operands" | "dy">,
  index: number,
): Value | undefined {
  const rule: GradientRule<K> = gradientRules[instruction.primitive as K];
  const { name, type, attributes } = instruction;
  return rule({ b, attributes, operands, result: { name, type }, dy }, index);
}

/** The names of `by` and of all f32 values that are computed from them. */
function dependents(forward: readonly Instruction[], by: readonly Value[]): ReadonlySet<string> {
  const active = new Set(by.map(({ name }) => name));
  for (const { name, type, operands } of forward) {
    if (type.dtype === "f32" && operands.some((operand) => active.has(operand))) active.add(name);
  }
  return active;
}

/** The scope that an instruction was written in: the graph's node, so that profiles can name it. */
function scopeOf({ name }: Instruction): string {
  const end = name.lastIndexOf("/");
  return end < 0 ? name : name.slice(0, end);
}

/**
 * The sum of the shares. A per-channel constant is added to an `affine` before all else, so that the
 * pass `fuseShifts` can take it into the affine's shift.
 */
function total(b: ProgramBuilder, shares: readonly Value[]): Value {
  if (shares.length === 1 && shares[0] !== undefined) return shares[0];
  const rank = (share: Value): number => {
    const kind = b.primitiveOf(share);
    return kind === "broadcast" ? 2 : kind === "affine" ? 1 : 0;
  };
  const ordered = shares.toSorted((left, right) => rank(left) - rank(right));
  return ordered.reduceRight((sum, share) => b.add(share, sum));
}
