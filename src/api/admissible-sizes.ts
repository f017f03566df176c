/** The sizes of its input that a network takes, declared and possible, for programs and for people. */
import { sizesOf } from "../graph/sizes.js";
import type { Graph } from "../graph/graph.js";
import {
  conditionsOf,
  listSizes,
  printDomain,
  printSizeSet,
  sameSizes,
  type SizeSet,
} from "../shapes/index.js";

/** The sizes of one symbol of an input. */
export interface AdmissibleSizes {
  readonly symbol: string;
  /** The conditions as the language writes them: `H % 32 == 0`. */
  readonly declared: string;
  /**
   * The sizes that the network takes, in words, as an exact set, and the first few of them. All three are
   * absent where conditions of many moduli have no closed form that can be written down.
   */
  readonly text?: string;
  readonly admitted?: SizeSet;
  readonly first?: readonly number[];
  /** Sizes beyond the declared ones for which the network would be sound, where there are any. */
  readonly wider?: WiderSizes;
}

/** The widest set of sizes for which a network would be sound. */
export interface WiderSizes {
  readonly text: string;
  readonly sizes: SizeSet;
  /** The conditions that admit them all, as the language writes them; "" where none is needed. */
  readonly conditions?: string;
  readonly first: readonly number[];
}

/** How many sizes stand for the rest. */
const firstSizes = 4;

/** The sizes of every symbol of a graph's input; none where the input is of one size. */
export function admissibleSizes(graph: Graph): readonly AdmissibleSizes[] {
  const solved = new Map(sizesOf(graph).map((sizes) => [sizes.symbol, sizes]));
  return graph.domains.map((domain) => {
    const { symbol } = domain;
    const declared = printDomain(domain);
    const sizes = solved.get(symbol);
    if (sizes === undefined) return { symbol, declared };
    const { text, admitted, sound } = sizes;
    const isWider = !sameSizes(admitted, sound);
    return {
      symbol,
      declared,
      text,
      admitted,
      first: listSizes(admitted, firstSizes),
      ...(isWider && { wider: widerSizes(symbol, sound) }),
    };
  });
}

function widerSizes(symbol: string, sizes: SizeSet): WiderSizes {
  const conditions = conditionsOf(sizes);
  const written = conditions?.length === 0 ? "" : conditions && printDomain({ symbol, conditions });
  return {
    text: printSizeSet(symbol, sizes),
    sizes,
    ...(written !== undefined && { conditions: written }),
    first: listSizes(sizes, firstSizes),
  };
}
