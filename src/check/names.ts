/**
 * Resolves the names of every declaration, whether anything uses it or not: each name in an
 * expression, each callee and its arguments, each place that a chain is taken up from.
 */
import {
  diagnostic,
  type Collector,
  type Diagnostic,
  type Help,
} from "../diagnostics/diagnostic.js";
import { isWrittenOperation, operations } from "../ops/registry.js";
import type {
  Call,
  CallStep,
  Chain,
  ChainStep,
  Expression,
  InstanceDeclaration,
  Name,
  NetworkDeclaration,
  Parameter,
} from "../syntax/ast.js";
import { isMisspelling } from "../syntax/misspelling.js";
import { As, Import, reservedWords } from "../syntax/tokens.js";
import { isStepName } from "./argument-slips.js";
import { isPaddingName, paddingFinding } from "./padding-slips.js";
import { matchArguments } from "./arguments.js";
import { parameterSlots, type Slot } from "./slots.js";
import { functionNames } from "./functions.js";
import type { Imports } from "./imports.js";
import { namedPlaces } from "./labels.js";
import { operationElsewhere } from "./operations-elsewhere.js";
import type { Unit } from "./program.js";
import { headNamed, notANetwork, notAStep } from "./misplaced-names.js";
import { callable, constantNames, isBlockName, unknownName } from "./scope.js";
import { nearest } from "../diagnostics/nearest.js";

/** Resolves all names of one file. */
export function resolveNames(unit: Unit, found: Collector, imports: Imports): void {
  const resolver = new Resolver(unit, found, imports);
  for (const declaration of unit.declarations) {
    if (declaration.kind === "block") {
      resolver.enter(declaration.parameters, declaration.where);
      resolver.places(namedPlaces(declaration));
      resolver.chain(declaration.body);
    } else if (declaration.kind === "network") resolver.network(declaration);
    else if (declaration.kind === "instance") resolver.instance(declaration);
  }
}

class Resolver {
  #parameters: ReadonlyMap<string, Name> = new Map();
  /** Parameters whose default is no step. */
  #numbers: ReadonlySet<string> = new Set();
  #places: ReadonlyMap<string, Name> = new Map();
  /** The places named above the step at hand. */
  readonly #above = new Set<string>();

  constructor(
    private readonly unit: Unit,
    private readonly found: Collector,
    private readonly imports: Imports,
  ) {}

  /** Nobody reads the helps of a flood of errors, and each takes a search among all names. */
  get #worthHelping(): boolean {
    return !this.found.isFlooded;
  }

  #report(found: Diagnostic): void {
    this.found.add(found);
  }

  /** Defaults see the parameters before them; conditions see all. */
  enter(parameters: readonly Parameter[], where: readonly Expression[]): void {
    const names = new Map<string, Name>();
    this.#parameters = names;
    for (const { name, default: value } of parameters) {
      if (value) this.expression(value);
      this.#once(names, name);
    }
    const isNumber = ({ default: value }: Parameter): boolean =>
      value !== undefined && value.kind !== "name";
    this.#numbers = new Set(parameters.filter(isNumber).map(({ name }) => name.text));
    for (const condition of where) this.expression(condition);
  }

  #once(names: Map<string, Name>, name: Name, help?: Help): void {
    const first = names.get(name.text);
    if (first === undefined) names.set(name.text, name);
    else {
      const related = [{ span: first.span, text: "declared here first" }];
      const details = { related, ...(help && { help }) };
      this.#report(diagnostic("R0202", name.span, { name: name.text }, details));
    }
  }

  places(names: readonly Name[]): void {
    const places = new Map<string, Name>();
    for (const name of names) this.#once(places, name);
    this.#places = places;
    this.#above.clear();
  }

  network(network: NetworkDeclaration): void {
    this.enter(network.parameters, network.where);
    // Stages, labels and heads of the outermost chain share the first part of a node's name.
    const outermost = new Map<string, Name>();
    for (const item of network.items) {
      const name =
        item.kind === "stage" ? item.name : item.kind === "step" ? item.step.label : undefined;
      if (name && !outermost.has(name.text)) outermost.set(name.text, name);
    }
    for (const item of network.items) {
      if (item.kind === "head" && item.name) this.#once(outermost, item.name, headNamed(item.name));
    }
    this.places(namedPlaces(network));
    for (const item of network.items) {
      if (item.kind === "stem" || item.kind === "head") this.chain(item.chain);
      else if (item.kind === "stage") {
        this.#call(item.step);
        this.#above.add(item.name.text);
      } else if (item.kind === "step") this.#step(item.step);
    }
  }

  instance({ call }: InstanceDeclaration): void {
    this.#parameters = new Map();
    for (const { value } of call.arguments) this.expression(value);
    const binding = this.unit.names.get(call.callee.text);
    const target = binding?.declaration;
    if (target?.kind === "network") {
      const slots = parameterSlots(target.parameters);
      for (const problem of matchArguments(call, call.callee.text, slots).problems) {
        this.#report(problem);
      }
    } else if (target === undefined) {
      if (this.unit.lost.has(call.callee.text)) return;
      this.#report(unknownName(call.callee, "network", networkNames(this.unit)));
    } else this.#report(notANetwork(call.callee, target));
  }

  chain(chain: Chain): void {
    for (const step of chain.steps) this.#step(step);
  }

  #step(step: ChainStep): void {
    this.#inside(step);
    if (step.label) this.#above.add(step.label.text);
  }

  #inside(step: ChainStep): void {
    switch (step.kind) {
      case "call":
        return this.#call(step);
      case "residual":
        this.chain(step.chain);
        if (step.shortcut.kind === "chain") this.chain(step.shortcut.chain);
        else this.expression(step.shortcut.value);
        return;
      case "branches":
        return this.#branches(step);
      case "gate":
        return this.chain(step.chain);
      case "from":
        return this.#place(step.place);
      case "unreadable":
        return;
    }
  }

  #place(place: Name): void {
    const { text, span } = place;
    const named = this.#places.get(text);
    if (this.#above.has(text) || this.unit.lost.has(text)) return;
    if (named === undefined) {
      const unknown = unknownName(place, "place", this.#worthHelping ? this.#above : []);
      const why = unknown.help?.edits ? {} : this.#whyNoPlace(place);
      this.#report({ ...unknown, ...why });
      return;
    }
    const related = [{ span: named.span, text: "it is named further down, here" }];
    const help = "a chain is taken up again below the place that it is taken up from";
    this.#report(diagnostic("R0220", span, { name: text }, { related, help }));
  }

  /** What a name is that is no place here: a parameter, or a place of another declaration. */
  #whyNoPlace({ text }: Name): Pick<Partial<Diagnostic>, "help" | "related"> {
    if (!this.#worthHelping) return {};
    if (this.#parameters.has(text)) {
      const help = `\`${text}\` is a parameter, whose value is no place: \`from\` goes on from a place that is named with \`as\` in the same block`;
      return { help: { text: help } };
    }
    for (const declaration of this.unit.declarations) {
      const place = namedPlaces(declaration).find((each) => each.text === text);
      if (place === undefined || declaration.kind === "import") continue;
      const owner = `${declaration.kind} ${declaration.name.text}`;
      const help = `the places of a block or a network are seen in it alone: take it up there, where the chains meet, or give this one a place of its own`;
      return {
        help: { text: help },
        related: [{ span: place.span, text: `this is a place in ${owner}` }],
      };
    }
    return {};
  }

  #branches(step: Extract<ChainStep, { kind: "branches" }>): void {
    if (step.merge.text !== "sum" && step.merge.text !== "concat") {
      const near = nearest(step.merge.text, ["sum", "concat"]);
      const edits = near === undefined ? [] : [{ span: step.merge.span, text: near }];
      const text = "`branches sum` adds, `branches concat` joins the channels";
      const holes = { expected: "`sum` or `concat`", found: `\`${step.merge.text}\`` };
      this.#report(diagnostic("R0212", step.merge.span, holes, { help: { text, edits } }));
    }
    for (const branch of step.branches) this.chain(branch);
  }

  #call({ call, count }: CallStep): void {
    if (count) this.expression(count);
    const name = call.callee.text;
    if (isWrittenOperation(name)) {
      return this.#match(call, `\`${name}\``, operations[name].signature);
    }
    const declaration = this.unit.names.get(name)?.declaration;
    const isParameter = this.#parameters.has(name);
    if (declaration?.kind === "block" && !isParameter && !this.unit.lost.has(name)) {
      return this.#match(call, name, parameterSlots(declaration.parameters));
    }
    const words = declaration ? [] : itemWords.filter((word) => isMisspelling(name, word));
    // Behind a misspelt word of the language stands what is no argument.
    if (words.length === 0) {
      for (const argument of call.arguments) {
        if (!isStepName(argument)) this.expression(argument.value);
      }
    }
    if (isParameter || this.unit.lost.has(name)) return;
    if (constantNames.includes(name) && !declaration) {
      this.#report(notAStep(call));
    } else if (declaration) {
      const holes = { name, found: "a network", expected: "a step of a chain" };
      this.#report(diagnostic("R0215", call.callee.span, holes));
    } else {
      const all = this.#worthHelping ? callable(this.unit, this.#parameters.keys()) : [];
      const elsewhere = operationElsewhere(call, all);
      if (elsewhere) {
        const { help } = elsewhere;
        const holes = { kind: "operation", name };
        this.#report(diagnostic("R0201", call.callee.span, holes, { help }));
        return;
      }
      const kind = isBlockName(name) ? "block" : "operation";
      const listed = all.filter(
        (each) => isWrittenOperation(each) === (kind === "operation") && !this.#numbers.has(each),
      );
      this.#report(
        this.#orImport(unknownName(call.callee, kind, [...words, ...all], listed), call.callee),
      );
    }
  }

  #match(call: Call, callee: string, slots: readonly Slot[]): void {
    const match = matchArguments(call, callee, slots);
    for (const problem of match.problems) this.#report(problem);
    const taken = new Set(match.arguments.values());
    const pad = isWrittenOperation(call.callee.text) ? match.arguments.get("pad") : undefined;
    const isKnown = pad?.value.kind === "name" && this.#parameters.has(pad.value.name.text);
    const foreign = pad && !isKnown ? paddingFinding(pad, callee, slots) : undefined;
    if (foreign) this.#report(foreign);
    for (const argument of call.arguments) {
      if (foreign && argument === pad) continue;
      // What fills no slot is reported as the step or the padding that it is.
      const isSlip = isStepName(argument) || isPaddingName(argument, slots);
      if (taken.has(argument) || !isSlip) this.expression(argument.value);
    }
  }

  expression(expression: Expression): void {
    switch (expression.kind) {
      case "name":
        return this.#name(expression.name);
      case "list":
        for (const item of expression.items) this.expression(item);
        return;
      case "index":
        this.expression(expression.list);
        return this.expression(expression.at);
      case "unary":
      case "binary":
        // Long sums lean to the left: their depth is no depth of calls here.
        for (let inner: Expression = expression; ;) {
          if (inner.kind === "unary") inner = inner.operand;
          else if (inner.kind === "binary") {
            this.expression(inner.right);
            inner = inner.left;
          } else return this.expression(inner);
        }
      case "call":
        for (const { value } of expression.call.arguments) this.expression(value);
        if (!functionNames.includes(expression.call.callee.text)) {
          this.#report(unknownName(expression.call.callee, "function", functionNames));
        }
    }
  }

  #name(name: Name): void {
    const { text } = name;
    if (this.#parameters.has(text) || constantNames.includes(text)) return;
    if (this.unit.names.get(text)?.declaration.kind === "block" || this.unit.lost.has(text)) return;
    if (!this.#worthHelping) {
      this.#report(unknownName(name, "value", []));
      return;
    }
    if (this.#places.has(text)) {
      const help = {
        text: `\`${text}\` is a place, and no value: \`from ${text}\` goes on from it`,
      };
      this.#report(diagnostic("R0201", name.span, { kind: "value", name: text }, { help }));
      return;
    }
    const blocks = callable(this.unit, []).filter((known) => !isWrittenOperation(known));
    const candidates = [...this.#parameters.keys(), ...constantNames, ...blocks];
    this.#report(this.#orImport(unknownName(name, "value", candidates), name));
  }

  /** A name that means nothing, with the import that lets it mean something. */
  #orImport(found: Diagnostic, name: Name): Diagnostic {
    // No other file is read for the sake of a name of another kind.
    if (!this.#worthHelping || !isBlockName(name.text)) return found;
    const help = this.imports.help(name, this.unit);
    const near = found.help?.edits;
    if (help && near) return { ...found, help, alternatives: [found.help] };
    const best = help ?? (near ? undefined : this.imports.nearHelp(name, this.unit));
    return best ? { ...found, help: best } : found;
  }
}

/** Words that a line can begin with in a body: what a misspelt callee may have been meant to be. */
const itemWords = reservedWords
  .filter((word) => word !== Import && word !== As)
  .map(({ PATTERN }) => String(PATTERN));

function networkNames(unit: Unit): string[] {
  return [...unit.names]
    .filter(([, { declaration }]) => declaration.kind === "network")
    .map(([name]) => name);
}
