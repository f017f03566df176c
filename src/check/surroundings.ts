/** What a chain is elaborated in, and how the constructs in it elaborate the chains that they hold. */
import type { BlockDeclaration, Chain } from "../syntax/ast.js";
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
  /** Elaborates a chain inside this one: what blocks, residuals and branches hold. */
  readonly elaborate: ElaborateChain;
}
