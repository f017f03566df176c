/** `resnetc check SPEC…`: says what is wrong, or that nothing is. */
import { check } from "../check/check.js";
import { diagnosticsToJson } from "../diagnostics/json.js";
import { renderDiagnostics } from "../diagnostics/pretty.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { graphCost } from "../graph/cost.js";
import { printDomain } from "../shapes/index.js";
import { NodeHost } from "../host/node-host.js";
import { grouped, scaled } from "./numbers.js";
import { readOverrides, readParameters, splitSpec, type SpecOptions } from "./spec.js";
import { status, UsageError } from "./status.js";
import { colorsFor, type Terminal } from "./terminal.js";

interface CheckedFile {
  readonly file: string;
  readonly networks: readonly {
    readonly name: string;
    readonly parameters?: number;
    readonly macs?: number;
    /** The admissible sizes of a symbolic input. */
    readonly where?: string;
  }[];
  /** Networks that need parameters, and which. */
  readonly open: readonly (readonly [name: string, parameters: readonly string[]])[];
  readonly recipes: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** @returns the exit status. */
export function checkCommand(
  specs: readonly string[],
  options: SpecOptions,
  terminal: Terminal,
): number {
  const host = new NodeHost();
  const parameters = readParameters(options.set ?? [], terminal);
  const recipe = readOverrides(options.with ?? [], terminal);
  const files = specs.map((spec): CheckedFile => {
    const { file, network } = splitSpec(spec);
    const picked = network === undefined ? {} : { network };
    const { diagnostics, networks, open, recipes } = check(file, host, {
      parameters,
      recipe,
      ...picked,
    });
    const readable = diagnostics.every(({ severity }) => severity !== "error");
    if (network !== undefined && networks.length === 0 && !open.has(network) && readable) {
      throw new UsageError(`${file} has no network ${network}`);
    }
    const rows = networks.map(({ name, graph }) => {
      if (!graph) return { name };
      const { parameters: count, macs } = graphCost(graph);
      const where = graph.domains.map(printDomain).join(", ");
      return {
        name,
        parameters: count,
        ...(macs !== undefined && { macs }),
        ...(where !== "" && { where }),
      };
    });
    const names = recipes.map(({ name }) => name);
    return { file, networks: rows, open: [...open], recipes: names, diagnostics };
  });
  const errors = files.map(({ diagnostics }) => countErrors(diagnostics));
  if (options.json) printJson(files, terminal);
  else printFiles(files, errors, terminal);
  return errors.some((count) => count > 0) ? status.found : status.fine;
}

function countErrors(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(({ severity }) => severity === "error").length;
}

function printJson(files: readonly CheckedFile[], { out }: Terminal): void {
  const answer = files.map((file) => ({
    ...file,
    open: Object.fromEntries(file.open),
    diagnostics: diagnosticsToJson(file.diagnostics),
  }));
  out(`${JSON.stringify({ files: answer }, undefined, 2)}\n`);
}

function printFiles(
  files: readonly CheckedFile[],
  errors: readonly number[],
  terminal: Terminal,
): void {
  const { out, err, errColor, outColor, width } = terminal;
  const colors = colorsFor(outColor);
  for (const { file, networks, open, recipes, diagnostics } of files) {
    if (diagnostics.length > 0) {
      err(`${renderDiagnostics(diagnostics, { color: errColor, width })}\n`);
    }
    for (const { name, parameters, macs, where } of networks) {
      if (parameters === undefined) continue;
      const cost = macs === undefined ? "" : `, ${scaled(macs)} multiply-adds`;
      const sizes = where === undefined ? "" : ` for ${where}`;
      out(
        `${file}: ${colors.green(name)} fits${sizes}: ${grouped(parameters)} parameters${cost}\n`,
      );
    }
    if (countErrors(diagnostics) > 0) continue;
    for (const [name, missing] of open) {
      out(colors.dim(`${file}: ${name} needs ${missing.join(", ")}: checked where it is used\n`));
    }
    if (networks.length + open.length + recipes.length === 0) out(`${file}: fits\n`);
  }
  const total = errors.reduce((sum, count) => sum + count, 0);
  if (total === 0) return;
  const broken = errors.filter((count) => count > 0).length;
  const say = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
  err(`${colorsFor(errColor).bold(`${say(total, "error")} in ${say(broken, "file")}`)}\n`);
}
