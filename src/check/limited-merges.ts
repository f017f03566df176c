/** Maps that agree for some sizes alone: a limit on the input makes them, or it is told when they would. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { TensorType } from "../shapes/index.js";
import { agreeingLimit, describeAgreement } from "./agreement.js";
import { printNeeds } from "./limiting-edits.js";
import { sayingWhen } from "./shape-mends.js";
import type { Surroundings } from "./surroundings.js";
import { report, type Elaboration } from "./elaboration.js";

/**
 * Whether a limit on the input's size makes two maps agree; then the check goes on as if it stood. Where
 * none does, the finding is reported with the sizes for which they agree.
 */
export function isLimited(
  into: Elaboration,
  around: Surroundings,
  found: Diagnostic,
  [one, other]: readonly [TensorType, TensorType],
): boolean {
  const { budget, limits } = into;
  const limit = agreeingLimit(budget, limits, one, other);
  if (limit && found.span) {
    const { notes } = around.scope;
    limits.limit(limit.kind, limit.needs, found.span, { ...found, notes });
    return true;
  }
  into.missized = true;
  if (found.code !== "R0306") into.disagrees = true;
  reportWhen(into, around, found, describeAgreement(budget, limits, one, other));
  return false;
}

/** Reports maps that differ in channels, with when their sizes would agree. */
export function reportBoth(
  into: Elaboration,
  around: Surroundings,
  found: Diagnostic,
  [one, other]: readonly [TensorType, TensorType],
): void {
  const { budget, limits } = into;
  const limit = agreeingLimit(budget, limits, one, other);
  const when = limit
    ? `their sizes agree where ${printNeeds(limit.needs)}`
    : describeAgreement(budget, limits, one, other, "their sizes");
  if (limit === undefined) into.disagrees = true;
  reportWhen(into, around, found, when);
}

/** @param when the maps agree, where that can be said. */
function reportWhen(
  into: Elaboration,
  { scope }: Surroundings,
  found: Diagnostic,
  when: string | undefined,
): void {
  report(into, scope.notes, when === undefined ? found : sayingWhen(found, when));
}
