/**
 * What a chain would come to if it were written: it is elaborated apart, so that nothing is found, built or
 * limited by it. A mend is tried so before it is offered.
 */
import { Collector } from "../diagnostics/diagnostic.js";
import { GraphBuilder, GraphTooLarge } from "../graph/builder.js";
import type { Chain } from "../syntax/ast.js";
import { disagreement } from "./agreement.js";
import { Budget, TooMuchWork } from "./budget.js";
import type { Elaboration } from "./elaboration.js";
import type { Flow } from "./place.js";
import type { Surroundings } from "./surroundings.js";

/** How many trials there are in one network, and how much work one of them may be. */
const trialsOfNetwork = 100;
const trialLimit = 20_000;

/**
 * Where a chain ends.
 *
 * @param flow what goes into it.
 * @returns undefined where anything in it is wrong, and where trials are used up.
 */
export function tried(
  into: Elaboration,
  chain: Chain,
  around: Surroundings,
  flow: Flow,
): Flow | undefined {
  into.trialsLeft ??= trialsOfNetwork;
  if (into.trialsLeft === 0) return undefined;
  into.trialsLeft--;
  try {
    return cleanEnd(into, chain, around, flow);
  } catch (error) {
    if (error instanceof TooMuchWork || error instanceof GraphTooLarge) return undefined;
    throw error;
  }
}

function cleanEnd(
  into: Elaboration,
  chain: Chain,
  around: Surroundings,
  flow: Flow,
): Flow | undefined {
  const [found, budget, limits] = [new Collector(), new Budget(trialLimit), into.limits.apart()];
  const builder = new GraphBuilder(
    (left, right) => disagreement(budget, limits.domainOf, left, right)?.axis,
    budget,
  );
  const apart: Elaboration = { builder, found, limits, budget, failed: false, trialsLeft: 0 };
  const { scope, places, depth, beside: _beside, ...rest } = around;
  const end = rest.elaborate(
    apart,
    chain,
    {
      ...rest,
      scope: { ...scope, values: new Map(scope.values), found, budget },
      places: new Map(places),
      depth: { ...depth },
    },
    flow,
  );
  const isClean = found.all.length === 0 && !apart.failed && limits.found.length === 0;
  return isClean ? end : undefined;
}
