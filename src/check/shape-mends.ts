/**
 * Mends of merges whose sides differ in size: a pool that rounds the other way, a stride that one side lacks,
 * a padding that takes pixels away. Each is a change of one operation that is written in the chain itself.
 */
import { Collector, type Diagnostic, type Edit, type Help } from "../diagnostics/diagnostic.js";
import { operations } from "../ops/registry.js";
import type { TensorType } from "../shapes/index.js";
import { textOf } from "../source/source.js";
import type { Argument, Call, Chain } from "../syntax/ast.js";
import { disagreement } from "./agreement.js";
import { bindOperation } from "./arguments.js";
import type { Elaboration } from "./elaboration.js";
import type { Flow } from "./place.js";
import type { Scope } from "./scope.js";
import type { Surroundings } from "./surroundings.js";
import { tried } from "./trial.js";

/** One side of a merge: what is written, and what came of it. */
export interface Side {
  readonly chain: Chain;
  readonly flow: Flow;
}

/** Where a merge is: what it is elaborated into, what surrounds it, and what goes into each side. */
export interface Merge {
  readonly into: Elaboration;
  readonly around: Surroundings;
  readonly entry: Flow;
}

/** A finding with what is said of when its sides agree: its help, or a note where there is a better one. */
export function sayingWhen(found: Diagnostic, text: string): Diagnostic {
  return found.help?.edits
    ? { ...found, notes: [text, ...found.notes] }
    : { ...found, help: { text } };
}

function callsOf({ steps }: Chain): readonly Call[] {
  return steps.flatMap((step) => (step.kind === "call" && !step.count ? [step.call] : []));
}

/** The pool that gave a side its size, rounding the other way, if the sides then agree for every size. */
export function otherRounding(
  into: Elaboration,
  scope: Scope,
  { chain, flow }: Side,
  target: TensorType,
): Help | undefined {
  const { resize } = flow.path;
  const call = callsOf(chain).find(({ span }) => span === resize?.span);
  if (call === undefined || resize === undefined) return undefined;
  const op = call.callee.text;
  if (op !== "maxpool" && op !== "avgpool") return undefined;
  const written = call.arguments.find(({ name }) => name?.text === "ceil");
  const quiet = { ...scope, found: new Collector() };
  const { bound, faulty } = bindOperation(call, operations[op].signature, quiet);
  if (faulty.size > 0) return undefined;
  const attributes = operations[op].attributes(bound);
  const turned = { ...attributes, ceil: !attributes.ceil };
  const { type } = into.builder.typeOf(op, turned, [resize.before]);
  if (type === undefined || !sizesAgree(into, type, target)) return undefined;
  const edits = attributes.ceil && written ? [leftOut(written)] : [putBehind(call, "ceil: true")];
  const how = attributes.ceil ? "without `ceil`" : "with `ceil: true`";
  return { text: `\`${op}\` ${how} has the same size everywhere`, edits };
}

function sizesAgree({ budget, limits }: Elaboration, one: TensorType, other: TensorType): boolean {
  if (one.spatial.length !== other.spatial.length) return false;
  return disagreement(budget, limits.domainOf, one, other) === undefined;
}

/** The stride that a side lacks, at its first window, if the sides then agree for every size. */
export function missingStride(
  { into, around, entry }: Merge,
  { chain, flow }: Side,
  other: Flow,
): Help | undefined {
  const [height, width] = flow.path.stride;
  const factor = other.path.stride[0] / height;
  if (factor !== other.path.stride[1] / width || !Number.isInteger(factor) || factor < 2) {
    return undefined;
  }
  const call = callsOf(chain).find(
    ({ callee, arguments: given }) =>
      windows.has(callee.text) &&
      !given.some(({ name, slash }) => slash || name?.text === "stride"),
  );
  if (call === undefined) return undefined;
  const strided = withStride(chain, call, factor);
  const end = tried(into, strided, around, entry);
  if (end === undefined || !sizesAgree(into, end.value.type, other.value.type)) return undefined;
  const shown = textOf(call.span).replace(/\s+/g, " ");
  return {
    text: `a stride there too: \`${shown}, /${factor}\``,
    edits: [putBehind(call, `/${factor}`)],
  };
}

/** A chain in which one call has a stride more. */
function withStride(chain: Chain, call: Call, factor: number): Chain {
  const { span } = call;
  const stride: Argument = {
    name: { text: "stride", span },
    value: { kind: "number", value: factor, span },
    slash: true,
    span,
  };
  const strided = { ...call, arguments: [...call.arguments, stride] };
  return {
    ...chain,
    steps: chain.steps.map((step) =>
      step.kind === "call" && step.call === call ? { ...step, call: strided } : step,
    ),
  };
}

/** The operations that a window and its stride are arguments of. */
export const windows: ReadonlySet<string> = new Set(["conv", "maxpool", "avgpool"]);

/** The paddings of a chain's windows taken out, so that they keep the size that their stride leaves. */
export function usualPadding(chain: Chain): readonly Edit[] {
  return callsOf(chain)
    .filter(({ callee }) => windows.has(callee.text))
    .flatMap(({ arguments: given }) => given.filter(({ name }) => name?.text === "pad"))
    .map(leftOut);
}

/** The edit that gives a call an argument more. */
export function putBehind({ span, arguments: given }: Call, text: string): Edit {
  const { file, end } = span;
  // An argument in brackets goes inside of them; after a stride behind the brackets, behind that.
  const inside = file.text.charAt(end - 1) === ")" ? end - 1 : end;
  const comma = given.length === 0 ? " " : ", ";
  return { span: file.span(inside, inside), text: `${comma}${text}` };
}

/** The edit that takes an argument out, with the comma before it. */
export function leftOut({ span }: Argument): Edit {
  const { file, start, end } = span;
  const comma = /,\s*$/.exec(file.text.slice(0, start));
  return { span: file.span(comma?.index ?? start, end), text: "" };
}
