/** Elaborates chains: every step of a body becomes nodes of the graph, in order. */
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import { operationLimit } from "../graph/builder.js";
import type { OpName } from "../ops/attributes.js";
import { isWrittenOperation } from "../ops/registry.js";
import { textOf } from "../source/source.js";
import type {
  Argument,
  BlockDeclaration,
  CallStep,
  Chain,
  ChainStep,
  FromStep,
  Parameter,
} from "../syntax/ast.js";
import { elaborateBlock } from "./block.js";
import { report, traceFlow, type Elaboration } from "./elaboration.js";
import { evaluate } from "./evaluate.js";
import { elaborateGate } from "./gates.js";
import { elaborateBranches } from "./merges.js";
import { elaborateOperation } from "./operation-step.js";
import { meantCallable } from "./operations-elsewhere.js";
import { allGuessed, beginChain, doubt, type Flow } from "./place.js";
import type { Unit } from "./program.js";
import { elaborateResidual } from "./residual.js";
import { blame, lookUp, type Scope } from "./scope.js";
import type { Surroundings } from "./surroundings.js";
import { grouped } from "../diagnostics/numbers.js";
import { describeValue } from "./value.js";

/** How deep chains may stand in chains, through all blocks. */
export const chainDepthLimit = 256;

/** Elaborates the steps of a chain one after the other. */
export function elaborateChain(
  into: Elaboration,
  chain: Chain,
  around: Surroundings,
  flow: Flow,
): Flow {
  const { depth, scope } = around;
  if (depth.now >= chainDepthLimit) {
    const holes = {
      what: "the depth of chains in chains",
      value: depth.now + 1,
      limit: chainDepthLimit,
    };
    report(into, scope.notes, diagnostic("R0602", chain.span, holes));
    return doubt(flow, allGuessed);
  }
  depth.now++;
  const first = into.builder.nodeCount;
  const { steps } = chain;
  const flows: Flow[] = [];
  const end = steps.reduce((now, step, index) => {
    flows.push(now);
    return elaborateStep(into, step, besideOf(step, around, { steps, index, flows }), now);
  }, flow);
  traceFlow(into, chain.span, scope, first, flow, end);
  depth.now--;
  return end;
}

/** A merge is told what stands beside it. */
export function besideOf(
  step: ChainStep,
  around: Surroundings,
  beside: NonNullable<Surroundings["beside"]>,
): Surroundings {
  return step.kind === "call" || step.kind === "from" ? around : { ...around, beside };
}

/** Elaborates one step. */
export function elaborateStep(
  into: Elaboration,
  step: ChainStep,
  around: Surroundings,
  flow: Flow,
): Flow {
  const first = into.builder.nodeCount;
  const result = dispatch(into, step, around, flow);
  traceFlow(into, step.span, around.scope, first, flow, result);
  if (step.label) around.places.set(step.label.text, result);
  return result;
}

function dispatch(into: Elaboration, step: ChainStep, around: Surroundings, flow: Flow): Flow {
  switch (step.kind) {
    case "call":
      return elaborateCall(into, step, around, flow);
    case "residual":
      return elaborateResidual(into, step, around, flow);
    case "branches":
      return elaborateBranches(into, step, around, flow);
    case "gate":
      return elaborateGate(into, step, around, flow);
    case "from":
      return takeUp(into, step, around, flow);
    case "unreadable":
      into.failed = true;
      return doubt(flow, allGuessed);
  }
}

function takeUp(into: Elaboration, step: FromStep, around: Surroundings, flow: Flow): Flow {
  const place = around.places.get(step.place.text);
  if (place) return beginChain(place);
  // The resolution of names has said so.
  into.failed = true;
  return doubt(flow, allGuessed);
}

/** What a callee is: an operation, or a block with the file whose names it sees. */
type Callee =
  | { readonly kind: "operation"; readonly name: OpName }
  | { readonly kind: "block"; readonly block: BlockDeclaration; readonly unit: Unit };

function calleeOf(into: Elaboration, step: CallStep, scope: Scope): Callee | undefined {
  const { callee } = step.call;
  if (isWrittenOperation(callee.text)) return { kind: "operation", name: callee.text };
  const looked = lookUp(scope, callee.text);
  if (!looked.known) {
    into.failed = true;
    // Names have been reported; what was meant is taken, so that shapes stay right.
    const meant = meantCallable(scope, step.call);
    if (meant === undefined) return undefined;
    if (isWrittenOperation(meant)) return { kind: "operation", name: meant };
    const { value } = lookUp(scope, meant) as { value?: ReturnType<typeof evaluate> };
    return value?.kind === "block" ? value : undefined;
  }
  if (looked.value?.kind === "block") return looked.value;
  // Of a name that is always a value the resolution of names has said so.
  if (looked.value && scope.values.has(callee.text)) {
    const holes = { name: callee.text, found: describeValue(looked.value), expected: "a block" };
    const { at, related } = blame(scope, { kind: "name", name: callee, span: callee.span });
    report(into, scope.notes, diagnostic("R0215", at, holes, { related }));
  } else into.failed = true;
  return undefined;
}

/** How often a step is repeated, and whether that is written. */
function countOf(into: Elaboration, step: CallStep, scope: Scope): number | undefined {
  if (!step.count) return undefined;
  const value = evaluate(step.count, scope);
  if (value?.kind === "number" && Number.isInteger(value.value) && value.value >= 1) {
    if (value.value <= operationLimit) return value.value;
    const limit = grouped(operationLimit);
    report(into, scope.notes, diagnostic("R0601", step.span, { limit }));
    return 1;
  }
  into.failed = true;
  if (value) {
    const holes = { expected: "a whole number of at least 1", found: describeValue(value) };
    const { at, related } = blame(scope, step.count);
    report(into, scope.notes, diagnostic("R0212", at, holes, { related }));
  }
  return 1;
}

/** `4 x Bottleneck(128), /2`: the stride goes to the first of them. */
export function elaborateCall(
  into: Elaboration,
  step: CallStep,
  around: Surroundings,
  flow: Flow,
  stage?: string,
): Flow {
  const { scope, prefix } = around;
  const callee = calleeOf(into, step, scope);
  const count = countOf(into, step, scope);
  if (callee === undefined) {
    into.builder.spend();
    return doubt(flow, allGuessed);
  }
  const numbered = count !== undefined || stage !== undefined;
  const base =
    step.label?.text ?? (callee.kind === "block" ? snake(callee.block.name.text) : callee.name);
  const group =
    stage !== undefined
      ? prefix
      : numbered || callee.kind === "block"
        ? into.builder.fresh(prefix, base)
        : prefix;
  let current = flow;
  for (let index = 1; index <= (count ?? 1); index++) {
    const inside = numbered ? into.builder.fresh(group, `block${index}`) : group;
    const repeated = index === 1 ? step : repetition(into, step, callee, scope, index);
    const where = stageNote(index, count, stage);
    if (callee.kind === "block") {
      const at = { ...around, prefix: inside };
      current = elaborateBlock(into, callee, repeated.call, at, current, where);
    } else {
      const at = numbered ? { ...around, prefix: inside } : around;
      current = elaborateOperation(
        into,
        callee.name,
        repeated,
        at,
        current,
        numbered ? undefined : base,
      );
    }
  }
  return current;
}

function stageNote(index: number, count: number | undefined, stage: string | undefined): string {
  const block = count === undefined ? "" : `, block ${index} of ${count}`;
  return stage === undefined ? block : `${block === "" ? "," : `${block} of`} stage ${stage}`;
}

function snake(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
}

/** The second and every further use of a step that is repeated: its stride went to the first. */
function repetition(
  into: Elaboration,
  step: CallStep,
  callee: Callee,
  scope: Scope,
  index: number,
): CallStep {
  const slash = step.call.arguments.find((argument) => argument.slash);
  if (slash === undefined) return step;
  const others = step.call.arguments.filter((argument) => argument !== slash);
  const withArguments = (given: readonly Argument[]): CallStep => ({
    ...step,
    call: { ...step.call, arguments: given },
  });
  if (callee.kind === "operation") return withArguments(others);
  const stride = callee.block.parameters.find(({ name }) => name.text === "stride");
  // Where it is no argument of the block, that is wrong in every repetition alike.
  if (stride === undefined) return step;
  if (stride.default) return withArguments(others);
  if (index === 2) report(into, scope.notes, strideOfFirst(callee.block, stride, slash));
  const value = { kind: "number", value: 1, span: slash.value.span } as const;
  return withArguments([...others, { ...slash, value }]);
}

/** The finding that a stride is needed by all repetitions and given to the first. */
function strideOfFirst(block: BlockDeclaration, { name }: Parameter, slash: Argument): Diagnostic {
  const written = textOf(slash.value.span);
  const { file, end } = name.span;
  const help = {
    text: "give it a default in the block: `stride = 1`",
    edits: [{ span: file.span(end, end), text: " = 1" }],
  };
  const forAll: Help = {
    text: `\`stride: ${written}\` gives it to all of them`,
    edits: [{ span: slash.span, text: `stride: ${written}` }],
    applicability: "unsafe",
  };
  const holes = { callee: block.name.text, names: "`stride`" };
  return diagnostic("R0207", slash.span, holes, {
    label: "this goes to the first of the repetitions alone",
    related: [{ span: name.span, text: "`stride` has no default" }],
    help,
    alternatives: [forAll],
  });
}
