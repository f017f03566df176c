/** `FILE#Network` and the values that the command line puts into a spec. */
import { check, type CheckedNetwork, type CheckResult } from "../check/check.js";
import type { RecipeOverride } from "../check/recipe.js";
import { renderDiagnostics } from "../diagnostics/pretty.js";
import { diagnosticsToJson } from "../diagnostics/json.js";
import type { Graph } from "../graph/graph.js";
import { commandLinePath, NodeHost } from "../host/node-host.js";
import type { Recipe } from "../recipe/recipe.js";
import { SourceFile } from "../source/source.js";
import type { Expression } from "../syntax/ast.js";
import { parseValue } from "../syntax/parse.js";
import { Reported, UsageError } from "./status.js";
import type { Terminal } from "./terminal.js";

export interface SpecPath {
  readonly file: string;
  readonly network?: string;
}

/** Splits `specs/resnet.resnet#ResNet50` at its last `#`. */
export function splitSpec(spec: string): SpecPath {
  const at = spec.lastIndexOf("#");
  if (at < 0) return { file: spec };
  return { file: spec.slice(0, at), network: spec.slice(at + 1) };
}

export interface SpecOptions {
  /** `--set NAME=VALUE` */
  readonly set?: readonly string[];
  /** `--with SETTING[.ARGUMENT]=VALUE` */
  readonly with?: readonly string[];
  readonly json?: boolean;
}

function valueOf(option: string, text: string, terminal: Terminal): Expression {
  const { expression, diagnostics } = parseValue(new SourceFile(commandLinePath, text));
  if (expression) return expression;
  terminal.err(renderDiagnostics(diagnostics, { color: terminal.errColor, width: terminal.width }));
  throw new UsageError(`the value of ${option} cannot be read: ${text}`);
}

function assignment(option: string, text: string): readonly [name: string, value: string] {
  const match = /^\s*([A-Za-z_][\w.]*)\s*=\s*(.+)$/s.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new UsageError(`${option} takes NAME=VALUE, not ${text}`, `such as ${option} classes=10`);
  }
  return [match[1], match[2]];
}

/** The parameters that `--set` gives. */
export function readParameters(
  given: readonly string[],
  terminal: Terminal,
): ReadonlyMap<string, Expression> {
  return new Map(
    given.map((text) => {
      const [name, value] = assignment("--set", text);
      return [name, valueOf("--set", value, terminal)];
    }),
  );
}

/** The recipe's values that `--with` and its short forms give. */
export function readOverrides(given: readonly string[], terminal: Terminal): RecipeOverride[] {
  return given.map((text) => {
    const [name, value] = assignment("--with", text);
    const [setting = "", argument, ...more] = name.split(".");
    if (more.length > 0) throw new UsageError(`--with takes SETTING.ARGUMENT=VALUE, not ${text}`);
    const expression = valueOf("--with", value, terminal);
    return { setting, value: expression, ...(argument !== undefined && { argument }) };
  });
}

/** Checks a spec; says what was found and ends the command where there are errors. */
export function loadSpec(
  spec: string,
  options: SpecOptions,
  terminal: Terminal,
): CheckResult & { readonly path: SpecPath } {
  const path = splitSpec(spec);
  const result = check(path.file, new NodeHost(), {
    parameters: readParameters(options.set ?? [], terminal),
    recipe: readOverrides(options.with ?? [], terminal),
    ...(path.network !== undefined && { network: path.network }),
  });
  if (result.diagnostics.length > 0) report(result, options.json ?? false, terminal);
  if (result.diagnostics.some(({ severity }) => severity === "error")) throw new Reported();
  return { ...result, path };
}

/** Prints diagnostics: for people on the error stream, for programs on the other. */
export function report(
  { diagnostics }: Pick<CheckResult, "diagnostics">,
  json: boolean,
  { out, err, errColor, width }: Terminal,
): void {
  if (json)
    out(`${JSON.stringify({ diagnostics: diagnosticsToJson(diagnostics) }, undefined, 2)}\n`);
  else err(`${renderDiagnostics(diagnostics, { color: errColor, width })}\n`);
}

/** The one network that is meant. @throws UsageError where the file leaves a choice. */
export function pickNetwork(
  result: CheckResult & { readonly path: SpecPath },
): CheckedNetwork & { readonly graph: Graph } {
  const { networks, open, path } = result;
  const wanted = path.network;
  const named = networks.map(({ name }) => name);
  if (wanted !== undefined && open.has(wanted)) {
    throw new UsageError(
      `network ${wanted} needs values for ${(open.get(wanted) ?? []).join(", ")}`,
      (open.get(wanted) ?? []).map((name) => `--set ${name}=…`).join(" "),
    );
  }
  const all = [...named, ...open.keys()];
  const candidates =
    wanted === undefined ? networks : networks.filter(({ name }) => name === wanted);
  const [only, another] = candidates;
  if (only?.graph && another === undefined) return { ...only, graph: only.graph };
  if (wanted !== undefined) {
    throw new UsageError(
      `${path.file} has no network ${wanted}`,
      "`resnetc check` lists those it has",
    );
  }
  if (all.length === 0) throw new UsageError(`${path.file} declares no network`);
  throw new UsageError(
    `${path.file} declares ${named.length === 0 ? "networks with parameters" : "several networks"}: ${all.join(", ")}`,
    `name one: ${path.file}#${named[0] ?? all[0] ?? ""}`,
  );
}

/** The recipe that is meant: the one named, or the only one for the network. */
export function pickRecipe(
  { recipes, path }: CheckResult & { readonly path: SpecPath },
  wanted: string | undefined,
): Recipe {
  const fitting = recipes.filter(
    ({ name, network }) =>
      (wanted === undefined || name === wanted) &&
      (path.network === undefined || network === path.network),
  );
  const [only, another] = fitting;
  if (only && another === undefined) return only;
  const names = recipes.map(({ name, network }) => `${name} (for ${network})`).join(", ");
  if (recipes.length === 0) {
    throw new UsageError(
      `${path.file} has no recipe`,
      "add one: train NAME for NETWORK { data … optimizer … batch … epochs … }",
    );
  }
  if (only === undefined) {
    const what = wanted ?? `for network ${path.network ?? ""}`;
    throw new UsageError(`${path.file} has no recipe ${what}; it has ${names}`);
  }
  throw new UsageError(
    `${path.file} has several recipes: ${names}`,
    `choose one with --recipe NAME`,
  );
}

/** `224x224` as sizes of the input's symbols. */
export function sizesFrom(graph: Graph, at: string | undefined): ReadonlyMap<string, number> {
  if (at === undefined) return new Map();
  const match = /^(\d+)(?:x(\d+))?$/.exec(at);
  if (match?.[1] === undefined) {
    throw new UsageError(`--at takes a size such as 224x224, not ${at}`);
  }
  const given = [Number(match[1]), Number(match[2] ?? match[1])];
  const input = graph.nodes.find(({ op }) => op === "input");
  return new Map(
    (input?.type.spatial ?? []).flatMap((extent, axis): [string, number][] =>
      typeof extent === "number" ? [] : [[extent.symbol, given[axis] ?? 1]],
    ),
  );
}
