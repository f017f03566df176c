/** What is said of a residual and a shortcut that do not fit: what met what, and the help that mends it. */
import {
  diagnostic,
  type Diagnostic,
  type Edit,
  type Help,
  type Label,
} from "../diagnostics/diagnostic.js";
import type { Pair } from "../ops/attributes.js";
import type { TensorType } from "../shapes/index.js";
import { textOf } from "../source/source.js";
import type { ResidualStep } from "../syntax/ast.js";
import { disagreement } from "./agreement.js";
import type { InputLimits } from "./input-limits.js";
import type { Scope } from "./scope.js";
import { movedStrides } from "./moved-strides.js";
import { otherRounding, strideMends, usualPadding } from "./shape-mends.js";
import type { Surroundings } from "./surroundings.js";
import type { Elaboration } from "./elaboration.js";
import { resizeLabel, type Flow } from "./place.js";
import { otherFactors } from "./upsample-mends.js";
import { grouped } from "../diagnostics/numbers.js";
import { type ShortcutKind } from "./value.js";

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
export function originLabels({ into, residual }: Residual): Label[] {
  const { resize } = residual.path;
  const end = endLabel(residual, into.limits);
  if (resize === undefined) return end;
  return [resizeLabel(resize, into.limits), ...end];
}

/** The shape, or of one whose size rests on an earlier error what is known all the same: its channels and its stride. */
function printKnown({ value: { type }, path, guessed }: Flow, limits: InputLimits): string {
  if (!guessed.spatial || type.spatial.length === 0) return limits.print(type);
  const isOne = path.stride.every((each) => each === 1);
  const stride = isOne ? "" : ` at a stride of ${printStride(path.stride).slice(1)}`;
  return `${type.channels} channels${stride}`;
}

function strideLabel({ path: { resize } }: Flow): Label[] {
  return resize ? [{ span: resize.sizeSpan ?? resize.span, text: "changes its size" }] : [];
}

/** What the residual ends as, at the operation that says so. */
export function endLabel({ path, value }: Flow, limits: InputLimits): Label[] {
  const end = path.widening ?? path.last;
  return end ? [{ span: end.span, text: `the residual ends as ${limits.print(value.type)}` }] : [];
}

/** The finding that the sum is of different shapes. @param failure the smallest size that fails. */
export function disagreeing(
  parts: Residual,
  shortcut: Flow,
  form: Form,
  failure: string | undefined,
): Diagnostic {
  const { step, residual } = parts;
  const { limits } = parts.into;
  const [brought, met] = [printKnown(shortcut, limits), printKnown(residual, limits)];
  const isOpen = shortcut.guessed.spatial;
  const isSized = !isOpen || shortcut.value.type.channels !== residual.value.type.channels;
  const holes = { shortcut: brought, residual: brought === met ? `${met} of another size` : met };
  const is = form === "chain" ? "ends as" : "is still";
  const shape = isSized ? brought : "as large as what comes in";
  const label = `the shortcut ${is} ${shape}${failure === undefined || isOpen ? "" : `; ${failure}`}`;
  const exact = !shortcut.guessed.spatial && !residual.guessed.channels;
  const project = exact ? projectInstead(parts, "identity") : undefined;
  const related = residual.guessed.spatial ? strideLabel(residual) : originLabels(parts);
  const isSame = shortcut.value.type.channels === residual.value.type.channels;
  const padded = exact && isSame ? usualPadding(parts, step.chain, shortcut.value.type) : undefined;
  const mends =
    form === "identity"
      ? [project, project && padInstead(parts), padded]
      : form === "chain" && exact
        ? sizeMends(parts, shortcut)
        : [];
  const own = step.shortcut.kind === "chain" ? step.shortcut.chain : undefined;
  const moves = movedStrides(parts.into, [step.chain, own], [residual, shortcut], parts.around);
  const helps = [...mends, ...moves, ...factorMends(parts, shortcut, exact)];
  const [help, ...alternatives] = helps.filter((each) => each !== undefined);
  const said = help ?? (exact && isSame ? oddWindow(residual) : undefined);
  const details = { label, related, alternatives, ...(said && { help: said }) };
  return diagnostic("R0301", step.shortcutSpan, holes, details);
}

/** What makes a shortcut with a chain of its own and the residual end in one size. */
function sizeMends(parts: Residual, shortcut: Flow): (Help | undefined)[] {
  const { into, step, around, residual } = parts;
  if (step.shortcut.kind !== "chain") return [];
  const own = { chain: step.shortcut.chain, flow: shortcut };
  const other = { chain: step.chain, flow: residual };
  return [
    otherRounding(into, around.scope, own, residual.value.type),
    otherRounding(into, around.scope, other, shortcut.value.type),
    ...strideMends(parts, own, other),
  ];
}

/** The factor of an upsampling that brings a side to the other's size, where nothing else is wrong. */
function factorMends(parts: Residual, shortcut: Flow, exact: boolean): readonly Help[] {
  const { step, residual } = parts;
  if (step.shortcut.kind !== "chain" || !exact) return [];
  const own = { chain: step.shortcut.chain, flow: shortcut };
  return otherFactors(parts, own, { chain: step.chain, flow: residual });
}

/** What is said of a window of an even size that took from a size which it should have kept, if one did. */
export function oddWindow({ path: { resize } }: Flow): string | undefined {
  const isStrided = resize?.stride.some((each) => each !== 1) ?? true;
  if (isStrided || !resize?.kernel?.some((each) => each % 2 === 0)) return undefined;
  return "a window of an even size takes from the size at a stride of 1: an odd one, such as `3x3`, keeps it";
}

/** The help that a shortcut without parameters is, where a projection fits. */
function padInstead({ into, step, entry, residual, around }: Residual): Help | undefined {
  if (entry.value.type.channels > residual.value.type.channels) return undefined;
  const { shown, edits } = otherKind(step, "identity", "pad", around.scope);
  const shape = into.limits.print(residual.value.type);
  const text = `${shown} brings it to ${shape} with zeros, and no parameters`;
  return { text, ...(edits && { edits }) };
}

/** Another kind of shortcut: how it is written, and the edit where its word stands. */
interface OtherKind {
  readonly shown: string;
  readonly edits?: readonly Edit[];
}

/** Another word for a shortcut's kind, where it is written: at the shortcut, or as an argument or default. */
function otherKind({ shortcut }: ResidualStep, word: string, put: string, scope: Scope): OtherKind {
  const plain = { shown: `\`shortcut ${put}\`` };
  if (shortcut.kind !== "named") return plain;
  let [written, where, shown] = [shortcut.value, scope, plain.shown];
  while (written.kind === "name" && written.name.text !== word) {
    const name = written.name.text;
    const given = where.given.get(name);
    if (given === undefined) return plain;
    shown = given.isDefault
      ? `the default \`${name} = ${put}\``
      : `\`${name}: ${put}\` in the call`;
    [written, where] = [given.expression, given.scope];
  }
  if (textOf(written.span) !== word) return plain;
  return { shown, edits: [{ span: written.span, text: put }] };
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
  const { shown, edits } = otherKind(step, word, "project", parts.around.scope);
  const text =
    `${shown} brings it to ${into.limits.print(target)} with a 1x1 convolution, ` +
    `${target.channels} filters${by} (+${grouped(parameters)} parameters)`;
  return { text, ...(edits && { edits }) };
}
