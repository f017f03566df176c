/**
 * Elaborates H(x) = F(x) + x (He et al. 2015, eqs. 1 and 2): the residual, its shortcut, and the sum,
 * whose operands must be of one shape for every admissible size.
 */
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import type { Tensor } from "../graph/builder.js";
import type { Pair } from "../ops/attributes.js";
import { operations } from "../ops/registry.js";
import { printExtent, type TensorType } from "../shapes/index.js";
import type { ResidualStep } from "../syntax/ast.js";
import { sayingWhen, usualPadding } from "./shape-mends.js";
import type { Surroundings } from "./surroundings.js";
import {
  agreeingLimit,
  describeAgreement,
  describeFailure,
  disagreement,
  type Disagreement,
} from "./agreement.js";
import { addOperation, report, traceFlow, type Elaboration, type Site } from "./elaboration.js";
import { evaluate } from "./evaluate.js";
import {
  beginChain,
  channelOrigin,
  continueChain,
  doubt,
  nothingGuessed,
  type Flow,
} from "./place.js";
import { blame } from "./scope.js";
import {
  disagreeing,
  endLabel,
  oddWindow,
  originLabels,
  printStride,
  projectInstead,
  strided,
  type Form,
  type Residual,
} from "./shortcut-findings.js";
import { describeValue } from "./value.js";

/** `residual { F } shortcut KIND`: the flow after the sum, or after F where there is none. */
export function elaborateResidual(
  into: Elaboration,
  step: ResidualStep,
  around: Surroundings,
  flow: Flow,
): Flow {
  const { builder } = into;
  const entry = beginChain(flow);
  const residualAt = { ...around, prefix: builder.fresh(around.prefix, "residual") };
  const residual = around.elaborate(into, step.chain, residualAt, entry);
  const form = formOf(into, step, around);
  const after = continueChain(flow, residual);
  if (form === undefined || form === "none") return after;
  const prefix = builder.fresh(around.prefix, "shortcut");
  const parts: Residual = { into, step, around, entry, residual, prefix };
  const first = builder.nodeCount;
  const shortcut = shortcutOf(parts, form);
  if (shortcut) traceFlow(into, step.shortcutSpan, around.scope, first, entry, shortcut);
  if (shortcut === undefined || !operandsAgree(parts, shortcut, form)) {
    into.failed = true;
    return sizesContested(parts, shortcut)
      ? doubt(after, { ...nothingGuessed, contested: true })
      : after;
  }
  const name = builder.fresh(around.prefix, step.label?.text ?? "add");
  const site = siteOf(parts, name);
  const sum = addOperation(into, site, "add", {}, [residual.value, shortcut.value]);
  return { ...after, value: sum ?? residual.value };
}

/** Whether it is open which side of a sum has the size that was meant: nothing after it rests on either. */
function sizesContested(parts: Residual, shortcut: Flow | undefined): boolean {
  const { into, residual } = parts;
  const target = residual.value.type;
  const reached = shortcut?.value.type ?? strided(parts);
  if (reached?.spatial.length !== target.spatial.length) return true;
  return disagreement(into.budget, into.limits.domainOf, reached, target) !== undefined;
}

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
  const { at, related } = blame(around.scope, step.shortcut.value);
  report(into, around.scope.notes, diagnostic("R0212", at, holes, { related }));
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
    return around.elaborate(into, step.shortcut.chain, { ...around, prefix }, entry);
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
    disagreement(into.budget, into.limits.domainOf, one, other) === undefined
  );
}

/** A 1x1 convolution and batch norm to the residual's channels (options B and C of the paper). */
function project(parts: Residual): Flow | undefined {
  const { into, entry, residual, prefix } = parts;
  const { stride } = residual.path;
  if (!strideFits(parts)) return undefined;
  const attributes = projection(residual.value.type.channels, stride);
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
  const { stride } = residual.path;
  const fits = strideFits(parts);
  const { channels } = residual.value.type;
  const known = !entry.guessed.channels && !residual.guessed.channels;
  if (entry.value.type.channels > channels && known) {
    const holes = {
      shortcut: into.limits.print(entry.value.type),
      residual: into.limits.print(residual.value.type),
    };
    const details = {
      related: [...channelOrigin(entry), ...endLabel(residual, into.limits)],
      label: `the shortcut still has ${entry.value.type.channels} channels`,
      help: projectInstead(parts, "pad") ?? "`shortcut project` can narrow; `pad` only widens",
    };
    report(into, around.scope.notes, diagnostic("R0307", step.shortcutSpan, holes, details));
    return undefined;
  }
  if (!fits) return undefined;
  let value: Tensor | undefined = entry.value;
  if (stride[0] > 1 || stride[1] > 1) {
    const site = siteOf(parts, into.builder.fresh(prefix, "subsample"));
    value = addOperation(into, site, "subsample", { stride }, [value]);
  }
  if (!value || value.type.channels === channels) return value && { ...entry, value };
  const site = siteOf(parts, into.builder.fresh(prefix, "padchannels"));
  const wide = addOperation(into, site, "padchannels", { channels }, [value]);
  return wide && { ...entry, value: wide };
}

/** Whether the residual's own stride brings the shortcut to the residual's extents; reports if not. */
function strideFits(parts: Residual): boolean {
  const { into, step, around, entry, residual } = parts;
  const target = residual.value.type;
  const reached = strided(parts);
  const sameRank = reached?.spatial.length === target.spatial.length;
  const differs =
    reached && sameRank
      ? disagreement(into.budget, into.limits.domainOf, reached, target)
      : undefined;
  if (reached && sameRank && !differs) return true;
  into.failed = true;
  if (entry.guessed.spatial || residual.path.unsure) return false;
  if (reportUndecided(parts, differs)) return false;
  const holes = {
    shortcut: into.limits.print(entry.value.type),
    residual: into.limits.print(target),
  };
  const failure = reached && differs && describeFailure(into.budget, into.limits, reached, target);
  const made =
    reached && sameRank
      ? `a stride of ${printStride(residual.path.stride).slice(1)} makes it ${into.limits.print({ ...reached, channels: target.channels })}`
      : undefined;
  const label = [made, failure].filter((text) => text !== undefined).join("; ");
  const details = {
    related: originLabels(parts),
    ...(label !== "" && { label }),
    help: ownChain(parts, reached),
  };
  const found = diagnostic("R0309", step.shortcutSpan, holes, details);
  if (reached && sameRank && limitInput(parts, found, reached, target)) return true;
  into.missized = true;
  into.disagrees = true;
  report(into, around.scope.notes, found);
  return false;
}

/** The help where no projection fits: what the shortcut can be instead. @param reached what a projection comes to. */
function ownChain(parts: Residual, reached: TensorType | undefined): Help | string {
  const { step, entry, residual } = parts;
  const { type } = residual.value;
  if (type.spatial.length === 0) {
    const pool = entry.value.type.spatial.length === 0 ? "" : "globalavgpool -> ";
    return `a projection makes no vector: write \`shortcut { ${pool}dense ${type.channels} }\``;
  }
  if (residual.path.stride.some((each) => each < 1)) {
    return "a projection cannot enlarge: give the shortcut a chain of its own, with `upsample`";
  }
  const padded = reached && usualPadding(parts, step.chain, reached);
  const text = "give the shortcut a chain of its own, which comes to the same size";
  return padded ?? oddWindow(residual) ?? text;
}

/** Whether a limit on the input's size makes two maps agree; then the check goes on as if it stood. */
function limitInput(
  { into, step, around }: Residual,
  found: Diagnostic,
  left: TensorType,
  right: TensorType,
): boolean {
  const limit = agreeingLimit(into.budget, into.limits, left, right);
  if (limit === undefined) return false;
  into.failed = true;
  const { notes } = around.scope;
  into.limits.limit(limit.kind, limit.needs, step.shortcutSpan, { ...found, notes });
  return true;
}

/** Whether the sum's operands are of one shape for every admissible size; reports if not. */
function operandsAgree(parts: Residual, shortcut: Flow, form: Form): boolean {
  const { into, around, residual, entry } = parts;
  const [one, other] = [shortcut.value.type, residual.value.type];
  // Both sides begin at one place: a guess from before it is wrong on both sides alike.
  const unsure = residual.path.unsure || shortcut.path.unsure;
  const spatialGuessed = unsure || (form === "chain" && entry.guessed.spatial);
  const channelsGuessed = shortcut.guessed.channels || residual.guessed.channels;
  const channelsDiffer = one.channels !== other.channels;
  const sameRank = one.spatial.length === other.spatial.length;
  const differs = sameRank
    ? disagreement(into.budget, into.limits.domainOf, one, other)
    : undefined;
  if (sameRank && !differs && !channelsDiffer) return true;
  into.failed = true;
  const rankGuessed = shortcut.guessed.rank || residual.guessed.rank;
  const sizesFail = sameRank ? differs !== undefined && !spatialGuessed : !rankGuessed;
  if (!sizesFail && (!channelsDiffer || channelsGuessed)) return false;
  if (sizesFail && reportUndecided(parts, differs)) return false;
  const failure =
    sizesFail && differs ? describeFailure(into.budget, into.limits, one, other) : undefined;
  const found = disagreeing(parts, shortcut, form, failure);
  const isMended = form !== "chain" && found.help !== undefined;
  const limitable = differs && sizesFail && !channelsDiffer && !isMended;
  if (limitable && limitInput(parts, found, one, other)) return true;
  if (limitable) into.missized = true;
  if (sizesFail && !agreeingLimit(into.budget, into.limits, one, other)) into.disagrees = true;
  const only = limitable && describeAgreement(into.budget, into.limits, one, other);
  report(into, around.scope.notes, only ? sayingWhen(found, only) : found);
  return false;
}

/** Reports that it cannot be decided whether two maps agree, where that is so. */
function reportUndecided(
  { into, step, around }: Residual,
  differs: Disagreement | undefined,
): boolean {
  if (differs?.equality.kind !== "undecided") return false;
  const [left, right] = [printExtent(differs.left), printExtent(differs.right)];
  const holes = { left, right, reason: differs.equality.why };
  report(into, around.scope.notes, diagnostic("R0308", step.shortcutSpan, holes));
  return true;
}
