/** Elaborates a block: binds its parameters, tests its conditions, and elaborates its body in place. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.js";
import { textOf, type Span } from "../source/source.js";
import type { BlockDeclaration, Call, Expression, Parameter } from "../syntax/ast.js";
import { matchArguments } from "./arguments.js";
import { parameterSlots } from "./slots.js";
import type { Surroundings } from "./surroundings.js";
import { report, traceFlow, type Elaboration } from "./elaboration.js";
import { evaluate, expectKind } from "./evaluate.js";
import { allGuessed, beginChain, continueChain, doubt, type Flow } from "./place.js";
import type { Unit } from "./program.js";
import { reportOfBody, type Given, type Scope } from "./scope.js";
import { printValue, type Value } from "./value.js";

/** How deep blocks may stand in blocks. */
export const depthLimit = 32;

export interface BlockCallee {
  readonly block: BlockDeclaration;
  readonly unit: Unit;
}

/** @param where what the note on the instance adds: ", block 1 of 4 of stage conv3". */
export function elaborateBlock(
  into: Elaboration,
  callee: BlockCallee,
  call: Call,
  around: Surroundings,
  flow: Flow,
  where: string,
): Flow {
  into.builder.spend();
  const { block, unit } = callee;
  const { scope } = around;
  const stack = [...around.stack, block];
  if (around.stack.includes(block) || stack.length > depthLimit) {
    report(into, scope.notes, endlessBlock(call, block, around.stack));
    return doubt(flow, allGuessed);
  }
  const bound = bindParameters(call, block.name.text, block.parameters, scope, unit);
  if ([...bound.values.values()].includes(undefined)) into.failed = true;
  const tested = { callee: block.name.text, at: call.span, notes: scope.notes, scope, site: call };
  const values = testConditions(into, tested, block.where, { ...scope, ...bound, unit });
  const line = call.span.file.position(call.span.start).line;
  const note = `in ${printInstance(block, values)}${where} (${call.span.file.path}:${line})`;
  const calls = [call.span, ...(scope.calls ?? [])];
  const inside = { ...scope, ...bound, unit, values, notes: [note, ...scope.notes], calls };
  const body = { ...around, scope: inside, places: new Map<string, Flow>(), stack };
  const first = into.builder.nodeCount;
  const end = continueChain(flow, around.elaborate(into, block.body, body, beginChain(flow)));
  if (into.trace) {
    into.trace.trace.call(note, call.span);
    if (around.stack.length === 0) into.trace.blocks++;
    traceFlow(into, block.name.span, inside, first, flow, end);
  }
  return end;
}

/** The finding that a block contains itself, or is too deep in others. */
function endlessBlock(
  call: Call,
  block: BlockDeclaration,
  stack: readonly BlockDeclaration[],
): Diagnostic {
  if (!stack.includes(block)) {
    const holes = {
      what: "the depth of blocks in blocks",
      value: depthLimit + 1,
      limit: depthLimit,
    };
    return diagnostic("R0602", call.span, holes);
  }
  const names = [...stack.slice(stack.indexOf(block)), block].map(({ name }) => name.text);
  const shown = names.length > 8 ? [...names.slice(0, 4), "…", ...names.slice(-3)] : names;
  const help = "a network is of one size: repeat a block with a count, such as `3 x Block(64)`";
  const holes = { name: block.name.text, path: shown.join(" -> ") };
  return diagnostic("R0211", call.span, holes, { help });
}

/** How many parameters a note shows. */
const parametersShown = 8;

function printInstance(
  block: BlockDeclaration,
  values: ReadonlyMap<string, Value | undefined>,
): string {
  const shown = block.parameters.slice(0, parametersShown).flatMap(({ name }, index) => {
    const value = values.get(name.text);
    if (value === undefined) return [];
    return [index === 0 ? printValue(value) : `${name.text}: ${printValue(value)}`];
  });
  return shown.length === 0 ? block.name.text : `${block.name.text}(${shown.join(", ")})`;
}

/** The values of parameters, and what each was given as. */
export interface Bound {
  readonly values: Map<string, Value | undefined>;
  readonly given: ReadonlyMap<string, Given>;
}

/**
 * The values of all parameters: what is given, else the default in the callee's own file; undefined
 * where that is in error, which has been reported.
 */
export function bindParameters(
  call: Call,
  callee: string,
  parameters: readonly Parameter[],
  scope: Scope,
  unit: Unit,
): Bound {
  const match = matchArguments(call, callee, parameterSlots(parameters));
  for (const problem of match.problems) {
    scope.found.add({ ...problem, notes: [...problem.notes, ...scope.notes] });
  }
  // Matching and binding a parameter is some more work than evaluating a value.
  scope.budget.spend(2 * parameters.length);
  const values = new Map<string, Value | undefined>();
  const given = new Map<string, Given>();
  const own: Scope = { ...scope, unit, values, given };
  for (const { name, default: otherwise } of parameters) {
    const argument = match.arguments.get(name.text)?.value;
    const expression = argument ?? otherwise;
    const within = argument ? scope : own;
    const value = expression && evaluate(expression, within);
    values.set(name.text, match.faulty.has(name.text) ? undefined : value);
    if (expression) given.set(name.text, { expression, scope: within, isDefault: !argument });
  }
  return { values, given };
}

/** How many failed conditions are reported of one call. */
const failuresShown = 8;

/** What is tested, and where a condition that does not hold is reported. */
export interface Tested {
  readonly callee: string;
  /** The call whose arguments do not meet it; absent where defaults do not. */
  readonly at: Span | undefined;
  readonly notes: readonly string[];
  /** Of a call in the body of another block: the call, and what is around it. */
  readonly site?: object;
  readonly scope?: Scope;
}

/**
 * Tests `where`; a condition over a value in error is left alone.
 * @returns the values, without those that a failed condition speaks of: nothing rests on them.
 */
export function testConditions(
  into: Elaboration,
  { callee, at, notes, site, scope: around }: Tested,
  conditions: readonly Expression[],
  scope: Scope,
): Map<string, Value | undefined> {
  const values = new Map(scope.values);
  let failures = 0;
  for (const condition of conditions) {
    if (failures >= failuresShown) break;
    const value = expectKind(condition, "boolean", scope);
    if (value === undefined) into.failed = true;
    if (value?.value !== false) continue;
    failures++;
    const text = textOf(condition.span);
    const mentioned = [...scope.values].filter(([name]) => new RegExp(`\\b${name}\\b`).test(text));
    const shown = mentioned.flatMap(([name, given]) =>
      given ? [`${name} is ${printValue(given)}`] : [],
    );
    const label = shown.join(", ") || "required here";
    const details = at ? { related: [{ span: condition.span, text: label }] } : { label };
    const holes = { callee, condition: text.replace(/\s+/g, " ") };
    const found = diagnostic("R0210", at ?? condition.span, holes, details);
    into.failed = true;
    if (around && site) reportOfBody(around, site, found);
    else report(into, notes, found);
    for (const [name] of mentioned) values.set(name, undefined);
  }
  if (failures === 0 && around?.calls && site) around.found.sound(site);
  return values;
}
