/** Elaborates one network with the values of its parameters into a graph. */
import { diagnostic, type Collector, type Help } from "../diagnostics/diagnostic.js";
import { withoutEdits } from "../diagnostics/edits.js";
import { GraphBuilder, GraphTooLarge, operationLimit } from "../graph/builder.js";
import type { Graph } from "../graph/graph.js";
import type { Span } from "../source/source.js";
import { textOf } from "../source/source.js";
import { isMisspelling } from "../syntax/misspelling.js";
import type { Call, Name, NetworkDeclaration, NetworkItem } from "../syntax/ast.js";
import { disagreement } from "./agreement.js";
import { testConditions, type Bound } from "./block.js";
import type { Budget } from "./budget.js";
import { besideOf, elaborateCall, elaborateChain, elaborateStep } from "./chain.js";
import type { Surroundings } from "./surroundings.js";
import { originOf, report, traceFlow, type Elaboration } from "./elaboration.js";
import { declareInput, type DeclaredInput } from "./input.js";
import { InputLimits } from "./input-limits.js";
import { instanceText } from "./instance-text.js";
import { allGuessed, beginChain, beginning, nothingGuessed, type Flow } from "./place.js";
import type { Unit } from "./program.js";
import type { Scope } from "./scope.js";
import { NetworkTrace, type Trace } from "./trace.js";
import { grouped } from "../diagnostics/numbers.js";

export interface Instance {
  /** The name that the graph carries: the network's, or the instance's. */
  readonly name: Name;
  readonly network: NetworkDeclaration;
  readonly unit: Unit;
  readonly bound: Bound;
  /** The call that made it, where there is one. */
  readonly call: Call | undefined;
  /** Where the instance was made, for messages from inside it. */
  readonly notes: readonly string[];
}

/** @returns the graph, or `undefined` where anything was wrong, which has been reported. */
export function elaborateNetwork(
  instance: Instance,
  found: Collector,
  budget: Budget,
  trace?: Trace,
): Graph | undefined {
  const { network, unit, notes, name, call } = instance;
  const inputs = network.items.filter((item) => item.kind === "input");
  const values: Scope = { ...instance.bound, unit, found, budget, notes };
  const declared = inputs[0] && declareInput(inputs[0], values);
  const domains = declared?.domains ?? [];
  const limits = new InputLimits(domains, inputs[0], declared?.written);
  const builder = new GraphBuilder(
    (left, right) => disagreement(budget, limits.domainOf, left, right)?.axis,
    budget,
  );
  const into: Elaboration = {
    ...{ builder, found, limits, budget, failed: network.broken },
    ...(trace && { trace: new NetworkTrace(trace, name.text) }),
  };
  if ([...instance.bound.values.values()].includes(undefined)) into.failed = true;
  const tested = { callee: network.name.text, at: call?.span, notes: [] };
  const kept = testConditions(into, tested, network.where, values);
  checkItems(into, instance, inputs);
  const scope = { ...values, values: kept };
  const around: Surroundings = {
    elaborate: elaborateChain,
    scope,
    prefix: "",
    places: new Map(),
    stack: [],
    depth: { now: 0 },
  };
  const start = enter(into, declared, inputs[0]?.span ?? network.name.span);
  const end = elaborateItems(into, network, around, start);
  // A limit that would mend some merges is none where another merge is beyond mending by one. Nor is one that
  // keeps small sizes out where sizes are wrong for all: what made them wrong takes from small ones as well.
  const { disagrees } = into;
  const missized = into.missized && !limits.windowTooLarge;
  for (const each of limits.found) {
    if (each.code !== "R0303" ? disagrees : missized) continue;
    // Its mend is said and not made: the network would stay wrong.
    report(into, [], disagrees ? withoutEdits(each) : each);
  }
  const graph = builder.build(name.text, domains);
  traceFlow(into, network.name.span, scope, 0, start, end);
  trace?.finish({ graph, whole: !into.failed });
  return into.failed ? undefined : graph;
}

function enter(into: Elaboration, declared: DeclaredInput | undefined, span: Span): Flow {
  if (declared) {
    const guessed = { ...nothingGuessed, spatial: declared.guessed };
    if (declared.guessed) into.failed = true;
    return beginning(into.builder.input("input", declared.type, originOf(span)), guessed);
  }
  into.failed = true;
  const type = { spatial: [224, 224], channels: 3, dtype: "float32" } as const;
  return beginning(into.builder.input("input", type), allGuessed);
}

function checkItems(
  into: Elaboration,
  { network, name, notes }: Instance,
  inputs: readonly NetworkItem[],
): void {
  const holes = { name: network.name.text };
  if (inputs.length === 0 && !network.broken && !network.items.some(wasMeantAsInput)) {
    const help = "begin it with `input 224x224x3`, or `input [H, W, 3]` for any size";
    report(into, notes, diagnostic("R0217", network.name.span, holes, { help }));
  }
  const [first, second] = inputs;
  if (second && first) {
    const related = [{ span: first.span, text: "the first input" }];
    const { file, start, end } = second.span;
    const from = file.text.slice(0, start).trimEnd().length;
    const edits = [{ span: file.span(from, end), text: "" }];
    const help: Help = { text: "delete it", edits, applicability: "unsafe" };
    report(into, notes, diagnostic("R0218", second.span, holes, { related, help }));
  }
  if (!network.broken && !network.items.some((item) => item.kind === "head")) {
    const help = "end it with `head classify { globalavgpool -> dense 1000 }`";
    report(into, notes, diagnostic("R0219", network.name.span, { name: name.text }, { help }));
  }
}

/** A misspelt `input`, which reads as the call of an operation and is reported as that. */
function wasMeantAsInput(item: NetworkItem): boolean {
  if (item.kind !== "step" || item.step.kind !== "call") return false;
  return isMisspelling(item.step.call.callee.text, "input");
}

function elaborateItems(
  into: Elaboration,
  network: NetworkDeclaration,
  around: Surroundings,
  start: Flow,
): Flow {
  // Declared names come first: operations between the stages take none of them away.
  const prefixes = network.items.map((item) => declaredPrefix(into, item));
  let flow = start;
  const steps = network.items.map((item) => (item.kind === "step" ? item.step : undefined));
  const flows: Flow[] = [];
  for (const [index, item] of network.items.entries()) {
    const first = into.builder.nodeCount;
    const before = flow;
    flows.push(flow);
    const at = { ...around, prefix: prefixes[index] ?? "" };
    const within = item.kind === "step" ? besideOf(item.step, at, { steps, index, flows }) : at;
    try {
      flow = elaborateItem(into, item, within, flow);
    } catch (error) {
      if (!(error instanceof GraphTooLarge)) throw error;
      const limit = grouped(operationLimit);
      const found = diagnostic("R0601", item.span, { limit });
      report(into, around.scope.notes, found);
      return flow;
    }
    if (item.kind === "stage" || item.kind === "input") {
      traceFlow(into, item.span, around.scope, first, before, flow);
    }
  }
  return flow;
}

/** The prefix of the names of an item's nodes; none for a step by itself. */
function declaredPrefix({ builder }: Elaboration, item: NetworkItem): string {
  switch (item.kind) {
    case "stem":
      return builder.fresh("", "stem");
    case "stage":
      return builder.fresh("", item.name.text);
    case "head":
      return builder.fresh("", item.name?.text ?? "head");
    default:
      return "";
  }
}

function elaborateItem(
  into: Elaboration,
  item: NetworkItem,
  around: Surroundings,
  flow: Flow,
): Flow {
  const { builder } = into;
  const { prefix } = around;
  switch (item.kind) {
    case "input":
    case "expect":
      return flow;
    case "stem": {
      builder.region({ kind: "stem", name: prefix, count: 1 });
      return elaborateChain(into, item.chain, around, beginChain(flow));
    }
    case "stage": {
      const { step } = item;
      const before = into.builder.nodeCount;
      const after = elaborateCall(into, step, around, beginChain(flow), prefix);
      const blocks = new Set(into.builder.namesSince(before).map((node) => node.split(".")[1]));
      const block = into.failed
        ? textOf(step.call.span).replace(/\s+/g, " ")
        : instanceText(step.call, around.scope);
      builder.region({ kind: "stage", name: prefix, count: Math.max(1, blocks.size), block });
      around.places.set(item.name.text, after);
      return after;
    }
    case "head": {
      builder.region({ kind: "head", name: prefix, count: 1 });
      const end = elaborateChain(into, item.chain, around, beginChain(flow));
      builder.output(prefix, end.value);
      return flow;
    }
    case "step":
      return elaborateStep(into, item.step, around, flow);
  }
}
