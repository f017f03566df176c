/**
 * Random chains of operations and random domains for the property tests, with a slow and obvious
 * reading of both to hold the symbolic answers against.
 */
import fc from "fast-check";
import {
  admits,
  applyStep,
  symbolExtent,
  type Condition,
  type Domain,
  type Extent,
} from "../../src/shapes/index.js";

export type Operation =
  | {
      readonly kind: "window";
      readonly kernel: number;
      readonly stride: number;
      readonly padding: number;
      readonly ceil: boolean;
    }
  | { readonly kind: "upsample"; readonly factor: number };

export function window(kernel: number, stride: number, padding: number, ceil = false): Operation {
  return { kind: "window", kernel, stride, padding, ceil };
}

export function upsample(factor: number): Operation {
  return { kind: "upsample", factor };
}

/** The output extent of a chain, by the textbook formula of each operation in turn. */
export function walk(chain: readonly Operation[], size: number): number {
  return chain.reduce((x, operation) => {
    if (operation.kind === "upsample") return operation.factor * x;
    const { kernel, stride, padding, ceil } = operation;
    const turns = (x + 2 * padding - kernel) / stride;
    return (ceil ? Math.ceil(turns) : Math.floor(turns)) + 1;
  }, size);
}

/** The same chain as an extent. */
export function extentOf(chain: readonly Operation[], start: Extent = symbolExtent("H")): Extent {
  return chain.reduce<Extent>((extent, operation) => {
    if (operation.kind === "upsample") {
      return applyStep(extent, { multiplier: operation.factor, offset: 0, divisor: 1 });
    }
    const { kernel, stride, padding, ceil } = operation;
    const offset = 2 * padding - kernel + stride + (ceil ? stride - 1 : 0);
    return applyStep(extent, { multiplier: 1, offset, divisor: stride });
  }, start);
}

const windows = fc.record({
  kind: fc.constant("window" as const),
  kernel: fc.integer({ min: 1, max: 7 }),
  stride: fc.integer({ min: 1, max: 4 }),
  padding: fc.integer({ min: 0, max: 3 }),
  ceil: fc.boolean(),
});

const upsamplings = fc.record({
  kind: fc.constant("upsample" as const),
  factor: fc.integer({ min: 1, max: 4 }),
});

export const chains: fc.Arbitrary<readonly Operation[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: windows }, { weight: 2, arbitrary: upsamplings }),
  { maxLength: 4 },
);

/** Chains without upsampling. */
export const windowChains = fc.array(windows, { maxLength: 5 });

/**
 * Two chains that often come close: unrelated, in another order, or alike but for one operation.
 */
export const chainPairs: fc.Arbitrary<readonly [readonly Operation[], readonly Operation[]]> =
  fc.oneof(
    fc.tuple(chains, chains),
    chains.chain((chain) =>
      fc.tuple(fc.constant(chain), fc.shuffledSubarray([...chain], { minLength: chain.length })),
    ),
    fc
      .tuple(chains, windows, chains, fc.integer({ min: 0, max: 3 }))
      .map(([before, window, after, padding]) => {
        const other = { ...window, padding, ceil: !window.ceil };
        return [
          [...before, window, ...after],
          [...before, other, ...after],
        ] as const;
      }),
    fc.tuple(chains, windows, fc.integer({ min: 2, max: 4 })).map(([chain, window, factor]) => {
      const halved = { ...window, stride: factor };
      return [[...chain, halved, { kind: "upsample" as const, factor }], chain] as const;
    }),
  );

const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant("remainder" as const),
    modulus: fc.integer({ min: 1, max: 12 }),
    equal: fc.boolean(),
    remainder: fc.integer({ min: 0, max: 12 }),
  }),
  fc.record({
    kind: fc.constant("remainder" as const),
    modulus: fc.constantFrom(2, 4, 8, 16, 32),
    equal: fc.constant(true),
    remainder: fc.constantFrom(0, 0, 0, 1),
  }),
  fc.record({
    kind: fc.constant("compare" as const),
    relation: fc.constantFrom("==", "!=", "<", "<=", ">", ">=", "!=", ">="),
    value: fc.integer({ min: -2, max: 60 }),
  }),
);

/** Domains of H with up to four conditions; some are empty, some finite. */
export const domains: fc.Arbitrary<Domain> = fc
  .array(conditions, { maxLength: 4 })
  .map((each) => ({ symbol: "H", conditions: each }));

/** The admissible sizes from 1 to `last`, found by trying each. */
export function admissibleUpTo(domain: Domain, last: number): readonly number[] {
  const sizes: number[] = [];
  for (let size = 1; size <= last; size++) if (admits(domain, size)) sizes.push(size);
  return sizes;
}

/** A domain from conditions written as `["%", 32, "==", 0]` or `[">=", 64]`. */
export function domainOf(
  symbol: string,
  ...written: readonly (
    | readonly ["%", number, "==" | "!=", number]
    | readonly ["==" | "!=" | "<" | "<=" | ">" | ">=", number]
  )[]
): Domain {
  return {
    symbol,
    conditions: written.map((each) =>
      each[0] === "%"
        ? { kind: "remainder", modulus: each[1], equal: each[2] === "==", remainder: each[3] }
        : { kind: "compare", relation: each[0], value: each[1] },
    ),
  };
}
