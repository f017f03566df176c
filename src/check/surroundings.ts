/** What a chain is elaborated in, and how the constructs in it elaborate the chains that they hold. */
import type { BlockDeclaration, Chain, ChainStep } from "../syntax/ast.js";
import type { Elaboration } from "./elaboration.js";
import type { Flow } from "./place.js";
import type { Scope } from "./scope.js";

/** Elaborates the steps of a chain one after the other. */
export type ElaborateChain = (
  into: Elaboration,
  chain: Chain,
  around: Surroundings,
  flow: Flow,
) => Flow;

/** What surrounds a chain. */
export interface Surroundings {
  readonly scope: Scope;
  /** The hierarchical name that its nodes begin with. */
  readonly prefix: string;
  /** Values by the names that `as` and `stage` gave them, so far. */
  readonly places: Map<string, Flow>;
  /** The blocks that are being elaborated, outermost first. */
  readonly stack: readonly BlockDeclaration[];
  /** How many chains are being elaborated, one in the other. */
  readonly depth: { now: number };
  /** Of a merge: the steps of the chain that it is in, its place among them, and what flowed into each so far. */
  readonly beside?: {
    readonly steps: readonly (ChainStep | undefined)[];
    readonly index: number;
    readonly flows: readonly Flow[];
  };
  /** Elaborates a chain inside this one: what blocks, residuals and branches hold. */
  readonly elaborate: ElaborateChain;
}
