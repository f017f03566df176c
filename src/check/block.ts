/** Elaborates a block: binds its parameters, tests its conditions, and elaborates its body in place. */
import { diagnostic } from "../diagnostics/diagnostic.js";
import { textOf } from "../source/source.js";
import type { BlockDeclaration, Call, Expression, Parameter } from "../syntax/ast.js";
import { matchArguments, parameterSlots } from "./arguments.js";
import { elaborateChain, type Surroundings } from "./chain.js";
import { report, type Elaboration } from "./elaboration.js";
import { evaluate, expectKind } from "./evaluate.js";
import { allGuessed, beginChain, type Flow } from "./place.js";
import type { Unit } from "./program.js";
import type { Scope } from "./scope.js";
import { printValue, type Value } from "./value.js";

/** How deep blocks may stand in blocks. */
const depthLimit = 32;

export interface BlockCallee {
  readonly block: BlockDeclaration;
  readonly unit: Unit;
}

/** @param where what the note on the instance adds: ", block 1 of 4 of stage conv3". */
export function elaborateBlock(
  into: Elaboration,
  { block, unit }: BlockCallee,
  call: Call,
  around: Surroundings,
  flow: Flow,
  where: string,
): Flow {
  into.builder.spend();
  const { scope } = around;
  const stack = [...around.stack, block];
  if (around.stack.includes(block) || stack.length > depthLimit) {
    const path = [...stack.slice(stack.indexOf(block)).map(({ name }) => name.text)];
    const circle = path.length > 8 ? [...path.slice(0, 8), "…"] : path;
    const found = around.stack.includes(block)
      ? diagnostic("R0211", call.span, { name: block.name.text, path: circle.join(" -> ") })
      : diagnostic("R0602", call.span, {
          what: "the depth of blocks in blocks",
          value: stack.length,
          limit: depthLimit,
        });
    report(into, scope.notes, found);
    return { ...flow, guessed: allGuessed };
  }
  const values = bindParameters(into, call, block.name.text, block.parameters, scope, unit);
  const line = call.span.file.position(call.span.start).line;
  const note = `in ${printInstance(block, values)}${where} (${call.span.file.path}:${line})`;
  const inside: Scope = { unit, values, found: into.found, notes: [note, ...scope.notes] };
  testConditions(into, call, block.name.text, block.where, inside);
  const body: Surroundings = { scope: inside, prefix: around.prefix, places: new Map(), stack };
  const result = elaborateChain(into, block.body, body, beginChain(flow));
  const passed = [...flow.passed, ...result.passed];
  return block.broken ? { ...result, passed, guessed: allGuessed } : { ...result, passed };
}

function printInstance(
  block: BlockDeclaration,
  values: ReadonlyMap<string, Value | undefined>,
): string {
  const shown = block.parameters.flatMap(({ name }, index) => {
    const value = values.get(name.text);
    if (value === undefined) return [];
    return [index === 0 ? printValue(value) : `${name.text}: ${printValue(value)}`];
  });
  return shown.length === 0 ? block.name.text : `${block.name.text}(${shown.join(", ")})`;
}

/** The values of all parameters: what is given, else the default in the callee's own file. */
export function bindParameters(
  into: Elaboration,
  call: Call,
  callee: string,
  parameters: readonly Parameter[],
  scope: Scope,
  unit: Unit,
): ReadonlyMap<string, Value | undefined> {
  const { arguments: matched, problems } = matchArguments(call, callee, parameterSlots(parameters));
  for (const problem of problems) report(into, scope.notes, problem);
  const values = new Map<string, Value | undefined>();
  for (const { name, default: otherwise } of parameters) {
    const given = matched.get(name.text);
    const value = given
      ? evaluate(given.value, scope)
      : otherwise && evaluate(otherwise, { ...scope, unit, values });
    if (value === undefined) into.failed = true;
    values.set(name.text, value);
  }
  return values;
}

/** Tests `where`; a condition over a value in error is left alone. */
export function testConditions(
  into: Elaboration,
  call: Call | undefined,
  callee: string,
  conditions: readonly Expression[],
  scope: Scope,
): void {
  for (const condition of conditions) {
    const value = expectKind(condition, "boolean", scope);
    if (value === undefined) into.failed = true;
    if (value?.value !== false) continue;
    const holes = { callee, condition: textOf(condition.span) };
    const shown = [...scope.values].flatMap(([name, given]) =>
      given && new RegExp(`\\b${name}\\b`).test(holes.condition)
        ? [`${name} is ${printValue(given)}`]
        : [],
    );
    const related = [{ span: condition.span, text: shown.join(", ") || "required here" }];
    const at = call?.span ?? condition.span;
    report(into, scope.notes, diagnostic("R0210", at, holes, { related: call ? related : [] }));
  }
}
