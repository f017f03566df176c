/** `check` for programs: what a spec holds and what is wrong with it, as plain data. */
import type { SourceHost } from "../check/host.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { graphCost } from "../graph/cost.js";
import type { Graph } from "../graph/graph.js";
import { printDomain } from "../shapes/index.js";
import type { Recipe } from "../recipe/recipe.js";
import { admissibleSizes, type AdmissibleSizes } from "./admissible-sizes.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { checkPlace, specPlace, type SpecPlace } from "./spec.js";
import {
  errorsIn,
  givenValues,
  overrideOf,
  parametersOf,
  type GivenValues,
  type SpecValue,
} from "./values.js";

/** What any call on a spec takes. */
export interface SpecOptions {
  /** Values for the network's parameters: `{ classes: 10 }`. */
  readonly parameters?: GivenValues | undefined;
  /** Where files come from; the file system where left out. */
  readonly host?: SourceHost | undefined;
}

export const specOptions: OptionTable<SpecOptions> = { parameters: "open", host: "open" };

export interface CheckOptions extends SpecOptions {
  /** Values for recipes: `{ epochs: 3, "optimizer.rate": 0.05 }`. */
  readonly recipe?: Readonly<Record<string, SpecValue>> | undefined;
}

export const checkingOptions: OptionTable<CheckOptions> = { ...specOptions, recipe: "open" };

export interface NetworkReport {
  readonly name: string;
  readonly docs: string;
  /** Trainable numbers. */
  readonly parameters: number;
  /** Multiply-adds for one image; absent where the input's size is symbolic. */
  readonly macs?: number;
  /** The conditions on a symbolic input's sizes, each as the language writes it. */
  readonly sizes: readonly string[];
  /** The same as exact sets, beside those for which the network would be sound. */
  readonly admissible: readonly AdmissibleSizes[];
  readonly graph: Graph;
}

export interface CheckReport {
  /** Whether nothing is in error. */
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** The networks that are sound, in the file's order. */
  readonly networks: readonly NetworkReport[];
  /** Networks that are checked where they are instantiated, with the parameters they still need. */
  readonly open: ReadonlyMap<string, readonly string[]>;
  readonly recipes: readonly Recipe[];
}

/**
 * Checks a spec, `FILE` or `FILE#Network`; errors in it are in the report.
 *
 * @throws UsageError if the file has no network of that name.
 */
export function checkReport(spec: string, options: CheckOptions = {}): CheckReport {
  checkOptions("check", options, checkingOptions);
  return reportOf(specPlace(spec), options, undefined);
}

/**
 * The same.
 *
 * @param fit false where recipes are not held to the networks that they train.
 */
export function reportOf(
  place: SpecPlace,
  options: CheckOptions,
  fit: false | undefined,
): CheckReport {
  const { diagnostics, networks, open, recipes } = checkPlace(place, {
    ...request(options),
    overrides: givenValues("recipe", options.recipe).map(overrideOf),
    fit,
  });
  return {
    ok: !errorsIn(diagnostics),
    diagnostics,
    networks: networks.flatMap(({ name, docs, graph }) =>
      graph ? [{ name, docs, ...describe(graph), graph }] : [],
    ),
    open,
    recipes,
  };
}

/** A call's options as the checker takes them. @throws SpecError, UsageError where a value is none. */
export function request({ parameters, host }: SpecOptions): {
  parameters: ReturnType<typeof parametersOf>;
  host?: SourceHost;
} {
  const given = givenValues("parameters", parameters);
  return { parameters: parametersOf(given), ...(host && { host }) };
}

function describe(
  graph: Graph,
): Pick<NetworkReport, "parameters" | "macs" | "sizes" | "admissible"> {
  const { parameters, macs } = graphCost(graph);
  const sizes = graph.domains.map(printDomain);
  const admissible = admissibleSizes(graph);
  return { parameters, ...(macs !== undefined && { macs }), sizes, admissible };
}
