/**
 * What two sets of sizes have in common, by the Chinese remainder theorem: exact, and in canonical
 * form. Only sets whose common period has more classes than can be written down have no answer.
 */
import { gcd, LARGEST_SIZE, modulo, solveCongruence } from "./integers.js";
import { commonRanges, countRanges, joinRanges, type Range } from "./ranges.js";
import { canonical, everySize, fewSizesOf, hasSize, setOfSizes, type SizeSet } from "./size-set.js";

/** How many residue classes, or ranges of them, an intersection may take. */
const mostClasses = 2 ** 18;

/** The sizes in both sets, in canonical form; undefined where that has too many classes to write. */
export function intersectSizes(left: SizeSet, right: SizeSet): SizeSet | undefined {
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const few = fewSizesOf(one);
    if (few) return canonical(setOfSizes(few.filter((size) => hasSize(other, size))));
  }
  const common = commonResidues(left, right);
  if (common === undefined) return undefined;
  const to = Math.min(left.to ?? Infinity, right.to ?? Infinity);
  return canonical({
    from: Math.max(left.from, right.from),
    ...(Number.isFinite(to) && { to }),
    ...common,
    except: joinRanges([...left.except, ...right.except]),
  });
}

/** The sizes in all of the sets; undefined where that has too many classes to write. */
export function intersectAll(sets: readonly SizeSet[]): SizeSet | undefined {
  return sets.reduce<SizeSet | undefined>((all, set) => all && intersectSizes(all, set), everySize);
}

type Residues = Pick<SizeSet, "modulus" | "residues">;

function commonResidues(left: Residues, right: Residues): Residues | undefined {
  const shared = gcd(left.modulus, right.modulus);
  const modulus = (left.modulus / shared) * right.modulus;
  if (modulus > LARGEST_SIZE) return undefined;
  const ranges = [left, right].reduce(
    (sum, each) => sum + each.residues.length * (modulus / each.modulus),
    0,
  );
  if (ranges <= mostClasses) {
    const residues = commonRanges(repeated(left, modulus), repeated(right, modulus));
    return { modulus, residues };
  }
  const pairs = countRanges(left.residues) * countRanges(right.residues);
  return pairs <= mostClasses ? { modulus, residues: pairwise(left, right) } : undefined;
}

/** The same classes as residues of a multiple of their modulus. */
function repeated({ modulus, residues }: Residues, multiple: number): readonly Range[] {
  if (modulus === multiple) return residues;
  const all: Range[] = [];
  for (let base = 0; base < multiple; base += modulus) {
    for (const { first, last } of residues) all.push({ first: base + first, last: base + last });
  }
  return joinRanges(all);
}

/** Every class of one with every class of the other: at most one class of the common modulus each. */
function pairwise(left: Residues, right: Residues): readonly Range[] {
  const common: Range[] = [];
  const [step, other] = [BigInt(left.modulus), BigInt(right.modulus)];
  for (const one of eachOf(left.residues)) {
    for (const two of eachOf(right.residues)) {
      const turns = solveCongruence(step, modulo(two - one, other), other);
      if (turns === undefined) continue;
      const residue = Number(one + step * turns.remainder);
      common.push({ first: residue, last: residue });
    }
  }
  return joinRanges(common);
}

function* eachOf(ranges: readonly Range[]): Generator<bigint> {
  for (const { first, last } of ranges) {
    for (let number = first; number <= last; number++) yield BigInt(number);
  }
}
