/** The admissible sizes of one input symbol: a finite conjunction of conditions, each about it alone. */

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

/** All whole sizes >= 1 that meet every condition. */
export interface Domain {
  readonly symbol: string;
  readonly conditions: readonly Condition[];
}
