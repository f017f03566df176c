/** What of a recipe does not suit its network, told where it is written: in the file, or on a command line. */
import { catalog } from "../diagnostics/catalog.js";
import { finding, type Diagnostic, type Help, type Label } from "../diagnostics/diagnostic.js";
import type { Graph } from "../graph/graph.js";
import type { Misfit, NetworkPart } from "../recipe/fit/misfit.js";
import type { Recipe } from "../recipe/recipe.js";
import type { Span } from "../source/source.js";
import type { Argument, Call, NetworkDeclaration, NetworkItem } from "../syntax/ast.js";
import { isWrittenOperation, operations } from "../ops/registry.js";
import { argumentOf } from "./arguments.js";
import type { Unit } from "./program.js";
import type { ReadRecipe } from "./recipe.js";
import { isNumber, placeSpan } from "./written-settings.js";

/**
 * What is wrong between a recipe of the file and the graph of the network that it trains.
 *
 * @param asks what is asked of the two.
 */
export function fitFindings(
  asks: (graph: Graph, recipe: Recipe) => readonly Misfit[],
  graph: Graph,
  { recipe, written }: ReadRecipe,
  unit: Unit,
): readonly Diagnostic[] {
  const made = declarationsOf(written.network.text, unit);
  return asks(graph, recipe).map((misfit) => {
    const { code, message, of } = misfit;
    const span = placeSpan(written, misfit.place);
    const part = made && of && partOf(made.network, of);
    const related = part ? [labelOf(part)] : [];
    const help = helpFor(misfit, span, made && part && classesIn(made, part), unit);
    return finding(code, catalog[code].severity, message, span, { related, help });
  });
}

/**
 * The help with its edit, in the file itself alone: what a command line gives has no text that could be mended, and the
 * network is made to fit it there.
 */
function helpFor(
  { help: text, mend }: Misfit,
  place: Span,
  classes: Classes | undefined,
  { file }: Unit,
): Help {
  if (mend === undefined) return { text };
  const span = mend.at === "classes" ? classes?.span : place;
  if (mend.at === "classes" && place.file !== file && classes?.parameter !== undefined) {
    return { text: `\`--set ${classes.parameter}=${mend.text}\` gives it as many for this run` };
  }
  if (span?.file !== file) return { text };
  return { text, edits: [{ span, text: mend.text }], applicability: mend.applicability };
}

/** A network, and where it is an instance the call that makes it. */
interface Made {
  readonly network: NetworkDeclaration;
  readonly call?: Call;
}

function declarationsOf(name: string, unit: Unit): Made | undefined {
  const declaration = unit.names.get(name)?.declaration;
  if (declaration?.kind === "network") return { network: declaration };
  if (declaration?.kind !== "instance") return undefined;
  const { call } = declaration;
  const network = unit.names.get(call.callee.text)?.declaration;
  return network?.kind === "network" ? { network, call } : undefined;
}

function partOf({ items }: NetworkDeclaration, part: NetworkPart): NetworkItem | undefined {
  return items.find((each) =>
    part.kind === "input"
      ? each.kind === "input"
      : each.kind === "head" && (each.name?.text ?? "head") === part.name,
  );
}

function labelOf(item: NetworkItem): Label {
  return item.kind === "input"
    ? { span: item.shape.span, text: "what the network takes" }
    : { span: item.span, text: "the head" };
}

/** The channels that an operation is given, where it has some of its own. */
function channelsOf(call: Call): Argument | undefined {
  const { text } = call.callee;
  if (!isWrittenOperation(text)) return undefined;
  return argumentOf(call, operations[text].signature, "channels");
}

/** Where a number says how many classes a head tells apart, and by which parameter. */
interface Classes {
  readonly span?: Span;
  readonly parameter?: string;
}

/** It is in the head's last layer, or an argument of an instance, or a parameter's default. */
function classesIn({ network, call }: Made, item: NetworkItem): Classes {
  const steps = item.kind === "head" ? item.chain.steps : [];
  const given = steps.flatMap((step) =>
    step.kind === "call" ? (channelsOf(step.call) ?? []) : [],
  );
  const value = given.at(-1)?.value;
  if (value?.kind !== "name") return value && isNumber(value) ? { span: value.span } : {};
  const parameter = value.name.text;
  const index = network.parameters.findIndex(({ name }) => name.text === parameter);
  const handed =
    call?.arguments.find(({ name }) => name?.text === parameter) ??
    call?.arguments.find(({ name }, place) => name === undefined && place === index);
  const own = handed?.value ?? network.parameters[index]?.default;
  const settable = call === undefined && index >= 0 ? { parameter } : {};
  return { ...settable, ...(own && isNumber(own) && { span: own.span }) };
}
