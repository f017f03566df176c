/** What is said of a residual and a shortcut that do not fit: what met what, and the help that mends it. */
import { diagnostic, type Diagnostic, type Help, type Label } from "../diagnostics/diagnostic.js";
import type { Pair } from "../ops/attributes.js";
import { printType, type TensorType } from "../shapes/index.js";
import { textOf } from "../source/source.js";
import type { ResidualStep } from "../syntax/ast.js";
import { disagreement } from "./agreement.js";
import type { Surroundings } from "./surroundings.js";
import type { Elaboration } from "./elaboration.js";
import { describeResize, type Flow } from "./place.js";
import { grouped, type ShortcutKind } from "./value.js";

/** A residual that has been elaborated, and what its shortcut begins with. */
export interface Residual {
  readonly into: Elaboration;
  readonly step: ResidualStep;
  readonly around: Surroundings;
  /** What goes into the residual and its shortcut. */
  readonly entry: Flow;
  readonly residual: Flow;
  /** The name that the shortcut's nodes begin with. */
  readonly prefix: string;
}

export type Form = ShortcutKind | "chain";

/** The type that a 1x1 window of the residual's own stride leaves, if that is a stride at all. */
export function strided({ into, entry, residual }: Residual): TensorType | undefined {
  const { stride } = residual.path;
  if (!stride.every((each) => Number.isInteger(each))) return undefined;
  return into.builder.typeOf("subsample", { stride }, [entry.value.type]).type;
}

/** `/2`, `/[2, 1]` */
export function printStride([height, width]: Pair): string {
  return height === width ? `/${height}` : `/[${height}, ${width}]`;
}

/** The residual's part of the story: what changed its size, and what it ends as. */
export function originLabels({ residual }: Residual): Label[] {
  const { resize } = residual.path;
  const end = endLabel(residual);
  if (resize === undefined) return end;
  return [{ span: resize.strideSpan ?? resize.span, text: describeResize(resize) }, ...end];
}

/** The shape, with a question mark for every extent that rests on an earlier error. */
function printKnown({ value: { type }, guessed }: Flow): string {
  if (!guessed.spatial || type.spatial.length === 0) return printType(type);
  return `?x?x${type.channels}`;
}

function strideLabel({ path: { resize } }: Flow): Label[] {
  return resize ? [{ span: resize.strideSpan ?? resize.span, text: "changes its size" }] : [];
}

/** What the residual ends as, at the operation that says so. */
export function endLabel({ path, value }: Flow): Label[] {
  const end = path.widening ?? path.last;
  return end ? [{ span: end.span, text: `the residual ends as ${printType(value.type)}` }] : [];
}

/** The finding that the sum is of different shapes. @param failure the smallest size that fails. */
export function disagreeing(
  parts: Residual,
  shortcut: Flow,
  form: Form,
  failure: string | undefined,
): Diagnostic {
  const { step, residual } = parts;
  const holes = { shortcut: printKnown(shortcut), residual: printKnown(residual) };
  const is = form === "chain" ? "ends as" : "is still";
  const label = `the shortcut ${is} ${holes.shortcut}${failure === undefined ? "" : `; ${failure}`}`;
  const exact = !shortcut.guessed.spatial && !residual.guessed.channels;
  const help = form === "identity" && exact ? projectInstead(parts, "identity") : undefined;
  const related = residual.guessed.spatial ? strideLabel(residual) : originLabels(parts);
  return diagnostic("R0301", step.shortcutSpan, holes, { label, related, ...(help && { help }) });
}

/** The help that a projection is, where one fits. */
export function projectInstead(parts: Residual, word: "identity" | "pad"): Help | undefined {
  const { into, step, entry, residual } = parts;
  const target = residual.value.type;
  const reached = strided(parts);
  if (reached?.spatial.length !== target.spatial.length) return undefined;
  if (disagreement(into.budget, into.limits.domainOf, reached, target)) return undefined;
  const parameters = entry.value.type.channels * target.channels + 2 * target.channels;
  const { stride } = residual.path;
  const by = stride[0] === 1 && stride[1] === 1 ? "" : `, ${printStride(stride)}`;
  const text =
    `\`shortcut project\` brings it to ${printType(target)} with a 1x1 convolution, ` +
    `${target.channels} filters${by} (+${grouped(parameters)} parameters)`;
  const isWord = textOf(step.shortcut.span) === word;
  return isWord ? { text, edits: [{ span: step.shortcut.span, text: "project" }] } : { text };
}
