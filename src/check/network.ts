/** Elaborates one network with the values of its parameters into a graph. */
import { diagnostic, type Collector } from "../diagnostics/diagnostic.js";
import { GraphBuilder, GraphTooLarge, operationLimit } from "../graph/builder.js";
import type { Graph } from "../graph/graph.js";
import type { Span } from "../source/source.js";
import { printDomain, type Domain } from "../shapes/index.js";
import { textOf } from "../source/source.js";
import type { Name, NetworkDeclaration, NetworkItem } from "../syntax/ast.js";
import { testConditions } from "./block.js";
import { elaborateCall, elaborateChain, elaborateStep, type Surroundings } from "./chain.js";
import { disagreement, originOf, report, type Elaboration } from "./elaboration.js";
import { declareInput, type DeclaredInput } from "./input.js";
import { allGuessed, beginChain, nothingGuessed, type Flow } from "./place.js";
import type { Unit } from "./program.js";
import type { Value } from "./value.js";

export interface Instance {
  /** The name that the graph carries: the network's, or the instance's. */
  readonly name: Name;
  readonly network: NetworkDeclaration;
  readonly unit: Unit;
  readonly values: ReadonlyMap<string, Value | undefined>;
  /** Where the instance was made, for messages from inside it. */
  readonly notes: readonly string[];
}

/** @returns the graph, or `undefined` where anything was wrong, which has been reported. */
export function elaborateNetwork(instance: Instance, found: Collector): Graph | undefined {
  const { network, unit, values, notes, name } = instance;
  const scope = { unit, values, found, notes };
  const inputs = network.items.filter((item) => item.kind === "input");
  const declared = inputs[0] && declareInput(inputs[0], scope);
  const domains = new Map(declared?.domains.map((domain) => [domain.symbol, domain]));
  const domainOf = (symbol: string): Domain => domains.get(symbol) ?? { symbol, conditions: [] };
  const builder = new GraphBuilder((left, right) => disagreement(domainOf, left, right)?.axis);
  const into: Elaboration = { builder, found, domainOf, failed: network.broken };
  if ([...values.values()].includes(undefined)) into.failed = true;
  testConditions(into, undefined, name.text, network.where, scope);
  checkItems(into, instance, inputs);
  const around: Surroundings = { scope, prefix: "", places: new Map(), stack: [] };
  const start = beginning(into, declared, inputs[0]?.span ?? network.name.span);
  elaborateItems(into, network, around, start);
  if (into.failed) return undefined;
  return builder.build(name.text, declared?.domains ?? []);
}

function beginning(into: Elaboration, declared: DeclaredInput | undefined, span: Span): Flow {
  if (declared) {
    const value = into.builder.input("input", declared.type, originOf(span));
    return { value, passed: [], guessed: into.failed ? allGuessed : nothingGuessed };
  }
  into.failed = true;
  const type = { spatial: [224, 224], channels: 3, dtype: "float32" } as const;
  return { value: into.builder.input("input", type), passed: [], guessed: allGuessed };
}

function checkItems(
  into: Elaboration,
  { network, name, notes }: Instance,
  inputs: readonly NetworkItem[],
): void {
  const holes = { name: network.name.text };
  if (inputs.length === 0 && !network.broken) {
    const help = "begin it with `input 224x224x3`, or `input [H, W, 3]` for any size";
    report(into, notes, diagnostic("R0217", network.name.span, holes, { help }));
  }
  const second = inputs[1];
  if (second) report(into, notes, diagnostic("R0218", second.span, holes));
  if (!network.broken && !network.items.some((item) => item.kind === "head")) {
    const help = "end it with `head classify { globalavgpool -> dense 1000 }`";
    report(into, notes, diagnostic("R0219", network.name.span, { name: name.text }, { help }));
  }
}

function elaborateItems(
  into: Elaboration,
  network: NetworkDeclaration,
  around: Surroundings,
  start: Flow,
): void {
  let flow = start;
  for (const item of network.items) {
    try {
      flow = elaborateItem(into, item, around, flow);
    } catch (error) {
      if (!(error instanceof GraphTooLarge)) throw error;
      const limit = operationLimit.toLocaleString("en-US");
      const found = diagnostic("R0601", item.span, { limit });
      report(into, around.scope.notes, found);
      return;
    }
  }
}

function elaborateItem(
  into: Elaboration,
  item: NetworkItem,
  around: Surroundings,
  flow: Flow,
): Flow {
  const { builder } = into;
  switch (item.kind) {
    case "input":
    case "expect":
      return flow;
    case "stem": {
      const prefix = builder.fresh("", "stem");
      builder.region({ kind: "stem", name: prefix, count: 1 });
      return elaborateChain(into, item.chain, { ...around, prefix }, beginChain(flow));
    }
    case "stage": {
      const { step } = item;
      const prefix = builder.fresh("", item.name.text);
      const before = into.builder.nodeCount;
      const after = elaborateCall(into, step, { ...around, prefix }, beginChain(flow), prefix);
      const blocks = new Set(into.builder.namesSince(before).map((node) => node.split(".")[1]));
      const block = textOf(step.call.span).replace(/\s+/g, " ");
      builder.region({ kind: "stage", name: prefix, count: Math.max(1, blocks.size), block });
      around.places.set(item.name.text, after);
      return after;
    }
    case "head": {
      const prefix = builder.fresh("", item.name?.text ?? "head");
      builder.region({ kind: "head", name: prefix, count: 1 });
      const end = elaborateChain(into, item.chain, { ...around, prefix }, beginChain(flow));
      builder.output(prefix, end.value);
      return flow;
    }
    case "step":
      return elaborateStep(into, item.step, around, flow);
  }
}

/** The conditions on all symbols, in words; empty for an input of one size. */
export function printDomains(domains: readonly Domain[]): string {
  return domains.map(printDomain).join(", ");
}
