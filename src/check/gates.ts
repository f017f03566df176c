/** Elaborates gates, which multiply a value by what a chain makes of it. */
import { diagnostic, type Diagnostic, type Help } from "../diagnostics/diagnostic.js";
import { printExtent, sameExtent, type TensorType } from "../shapes/index.js";
import type { GateStep } from "../syntax/ast.js";
import { describeFailure, disagreement, type Disagreement } from "./agreement.js";
import type { InputLimits } from "./input-limits.js";
import { isLimited } from "./limited-merges.js";
import type { Surroundings } from "./surroundings.js";
import { addOperation, report, type Elaboration } from "./elaboration.js";
import { beginChain, resizeLabel, eitherGuessed, type Flow } from "./place.js";

/** `gate { … }`: the value is multiplied by what the chain makes of it (Hu et al. 2018). */
export function elaborateGate(
  into: Elaboration,
  step: GateStep,
  around: Surroundings,
  flow: Flow,
): Flow {
  const { builder } = into;
  const prefix = builder.fresh(around.prefix, "gate");
  const gate = around.elaborate(into, step.chain, { ...around, prefix }, beginChain(flow));
  const guessed = eitherGuessed(flow.guessed, gate.guessed);
  const operands = [flow.value, gate.value];
  const types = operands.map((operand) => operand.type);
  const fits = into.builder.typeOf("multiply", {}, types);
  if (fits.problem) {
    into.failed = true;
    // A vector as gate has nothing to do with the map's size.
    const isVector = gate.value.type.spatial.length === 0;
    const isKnown = !guessed.rank && !guessed.channels && (isVector || !guessed.spatial);
    if (!isKnown) return flow;
    const [scaled, made] = [flow.value.type, gate.value.type];
    const sized =
      scaled.channels === made.channels && scaled.spatial.length === made.spatial.length;
    const differs = sized
      ? disagreement(into.budget, into.limits.domainOf, scaled, made)
      : undefined;
    const found = gateDoesNotFit(into, step, [flow, gate], differs);
    if (differs?.equality.kind === "differ" && differs.equality.sizes.size > 0) {
      isLimited(into, around, found, [scaled, made]);
    } else report(into, around.scope.notes, found);
    return flow;
  }
  const site = {
    name: builder.fresh(around.prefix, step.label?.text ?? "multiply"),
    span: step.span,
    shown: "`gate`",
    notes: around.scope.notes,
    guessed,
  };
  const value = addOperation(into, site, "multiply", {}, operands);
  return { ...flow, value: value ?? flow.value };
}

/** @param differs on which axis the gate, of the value's channels, is of another size. */
function gateDoesNotFit(
  { budget, limits }: Elaboration,
  step: GateStep,
  [flow, gate]: readonly [Flow, Flow],
  differs: Disagreement | undefined,
): Diagnostic {
  const [made, scaled] = [gate.value.type, flow.value.type];
  if (differs?.equality.kind === "undecided") {
    const [left, right] = [printExtent(differs.left), printExtent(differs.right)];
    return diagnostic("R0308", step.span, { left, right, reason: differs.equality.why });
  }
  const vector = made.spatial.length === 0;
  const holes = {
    gate: vector ? `a vector of ${made.channels}` : limits.print(made),
    value: limits.print(scaled),
  };
  const { path } = gate;
  const resize = made.spatial.length > 0 ? path.resize : undefined;
  const channels = made.channels === scaled.channels ? undefined : path.widening;
  const related = [
    ...(channels
      ? [
          {
            span: channels.span,
            text: `the gate ends with ${made.channels} channel${made.channels === 1 ? "" : "s"}`,
          },
        ]
      : []),
    ...(resize ? [resizeLabel(resize, limits)] : []),
  ];
  const isMap = scaled.spatial.length > 0;
  const orMap = isMap ? `, as a 1x1x${scaled.channels} map or as ${limits.print(scaled)}` : "";
  const end = `let it end as a vector of ${scaled.channels}${orMap}`;
  const help = spatialGate(gate, scaled, limits) ?? end;
  const label = differs && describeFailure(budget, limits, scaled, made);
  return diagnostic("R0306", step.span, holes, { related, help, ...(label && { label }) });
}

/** What is said of a gate of one channel for every place: nothing is repeated to fit. */
function spatialGate(
  { value, path }: Flow,
  scaled: TensorType,
  limits: InputLimits,
): Help | undefined {
  const { spatial, channels } = value.type;
  const isOnePlace = spatial.every((extent) => extent === 1);
  if (channels !== 1 || isOnePlace || spatial.length !== scaled.spatial.length) return undefined;
  const text = `a spatial gate needs as many channels as it scales: let it end as ${limits.print(scaled)}`;
  const written = path.widening?.channels?.expression;
  const isSized = spatial.every((extent, axis) => sameExtent(extent, scaled.spatial[axis] ?? 0));
  if (written?.kind !== "number" || !isSized) return { text };
  const edits = [{ span: written.span, text: String(scaled.channels) }];
  return { text, edits, applicability: "unsafe" };
}
