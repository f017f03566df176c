/** Holds the gradients of a small function, written as instructions, against central differences. */
import { differentiate } from "../../../src/passes/differentiate/differentiate.js";
import { interpret } from "../../../src/passes/interpret/interpret.js";
import { ProgramBuilder } from "../../../src/passes/program/builder.js";
import type { Program, Value } from "../../../src/passes/program/program.js";
import { verifyProgram } from "../../../src/passes/program/verify.js";
import { randomBelow, randomKey } from "../../../src/random/random.js";
import { disagreement, finiteDifferences, map, normal } from "../../reference/array.js";
import type { Reference } from "../../reference/array.js";

/** Draws whole numbers and makes inputs for one seeded case. */
export class Draw {
  readonly inputs = new Map<string, Reference>();
  #draws = 0;

  constructor(
    readonly b: ProgramBuilder,
    readonly seed: number,
  ) {}

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + randomBelow(randomKey("draw", this.seed), this.#draws++, high - low + 1);
  }

  pair(low: number, high: number): readonly [number, number] {
    return [this.whole(low, high), this.whole(low, high)];
  }

  sides(low: number, high: number) {
    return [this.pair(low, high), this.pair(low, high)] as const;
  }

  shape(rank: number, high = 4): number[] {
    return Array.from({ length: rank }, () => this.whole(1, high));
  }

  /** An input of standard normal numbers, or of what `f` makes of them. */
  input(shape: readonly number[], f: (x: number) => number = (x) => x): Value {
    const name = `x${this.inputs.size}`;
    this.inputs.set(name, map(normal(shape, "input", name, this.seed), f));
    return this.b.input(name, { dtype: "f32", shape });
  }
}

/** A function of the inputs that it draws. */
export type Case = (b: ProgramBuilder, draw: Draw) => Value;

export interface Checked {
  readonly program: Program;
  /** The largest disagreement of a gradient with the central differences. */
  readonly worst: number;
}

/** Differentiates the sum of the case's result, weighted at random, by all of its inputs. */
export function checkCase(write: Case, seed: number): Checked {
  const b = new ProgramBuilder();
  const draw = new Draw(b, seed);
  const result = write(b, draw);
  const weights = b.apply("constant", {
    type: result.type,
    values: [...normal(result.type.shape, "weights", seed).data],
  });
  const loss = b.sum(b.multiply(result, weights));
  const by = [...b.inputs];
  const gradients = differentiate(b, loss, by);
  b.output("loss", loss);
  by.forEach(({ name }, i) => b.output(name, gradients[i] as Value));
  const program = b.build("case");
  const faults = verifyProgram(program);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const found = interpret(program, draw.inputs);
  let worst = 0;
  for (const [name, at] of draw.inputs) {
    const lossAt = (moved: Reference): number =>
      interpret(program, new Map(draw.inputs).set(name, moved)).get("loss")?.data[0] ?? NaN;
    const expected = finiteDifferences(lossAt, at);
    worst = Math.max(worst, disagreement(found.get(name)?.data ?? [], expected));
  }
  return { program, worst };
}
