/** Elaborates the other merges: branches that are added or joined, and gates. */
import { diagnostic } from "../diagnostics/diagnostic.js";
import { printType } from "../shapes/index.js";
import type { BranchesStep, GateStep } from "../syntax/ast.js";
import { elaborateChain, type Surroundings } from "./chain.js";
import {
  addOperation,
  describeFailure,
  disagreement,
  report,
  type Elaboration,
} from "./elaboration.js";
import { beginChain, nothingGuessed, type Flow, type Guessed } from "./place.js";

/** `branches sum { {…} {…} }`, `branches concat { {…} {…} }` */
export function elaborateBranches(
  into: Elaboration,
  step: BranchesStep,
  around: Surroundings,
  flow: Flow,
): Flow {
  const { builder } = into;
  const entry = beginChain(flow);
  const ends = step.branches.map((branch) => {
    const prefix = builder.fresh(around.prefix, "branch");
    return elaborateChain(into, branch, { ...around, prefix }, entry);
  });
  const [first, second] = ends;
  if (first === undefined || second === undefined) {
    if (first === undefined) {
      const holes = { expected: "at least two branches in braces", found: "none" };
      report(into, around.scope.notes, diagnostic("R0212", step.span, holes));
    }
    return first ? { ...first, passed: [...flow.passed, ...first.passed] } : flow;
  }
  const op = step.merge.text === "concat" ? "concat" : "add";
  const guessed = together(ends);
  const after = { ...first, guessed, passed: [...flow.passed, ...first.passed] };
  if (!branchesAgree(into, step, around, ends, op, guessed)) return after;
  const site = {
    name: builder.fresh(around.prefix, step.label?.text ?? op),
    span: step.span,
    shown: `\`branches ${step.merge.text}\``,
    notes: around.scope.notes,
    guessed,
  };
  const value = addOperation(
    into,
    site,
    op,
    {},
    ends.map((end) => end.value),
  );
  return value ? { ...after, value } : after;
}

function together(flows: readonly Flow[]): Guessed {
  return flows.reduce(
    (all, { guessed }) => ({
      spatial: all.spatial || guessed.spatial,
      channels: all.channels || guessed.channels,
    }),
    nothingGuessed,
  );
}

function branchesAgree(
  into: Elaboration,
  step: BranchesStep,
  around: Surroundings,
  ends: readonly Flow[],
  op: "add" | "concat",
  guessed: Guessed,
): boolean {
  const first = ends[0] as Flow;
  for (const [index, end] of ends.entries()) {
    const [one, other] = [first.value.type, end.value.type];
    const sameRank = one.spatial.length === other.spatial.length;
    const channelsDiffer = op === "add" && one.channels !== other.channels;
    const differs = sameRank ? disagreement(into.domainOf, one, other) : undefined;
    if (sameRank && !differs && !channelsDiffer) continue;
    into.failed = true;
    const sure = sameRank && !differs ? !guessed.channels : !guessed.spatial;
    if (!sure) return false;
    const holes = {
      first: printType(one),
      verb: op === "add" ? "added to" : "joined with",
      other: printType(other),
    };
    const failure = differs && describeFailure(differs);
    const at = step.branches[index];
    const details = {
      related: [
        {
          span: step.branches[0]?.span ?? step.span,
          text: `the first branch ends as ${holes.first}`,
        },
      ],
      label: `branch ${index + 1} ends as ${holes.other}${failure === undefined ? "" : `; ${failure}`}`,
    };
    const found = diagnostic("R0302", at?.span ?? step.span, holes, details);
    report(into, around.scope.notes, found);
    return false;
  }
  return true;
}

/** `gate { … }`: the value is multiplied by what the chain makes of it (Hu et al. 2018). */
export function elaborateGate(
  into: Elaboration,
  step: GateStep,
  around: Surroundings,
  flow: Flow,
): Flow {
  const { builder } = into;
  const prefix = builder.fresh(around.prefix, "gate");
  const gate = elaborateChain(into, step.chain, { ...around, prefix }, beginChain(flow));
  const guessed = together([flow, gate]);
  const operands = [flow.value, gate.value];
  const fits = builder.typeOf(
    "multiply",
    {},
    operands.map((operand) => operand.type),
  );
  if (fits.problem) {
    into.failed = true;
    if (!guessed.spatial && !guessed.channels) {
      const holes = { gate: printType(gate.value.type), value: printType(flow.value.type) };
      const help = "a gate ends as a vector or a 1x1 map with as many channels as it scales";
      report(into, around.scope.notes, diagnostic("R0306", step.span, holes, { help }));
    }
    return { ...flow, guessed };
  }
  const site = {
    name: builder.fresh(around.prefix, step.label?.text ?? "multiply"),
    span: step.span,
    shown: "`gate`",
    notes: around.scope.notes,
    guessed,
  };
  const value = addOperation(into, site, "multiply", {}, operands);
  return { ...flow, guessed, value: value ?? flow.value };
}
