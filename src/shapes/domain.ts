/**
 * The admissible sizes of one input symbol: a finite conjunction of conditions, each about it
 * alone.
 */

export type Condition =
  /** symbol % modulus (== or !=) remainder */
  | {
      readonly kind: "remainder";
      readonly modulus: number;
      readonly equal: boolean;
      readonly remainder: number;
    }
  /** symbol (relation) value */
  | {
      readonly kind: "compare";
      readonly relation: "==" | "!=" | "<" | "<=" | ">" | ">=";
      readonly value: number;
    };

/** All whole sizes from 1 to 2^53 - 1 that meet every condition. */
export interface Domain {
  readonly symbol: string;
  readonly conditions: readonly Condition[];
}

/** Whether a size meets every condition of the domain. */
export function admits(domain: Domain, size: number): boolean {
  if (!Number.isSafeInteger(size) || size < 1) return false;
  return domain.conditions.every((condition) => meets(size, condition));
}

function meets(size: number, condition: Condition): boolean {
  if (condition.kind === "remainder") {
    return (size % condition.modulus === condition.remainder) === condition.equal;
  }
  switch (condition.relation) {
    case "==":
      return size === condition.value;
    case "!=":
      return size !== condition.value;
    case "<":
      return size < condition.value;
    case "<=":
      return size <= condition.value;
    case ">":
      return size > condition.value;
    case ">=":
      return size >= condition.value;
  }
}
