/** `summary` for programs. */
import { request, specOptions, type SpecOptions } from "./check.js";
import { openNetwork } from "./spec.js";
import { summarise, type Summary } from "../graph/summary.js";
import { checkOptions, type OptionTable } from "./given-options.js";
import { sizesAt } from "./given-size.js";

export interface SummaryOptions extends SpecOptions {
  /** Height and width for a symbolic input. */
  readonly at?: readonly [number, number] | undefined;
}

const summaryOptions: OptionTable<SummaryOptions> = { ...specOptions, at: "open" };

/**
 * Layers with shapes, parameters, multiply-adds and receptive fields, and their totals.
 *
 * @throws SpecError, UsageError as for the spec, or where it is not for that size.
 */
export function summarySpec(spec: string, options: SummaryOptions = {}): Summary {
  checkOptions("summary", options, summaryOptions);
  const { graph, docs } = openNetwork(spec, request(options));
  const { at } = options;
  return summarise(graph, docs, at === undefined ? undefined : sizesAt(graph, at));
}
