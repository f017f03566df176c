/**
 * The whole check of a file: load, resolve names, elaborate every network that has all its
 * parameters, test its expectations, read its recipes. Whatever the file holds, this returns.
 */
import { Collector, type Diagnostic } from "../diagnostics/diagnostic.js";
import type { Graph } from "../graph/graph.js";
import type { Recipe } from "../recipe/recipe.js";
import type {
  Call,
  ExpectItem,
  Expression,
  InstanceDeclaration,
  Name,
  NetworkDeclaration,
} from "../syntax/ast.js";
import { diagnostic } from "../diagnostics/diagnostic.js";
import { parameterSlots } from "./slots.js";
import { bindParameters } from "./block.js";
import { Budget, TooMuchWork, workLimit } from "./budget.js";
import { testExpectations } from "./expectations.js";
import type { SourceHost } from "./host.js";
import { Imports } from "./imports.js";
import { resolveNames } from "./names.js";
import { elaborateNetwork } from "./network.js";
import { misfits, networkMisfits } from "../recipe/fit/fit.js";
import { fitFindings } from "./recipe-fit.js";
import { loadProgram, type ParseFile, type Program, type Unit } from "./program.js";
import { RecipeReader, type RecipeOverride } from "./recipe.js";
import { unknownName, type Scope } from "./scope.js";
import type { Trace } from "./trace.js";
import { grouped } from "../diagnostics/numbers.js";

export interface CheckOptions {
  /** Values for a network's parameters, as `--set NAME=VALUE` gives them. */
  readonly parameters?: ReadonlyMap<string, Expression> | undefined;
  readonly recipe?: readonly RecipeOverride[] | undefined;
  /** Only this network is elaborated; every one that can be where left out. */
  readonly network?: string | undefined;
  /** Only this recipe is read, and takes the values of `recipe`; every one where left out, and none where null. */
  readonly recipeName?: string | null | undefined;
  /**
   * Whether recipes are held to the networks that they train. Where left out they are, unless `parameters` make other
   * networks of these; where true, then too, as far as that does not depend on the data.
   */
  readonly fit?: boolean | undefined;
  /** Takes note of what flows where. */
  readonly trace?: Trace;
  /** Reads a file's syntax: for callers that keep what they have read. */
  readonly parse?: ParseFile;
}

export interface CheckedNetwork {
  readonly name: string;
  readonly docs: string;
  /** Absent where the network is in error. */
  readonly graph?: Graph;
}

export interface CheckResult {
  readonly diagnostics: readonly Diagnostic[];
  /** The networks of the file itself that can be built as they stand, in order. */
  readonly networks: readonly CheckedNetwork[];
  /** Networks that need parameters, with the names of those. */
  readonly open: ReadonlyMap<string, readonly string[]>;
  readonly recipes: readonly Recipe[];
  /** The files that were read; absent where there was none at `path`. */
  readonly program?: Program;
}

/** Checks the file at `path` and everything that it imports. */
export function check(path: string, host: SourceHost, options: CheckOptions = {}): CheckResult {
  const found = new Collector();
  const program = loadProgram(path, host, found, options.parse);
  if (program === undefined) {
    return { diagnostics: found.all, networks: [], open: new Map(), recipes: [] };
  }
  const imports = new Imports(host, options.parse);
  for (const unit of program.units) resolveNames(unit, found, imports);
  const { entry } = program;
  if (entry.declarations.every(({ kind }) => kind === "import") && !found.hasErrors) {
    const help = "a spec declares a network: `network Net { input 224x224x3 … }`";
    found.add(diagnostic("R0006", entry.file.span(0, 0), { path: entry.file.path }, { help }));
  }
  const networks: CheckedNetwork[] = [];
  const open = new Map<string, readonly string[]>();
  /** Those that are what is expected of them, too. */
  const sound = new Map<string, Graph>();
  const budget = new Budget();
  for (const declaration of entry.declarations) {
    if (declaration.kind !== "network" && declaration.kind !== "instance") continue;
    if (options.network !== undefined && declaration.name.text !== options.network) continue;
    const missing = missingParameters(declaration, options);
    if (missing.length > 0) open.set(declaration.name.text, missing);
    else {
      const errorsBefore = found.errorCount;
      const checked = new NetworkCheck(entry, found, budget, options).check(declaration);
      networks.push(checked);
      if (checked.graph && found.errorCount === errorsBefore) {
        sound.set(checked.name, checked.graph);
      }
      if (budget.isExhausted) break;
    }
  }
  const read = new RecipeReader(entry, found, new Budget(), host.locate.bind(host));
  const recipes = entry.declarations.flatMap((declaration) => {
    if (declaration.kind !== "train") return [];
    const { recipeName = declaration.name.text } = options;
    if (recipeName !== declaration.name.text) return [];
    const made = read.recipe(declaration, options.recipe ?? []);
    if (made === undefined) return [];
    const graph = sound.get(made.recipe.network);
    const asked = fitAsked(options);
    if (graph && asked !== "nothing") {
      const asks = asked === "all" ? misfits : networkMisfits;
      for (const each of fitFindings(asks, graph, made, entry)) found.add(each);
    }
    return made.recipe;
  });
  return { diagnostics: found.all, networks, open, recipes, program };
}

/**
 * How far recipes are held to networks. A recipe is for the network as it is written; what other parameters make of it may
 * be for other data.
 */
function fitAsked({ fit, parameters }: CheckOptions): "all" | "whatever the data are" | "nothing" {
  if (fit === false) return "nothing";
  if (!parameters?.size) return "all";
  return fit === true ? "whatever the data are" : "nothing";
}

/** The parameters without which a network cannot be built. */
function missingParameters(
  declaration: NetworkDeclaration | InstanceDeclaration,
  { parameters }: CheckOptions,
): string[] {
  if (declaration.kind === "instance") return [];
  return parameterSlots(declaration.parameters)
    .filter(({ name, required }) => required && !parameters?.has(name))
    .map(({ name }) => name);
}

/** The check of one network or instance. */
class NetworkCheck {
  constructor(
    private readonly unit: Unit,
    private readonly found: Collector,
    private readonly budget: Budget,
    private readonly options: CheckOptions,
  ) {}

  check(declaration: NetworkDeclaration | InstanceDeclaration): CheckedNetwork {
    const { name, docs } = declaration;
    try {
      const graph = this.#graph(declaration);
      return { name: name.text, docs, ...(graph && { graph }) };
    } catch (error) {
      if (!(error instanceof TooMuchWork)) throw error;
      const limit = grouped(workLimit);
      this.found.add(diagnostic("R0603", name.span, { limit }));
      return { name: name.text, docs };
    }
  }

  #graph(declaration: NetworkDeclaration | InstanceDeclaration): Graph | undefined {
    const { name } = declaration;
    const graph =
      declaration.kind === "network"
        ? this.#build(declaration, this.unit, name, undefined)
        : this.#instance(declaration);
    // With other parameters than the written ones, what is expected of those says nothing.
    if (graph && !this.options.parameters?.size) {
      testExpectations(graph, expectsOf(declaration), this.#scope());
    }
    return declaration.broken ? undefined : graph;
  }

  #scope(): Scope {
    const { unit, found, budget } = this;
    return { unit, values: new Map(), given: new Map(), found, budget, notes: [] };
  }

  #instance(declaration: InstanceDeclaration): Graph | undefined {
    const { call, name } = declaration;
    const binding = this.unit.names.get(call.callee.text);
    if (binding?.declaration.kind !== "network") return undefined;
    return this.#build(binding.declaration, binding.unit, name, call);
  }

  #build(
    network: NetworkDeclaration,
    unit: Unit,
    name: Name,
    call: Call | undefined,
  ): Graph | undefined {
    const written = call ?? { callee: name, arguments: [], span: name.span };
    const bound = bindParameters(
      this.#withOptions(network, written),
      network.name.text,
      network.parameters,
      this.#scope(),
      unit,
    );
    const notes = call ? [instanceNote(call)] : [];
    const instance = { name, network, unit, bound, call, notes };
    return elaborateNetwork(instance, this.found, this.budget, this.options.trace);
  }

  /** The call with `--set` values in place of what is written. */
  #withOptions(network: NetworkDeclaration, call: Call): Call {
    const { parameters } = this.options;
    if (!parameters?.size) return call;
    const names = network.parameters.map((parameter) => parameter.name.text);
    for (const [name, value] of parameters) {
      if (!names.includes(name)) {
        this.found.add(unknownName({ text: name, span: value.span }, "parameter", names));
      }
    }
    const kept = call.arguments.map((argument, index) => ({
      ...argument,
      name: argument.name ?? { text: names[index] ?? "", span: argument.span },
    }));
    const replaced = kept.filter(({ name }) => !parameters.has(name.text));
    const set = [...parameters]
      .filter(([name]) => names.includes(name))
      .map(([text, value]) => ({
        name: { text, span: value.span },
        value,
        slash: false,
        span: value.span,
      }));
    return { ...call, arguments: [...replaced, ...set] };
  }
}

function instanceNote(call: Call): string {
  const { file, start, end } = call.span;
  const text = file.text.slice(start, end).replace(/\s+/g, " ");
  return `in ${text} (${file.path}:${file.position(start).line})`;
}

function expectsOf(declaration: NetworkDeclaration | InstanceDeclaration): readonly ExpectItem[] {
  if (declaration.kind === "instance") return declaration.expects;
  return declaration.items.filter((item) => item.kind === "expect");
}
