/**
 * Elaborates H(x) = F(x) + x (He et al. 2015, eqs. 1 and 2): the residual, its shortcut, and the sum,
 * whose operands must be of one shape for every admissible size.
 */
import { diagnostic, type Diagnostic, type Help, type Label } from "../diagnostics/diagnostic.js";
import type { Tensor } from "../graph/builder.js";
import type { Pair } from "../ops/attributes.js";
import { operations } from "../ops/registry.js";
import { printType, type TensorType } from "../shapes/index.js";
import type { ResidualStep } from "../syntax/ast.js";
import { elaborateChain, type Surroundings } from "./chain.js";
import {
  addOperation,
  describeFailure,
  disagreement,
  report,
  type Elaboration,
  type Site,
} from "./elaboration.js";
import { evaluate } from "./evaluate.js";
import { beginChain, describeResize, lastResize, totalStride, type Flow } from "./place.js";
import { describeValue, type ShortcutKind } from "./value.js";

interface Residual {
  readonly into: Elaboration;
  readonly step: ResidualStep;
  readonly around: Surroundings;
  /** What goes into the residual and its shortcut. */
  readonly entry: Flow;
  readonly residual: Flow;
  /** The name that the shortcut's nodes begin with. */
  readonly prefix: string;
}

export function elaborateResidual(
  into: Elaboration,
  step: ResidualStep,
  around: Surroundings,
  flow: Flow,
): Flow {
  const { builder } = into;
  const entry = beginChain(flow);
  const residualAt = { ...around, prefix: builder.fresh(around.prefix, "residual") };
  const residual = elaborateChain(into, step.chain, residualAt, entry);
  const form = formOf(into, step, around);
  const after: Flow = { ...residual, passed: [...flow.passed, ...residual.passed] };
  if (form === undefined || form === "none") return after;
  const prefix = builder.fresh(around.prefix, "shortcut");
  const parts: Residual = { into, step, around, entry, residual, prefix };
  const shortcut = shortcutOf(parts, form);
  if (shortcut === undefined || !operandsAgree(parts, shortcut, form)) {
    into.failed = true;
    return after;
  }
  const name = builder.fresh(around.prefix, step.label?.text ?? "add");
  const site = siteOf(parts, name);
  const sum = addOperation(into, site, "add", {}, [residual.value, shortcut.value]);
  return { ...after, value: sum ?? residual.value };
}

type Form = ShortcutKind | "chain";

function formOf(into: Elaboration, step: ResidualStep, around: Surroundings): Form | undefined {
  if (step.shortcut.kind === "chain") return "chain";
  const value = evaluate(step.shortcut.value, around.scope);
  if (value?.kind === "shortcut") return value.form;
  into.failed = true;
  if (value === undefined) return undefined;
  const holes = {
    expected: "`identity`, `project`, `project always`, `pad`, `none` or `{ … }`",
    found: describeValue(value),
  };
  report(into, around.scope.notes, diagnostic("R0212", step.shortcut.span, holes));
  return undefined;
}

function siteOf({ step, around, residual }: Residual, name: string): Site {
  return {
    name,
    span: step.shortcutSpan,
    shown: "the shortcut",
    notes: around.scope.notes,
    guessed: residual.guessed,
  };
}

/** What the shortcut brings to the sum; `undefined` where that has been reported. */
function shortcutOf(parts: Residual, form: Form): Flow | undefined {
  const { into, step, around, entry, prefix } = parts;
  if (form === "chain" && step.shortcut.kind === "chain") {
    return elaborateChain(into, step.shortcut.chain, { ...around, prefix }, entry);
  }
  if (form === "project" && !agrees(parts, entry)) return project(parts);
  if (form === "project always") return project(parts);
  if (form === "pad") return pad(parts);
  return entry;
}

/** Whether the shortcut can be added as it is, for every admissible size. */
function agrees({ into, residual }: Residual, shortcut: Flow): boolean {
  const [one, other] = [shortcut.value.type, residual.value.type];
  return (
    one.channels === other.channels &&
    one.spatial.length === other.spatial.length &&
    disagreement(into.domainOf, one, other) === undefined
  );
}

/** A 1x1 convolution and batch norm to the residual's channels (options B and C of the paper). */
function project(parts: Residual): Flow | undefined {
  const { into, entry, residual, prefix } = parts;
  const attributes = projection(residual.value.type.channels, totalStride(residual.passed));
  if (!strideFits(parts, attributes.stride)) return undefined;
  const convAt = siteOf(parts, into.builder.fresh(prefix, "conv"));
  const conv = addOperation(into, convAt, "conv", attributes, [entry.value]);
  if (!conv) return undefined;
  const normAt = siteOf(parts, into.builder.fresh(prefix, "batchnorm"));
  const constants = operations.batchnorm.attributes(new Map());
  const value = addOperation(into, normAt, "batchnorm", constants, [conv]);
  return value && { ...residual, value };
}

function projection(channels: number, stride: Pair): Parameters<typeof operations.conv.type>[0] {
  const given = new Map<string, number | Pair>([
    ["channels", channels],
    ["stride", stride],
  ]);
  return operations.conv.attributes(given);
}

/** Every stride-th position, and zeros for the channels that are missing (option A of the paper). */
function pad(parts: Residual): Flow | undefined {
  const { into, entry, residual, prefix, around, step } = parts;
  const stride = totalStride(residual.passed);
  if (!strideFits(parts, stride)) return undefined;
  let value: Tensor | undefined = entry.value;
  if (stride[0] > 1 || stride[1] > 1) {
    const site = siteOf(parts, into.builder.fresh(prefix, "subsample"));
    value = addOperation(into, site, "subsample", { stride }, [value]);
  }
  const { channels } = residual.value.type;
  if (!value || value.type.channels === channels) return value && { ...entry, value };
  if (value.type.channels > channels) {
    if (entry.guessed.channels || residual.guessed.channels) return undefined;
    const holes = { shortcut: printType(value.type), residual: printType(residual.value.type) };
    const help = "`shortcut project` can narrow; a `pad` shortcut only widens";
    const { notes } = around.scope;
    report(into, notes, diagnostic("R0307", step.shortcutSpan, holes, { help }));
    return undefined;
  }
  const site = siteOf(parts, into.builder.fresh(prefix, "padchannels"));
  const wide = addOperation(into, site, "padchannels", { channels }, [value]);
  return wide && { ...entry, value: wide };
}

/** The type that a 1x1 window of this stride leaves. */
function strided({ into, entry }: Residual, stride: Pair): TensorType | undefined {
  return into.builder.typeOf("subsample", { stride }, [entry.value.type]).type;
}

/** Whether the residual's own stride brings the shortcut to the residual's extents; reports if not. */
function strideFits(parts: Residual, stride: Pair): boolean {
  const { into, step, around, entry, residual } = parts;
  const target = residual.value.type;
  const reached = strided(parts, stride);
  const differs =
    reached === undefined || reached.spatial.length !== target.spatial.length
      ? "rank"
      : disagreement(into.domainOf, reached, target);
  if (differs === undefined) return true;
  const holes = { shortcut: printType(entry.value.type), residual: printType(target) };
  const failure = differs === "rank" ? undefined : describeFailure(differs);
  const details = {
    related: originLabels(parts),
    ...(failure !== undefined && { label: failure }),
    help: "give the convolutions of the residual their usual padding, or the shortcut a chain of its own",
  };
  report(into, around.scope.notes, diagnostic("R0309", step.shortcutSpan, holes, details));
  return false;
}

/** The residual's part of the story: what changed its size, and what it ends as. */
function originLabels({ residual }: Residual): Label[] {
  const labels: Label[] = [];
  const resize = lastResize(residual.passed);
  const last = residual.passed.at(-1);
  const lastConv = residual.passed.findLast(({ setsChannels }) => setsChannels);
  if (resize) labels.push({ span: resize.strideSpan ?? resize.span, text: describeResize(resize) });
  const end = lastConv ?? last;
  if (end)
    labels.push({ span: end.span, text: `the residual ends as ${printType(residual.value.type)}` });
  return labels;
}

/** Whether the sum's operands are of one shape for every admissible size; reports if not. */
function operandsAgree(parts: Residual, shortcut: Flow, form: Form): boolean {
  const { into, step, around, residual } = parts;
  const [one, other] = [shortcut.value.type, residual.value.type];
  const guessed = {
    spatial: form === "chain" && (shortcut.guessed.spatial || residual.guessed.spatial),
    channels: shortcut.guessed.channels || residual.guessed.channels,
  };
  const channelsDiffer = one.channels !== other.channels && !guessed.channels;
  const sameRank = one.spatial.length === other.spatial.length;
  const differs = sameRank ? disagreement(into.domainOf, one, other) : undefined;
  if ((!sameRank || differs) && guessed.spatial) return false;
  if (sameRank && !differs && !channelsDiffer) return one.channels === other.channels;
  if (differs?.equality.kind === "undecided") {
    const holes = { left: printType(one), right: printType(other), reason: differs.equality.why };
    report(into, around.scope.notes, diagnostic("R0308", step.shortcutSpan, holes));
    return false;
  }
  const found = disagreeing(parts, shortcut, form, differs && describeFailure(differs));
  report(into, around.scope.notes, found);
  return false;
}

function disagreeing(
  parts: Residual,
  shortcut: Flow,
  form: Form,
  failure: string | undefined,
): Diagnostic {
  const { step, residual } = parts;
  const [one, other] = [shortcut.value.type, residual.value.type];
  const holes = { shortcut: printType(one), residual: printType(other) };
  const is = form === "chain" ? "ends as" : "is still";
  const label = `the shortcut ${is} ${holes.shortcut}${failure === undefined ? "" : `; ${failure}`}`;
  const help = form === "identity" ? projectInstead(parts) : undefined;
  const related = originLabels(parts);
  return diagnostic("R0301", step.shortcutSpan, holes, { label, related, ...(help && { help }) });
}

/** The help that a projection is, where one fits. */
function projectInstead(parts: Residual): Help | undefined {
  const { into, step, entry, residual } = parts;
  const target = residual.value.type;
  const stride = totalStride(residual.passed);
  const reached = strided(parts, stride);
  if (!reached || disagreement(into.domainOf, reached, target)) return undefined;
  const parameters = entry.value.type.channels * target.channels + 2 * target.channels;
  const by = stride[0] === 1 && stride[1] === 1 ? "" : `, /${stride[0]}`;
  const text =
    `\`shortcut project\` brings it to ${printType(target)} with a 1x1 convolution, ` +
    `${target.channels} filters${by} (+${parameters.toLocaleString("en-US")} parameters)`;
  const literal = step.shortcut.kind === "named" && step.shortcut.value.kind === "name";
  const isWord =
    literal && step.shortcut.span.file.text.startsWith("identity", step.shortcut.span.start);
  return isWord ? { text, edits: [{ span: step.shortcut.span, text: "project" }] } : { text };
}
