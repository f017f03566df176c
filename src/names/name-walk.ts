/** The walk through a file's syntax that finds every name which stands for something, and what that is. */
import type { Unit } from "../check/program.js";
import { isWrittenOperation } from "../ops/registry.js";
import type { Span } from "../source/source.js";
import {
  isChain,
  type Argument,
  type BlockDeclaration,
  type Call,
  type Chain,
  type ChainStep,
  type Declaration,
  type Expression,
  type InstanceDeclaration,
  type Name,
  type NetworkDeclaration,
  type NetworkItem,
  type TrainDeclaration,
} from "../syntax/ast.js";
import {
  declarationOf,
  entityOf,
  parameterEntity,
  type Entity,
  type Occurrence,
} from "./entity.js";
import { networkPlaces, placesOf } from "./places.js";

/** A named argument of a call whose callee is a parameter: which block takes it is known only where that is given. */
export interface OpenArgument {
  readonly span: Span;
  readonly name: string;
}

export interface Occurrences {
  readonly all: readonly Occurrence[];
  readonly openArguments: readonly OpenArgument[];
}

export class NameWalk {
  readonly #all: Occurrence[] = [];
  readonly #openArguments: OpenArgument[] = [];
  readonly #aliases = new Map<string, Entity>();
  #parameters: ReadonlyMap<string, Entity> = new Map();
  #places: ReadonlyMap<string, Entity> = new Map();

  constructor(private readonly unit: Unit) {}

  /** The occurrences of the file, in the order of the text. */
  walk(): Occurrences {
    for (const declaration of this.unit.declarations) {
      if (declaration.kind === "import") this.#imports(declaration);
    }
    for (const declaration of this.unit.declarations) this.#declaration(declaration);
    this.#all.sort((a, b) => a.span.start - b.span.start);
    return { all: this.#all, openArguments: this.#openArguments };
  }

  #add(name: Name, entity: Entity | undefined, role: Occurrence["role"]): void {
    if (entity) this.#all.push({ span: name.span, entity, role });
  }

  /** What a name of the file means: an alias, or a declaration of this file or another. */
  #named(name: string): Entity | undefined {
    const alias = this.#aliases.get(name);
    if (alias) return alias;
    const binding = this.unit.names.get(name);
    return binding && entityOf(binding.declaration);
  }

  #imports({ names }: Extract<Declaration, { kind: "import" }>): void {
    for (const { name, alias } of names) {
      const binding = this.unit.names.get((alias ?? name).text);
      if (binding?.imported === undefined) continue;
      const target = entityOf(binding.declaration);
      this.#add(name, target, "import");
      if (alias === undefined) continue;
      const entity: Entity = { kind: "alias", name: alias, target };
      this.#aliases.set(alias.text, entity);
      this.#add(alias, entity, "definition");
    }
  }

  #declaration(declaration: Declaration): void {
    if (declaration.kind === "import") return;
    this.#add(declaration.name, entityOf(declaration), "definition");
    this.#parameters = new Map();
    this.#places = new Map();
    switch (declaration.kind) {
      case "block":
        this.#enter(declaration);
        return this.#chain(declaration.body);
      case "network":
        this.#enter(declaration);
        for (const item of declaration.items) this.#item(item, declaration);
        return;
      case "instance":
        return this.#instance(declaration);
      case "train":
        return this.#train(declaration);
    }
  }

  #enter(declaration: BlockDeclaration | NetworkDeclaration): void {
    const parameters = new Map<string, Entity>();
    this.#parameters = parameters;
    for (const parameter of declaration.parameters) {
      if (parameter.default) this.#expression(parameter.default);
      const entity = parameterEntity(declaration, parameter);
      if (!parameters.has(parameter.name.text)) parameters.set(parameter.name.text, entity);
      this.#add(parameter.name, entity, "definition");
    }
    for (const condition of declaration.where) this.#expression(condition);
    this.#places = placesOf(declaration);
    for (const place of this.#places.values()) this.#add(place.name, place, "definition");
  }

  #item(item: NetworkItem, network: NetworkDeclaration): void {
    switch (item.kind) {
      case "input":
        return this.#input(item, network);
      case "stem":
      case "head":
        return this.#chain(item.chain);
      case "stage":
      case "step":
        return this.#step(item.step);
      case "expect":
        for (const condition of item.conditions) this.#expectation(condition, this.#places);
    }
  }

  /** `[H, W, 3]`: a name that means nothing else is a size. */
  #input(item: Extract<NetworkItem, { kind: "input" }>, declaration: NetworkDeclaration): void {
    const sizes = new Map(this.#parameters);
    const items = item.shape.kind === "list" ? item.shape.items : [];
    for (const each of items.slice(0, 2)) {
      if (each.kind !== "name" || sizes.has(each.name.text)) continue;
      if (this.#named(each.name.text)) continue;
      const entity: Entity = { kind: "size", name: each.name, declaration };
      sizes.set(each.name.text, entity);
      this.#add(each.name, entity, "definition");
    }
    const before = this.#parameters;
    this.#parameters = sizes;
    for (const each of items.length > 0 ? items : [item.shape]) {
      const own = each.kind === "name" && sizes.get(each.name.text)?.name === each.name;
      if (!own) this.#expression(each);
    }
    for (const condition of item.where) this.#expression(condition);
    this.#parameters = before;
  }

  #instance({ call, expects }: InstanceDeclaration): void {
    const target = this.#named(call.callee.text);
    this.#add(call.callee, target, "call");
    const declaration = target && declarationOf(target);
    this.#arguments(call, declaration?.kind === "network" ? declaration : undefined);
    const places = declaration?.kind === "network" ? placesOf(declaration) : this.#places;
    for (const { conditions } of expects) {
      for (const condition of conditions) this.#expectation(condition, places);
    }
  }

  /** `output(classify) == 10` speaks of a head. */
  #expectation(condition: Expression, places: ReadonlyMap<string, Entity>): void {
    if (condition.kind !== "binary") return this.#expression(condition);
    const { left, right } = condition;
    if (left.kind === "call" && left.call.callee.text === "output") {
      for (const { name, value } of left.call.arguments) {
        const isHead = value.kind === "name" && (name === undefined || name.text === "head");
        if (isHead) this.#add(value.name, places.get(value.name.text), "use");
      }
    }
    this.#expression(right);
  }

  #train({ network, settings }: TrainDeclaration): void {
    const target = this.#named(network.text);
    this.#add(network, target, "call");
    const places = target && networkPlaces(target, this.unit);
    for (const { key, value } of settings) {
      if (isChain(value) || !places) continue;
      if (key.text === "freeze") this.#quoted(value, places);
      const given = key.text === "rates" && value.kind === "call" ? value.call.arguments : [];
      for (const argument of given) this.#quoted(argument.value, places);
    }
  }

  /** `["conv2", "head.dense"]`: the part before the first full stop is a place. */
  #quoted(value: Expression, places: ReadonlyMap<string, Entity>): void {
    if (value.kind === "list") for (const item of value.items) this.#quoted(item, places);
    if (value.kind !== "string") return;
    const first = value.value.split(".")[0] ?? "";
    const { file, start } = value.span;
    const span = file.span(start + 1, start + 1 + first.length);
    this.#add({ text: first, span }, places.get(first), "quoted");
  }

  #chain(chain: Chain): void {
    for (const step of chain.steps) this.#step(step);
  }

  #step(step: ChainStep): void {
    switch (step.kind) {
      case "call":
        if (step.count) this.#expression(step.count);
        return this.#call(step.call);
      case "residual":
        this.#chain(step.chain);
        if (step.shortcut.kind === "chain") return this.#chain(step.shortcut.chain);
        return this.#expression(step.shortcut.value);
      case "branches":
        for (const branch of step.branches) this.#chain(branch);
        return;
      case "gate":
        return this.#chain(step.chain);
      case "from":
        return this.#add(step.place, this.#places.get(step.place.text), "use");
      case "unreadable":
        return;
    }
  }

  #call(call: Call): void {
    const { text } = call.callee;
    if (isWrittenOperation(text)) return this.#arguments(call, undefined);
    const parameter = this.#parameters.get(text);
    const target = parameter ?? this.#named(text);
    this.#add(call.callee, target, "call");
    const declaration = target && declarationOf(target);
    if (parameter) {
      for (const { name, slash } of call.arguments) {
        const span = name?.span;
        if (span) this.#openArguments.push({ span, name: slash ? "stride" : name.text });
      }
    }
    this.#arguments(call, declaration?.kind === "block" ? declaration : undefined);
  }

  #arguments(call: Call, taker: BlockDeclaration | NetworkDeclaration | undefined): void {
    for (const argument of call.arguments) {
      if (taker) this.#argumentName(argument, taker);
      this.#expression(argument.value);
    }
  }

  #argumentName({ name, slash }: Argument, taker: BlockDeclaration | NetworkDeclaration): void {
    const parameter = taker.parameters.find((each) => each.name.text === name?.text);
    if (name === undefined || parameter === undefined) return;
    this.#add(name, parameterEntity(taker, parameter), slash ? "slash" : "argument");
  }

  #expression(expression: Expression): void {
    switch (expression.kind) {
      case "name": {
        const { name } = expression;
        return this.#add(name, this.#parameters.get(name.text) ?? this.#named(name.text), "use");
      }
      case "list":
        for (const item of expression.items) this.#expression(item);
        return;
      case "index":
        this.#expression(expression.list);
        return this.#expression(expression.at);
      case "call":
        for (const { value } of expression.call.arguments) this.#expression(value);
        return;
      case "unary":
      case "binary":
        // Long sums lean to the left: their depth is no depth of calls here.
        for (let inner: Expression = expression; ;) {
          if (inner.kind === "unary") inner = inner.operand;
          else if (inner.kind === "binary") {
            this.#expression(inner.right);
            inner = inner.left;
          } else return this.#expression(inner);
        }
    }
  }
}
