/**
 * A checked graph with the ways that rules walk it: by name, to what feeds on a node, from residual sums to their
 * two sides, and from a node back to where the linted file caused it.
 */
import { argumentOf } from "../check/arguments.js";
import { parameterSlots } from "../check/slots.js";
import type { Program } from "../check/program.js";
import { nodeCost } from "../graph/cost.js";
import type { Graph, Node } from "../graph/graph.js";
import { receptiveFields, type ReceptiveField } from "../graph/receptive-field.js";
import { nodesByName } from "../graph/traversal.js";
import type { OpName } from "../ops/attributes.js";
import { operations } from "../ops/registry.js";
import { textOf, type SourceFile, type Span } from "../source/source.js";
import type {
  BlockDeclaration,
  Call,
  ChainStep,
  Expression,
  InstanceDeclaration,
  NetworkDeclaration,
  Parameter,
  ResidualStep,
} from "../syntax/ast.js";
import { chainsOf, type WrittenChain } from "./chains.js";
import type { Place } from "./place.js";

/** One elaboration of `residual { … } shortcut …` that ends in a sum. */
export interface ResidualView {
  readonly step: ResidualStep;
  readonly add: Node;
  /** The nodes of the residual, in order; those of blocks and gates inside it as well. */
  readonly residual: readonly Node[];
  /** The nodes of the shortcut; none for the identity. */
  readonly shortcut: readonly Node[];
  /** What feeds both. */
  readonly entry: Node;
}

export class NetworkView {
  readonly name: string;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly declaration: NetworkDeclaration | InstanceDeclaration;
  /** The declaration of the items: that of the network which an instance names. */
  readonly network: NetworkDeclaration;
  readonly #program: Program;
  #syntax: SyntaxOfProgram | undefined;
  #consumers: ReadonlyMap<string, readonly Node[]> | undefined;
  #fields: ReadonlyMap<string, ReceptiveField> | undefined;
  #residuals: readonly ResidualView[] | undefined;
  #sides: ReadonlyMap<string, readonly Node[]> | undefined;

  /** @throws RangeError where the program has no network of the graph's name: they belong to other files. */
  constructor(
    readonly graph: Graph,
    program: Program,
  ) {
    this.name = graph.name;
    this.nodes = nodesByName(graph);
    this.#program = program;
    const binding = program.entry.names.get(graph.name);
    const declared = binding?.declaration;
    if (declared === undefined || declared.kind === "block") {
      throw new RangeError(`${program.entry.file.path} declares no network ${graph.name}`);
    }
    this.declaration = declared;
    const network =
      declared.kind === "network"
        ? declared
        : program.entry.names.get(declared.call.callee.text)?.declaration;
    if (network?.kind !== "network") throw new RangeError(`${graph.name} is of no network`);
    this.network = network;
  }

  /** The node of a name. @throws RangeError where there is none. */
  node(name: string): Node {
    const node = this.nodes.get(name);
    if (node === undefined) throw new RangeError(`graph ${this.name} has no node ${name}`);
    return node;
  }

  /** The nodes that feed `node`, in the order of its operands. */
  inputs(node: Node): readonly Node[] {
    return node.inputs.map((name) => this.node(name));
  }

  /** The nodes that `node` feeds. */
  consumers(node: Node): readonly Node[] {
    this.#consumers ??= consumersOf(this.graph);
    return this.#consumers.get(node.name) ?? [];
  }

  /** What part of the image an output of the node sees. */
  field(node: Node): ReceptiveField {
    this.#fields ??= receptiveFields(this.graph);
    const field = this.#fields.get(node.name);
    if (field === undefined) throw new RangeError(`graph ${this.name} has no node ${node.name}`);
    return field;
  }

  /** How many numbers of a node are learnt. */
  parameters(node: Node): number {
    return nodeCost(this.nodes, node).parameters;
  }

  /** The residuals whose sum is part of the graph, in order. */
  get residuals(): readonly ResidualView[] {
    this.#residuals ??= this.graph.nodes.flatMap((node) => this.#residual(node) ?? []);
    return this.#residuals;
  }

  /** The call that a node was written as; undefined for what a shortcut's kind, a merge or the input makes. */
  callOf({ origin }: Node): Call | undefined {
    return origin && this.#written.calls.get(keyOf(origin))?.call;
  }

  /** The chain in which a node is written; undefined likewise. */
  chainOf({ origin }: Node): WrittenChain | undefined {
    return origin && this.#written.calls.get(keyOf(origin))?.chain;
  }

  /** The nodes of one operation by the call that they were written as, in the order of the graph. */
  written<K extends OpName>(op: K): ReadonlyMap<Call, readonly Extract<Node, { op: K }>[]> {
    const nodes = new Map<Call, Extract<Node, { op: K }>[]>();
    for (const node of this.graph.nodes) {
      const call = isOp(node, op) ? this.callOf(node) : undefined;
      if (call === undefined || !isOp(node, op)) continue;
      const known = nodes.get(call);
      if (known) known.push(node);
      else nodes.set(call, [node]);
    }
    return nodes;
  }

  /** The file that a node was written in, which may be one that the linted file imports. */
  fileOf({ origin }: Node): SourceFile | undefined {
    return this.#program.units.find(({ file }) => file.path === origin?.file)?.file;
  }

  /** Where a node was written, whichever file that is in. */
  spanOf(node: Node): Span | undefined {
    const { origin } = node;
    return origin && this.fileOf(node)?.span(origin.start, origin.end);
  }

  /**
   * Where the linted file caused a node: where it was written, else its `regionSpan`. What is written elsewhere is then a related label.
   *
   * @param within a narrower span at the node, such as an argument's: taken where the node was written here.
   */
  place(node: Node, within?: Span): Place {
    const written = within ?? this.spanOf(node);
    const notes = [`in ${node.name} of ${this.name}`];
    if (written?.file === this.#program.entry.file) return { span: written, related: [], notes };
    const related = written ? [{ span: written, text: "written here" }] : [];
    return { span: this.regionSpan(regionOf(node)), related, notes };
  }

  /** Where the linted file writes a stage, stem or head; where another does, what led to it: the network's name. */
  regionSpan(region: string): Span {
    const { file } = this.#program.entry;
    const item = this.network.items.find(
      (each) =>
        (each.kind === "stage" && each.name.text === region) ||
        (each.kind === "head" && (each.name?.text ?? "head") === region) ||
        (each.kind === "stem" && region === "stem"),
    );
    if (item?.kind === "stage" && item.span.file === file) return item.step.span;
    if (item && item.span.file === file) return item.span;
    const { declaration } = this;
    return declaration.kind === "instance" ? declaration.call.span : declaration.name.span;
  }

  /**
   * Where the linted file says the value of a node's argument: in the operation itself, or, where that only hands
   * on a parameter of its block, in the stage or in the instance that gave it. The operation is then a label.
   */
  argumentPlace(node: Node, name: string): Place {
    const way = this.#argumentWay(node, name).map(({ span }) => span);
    const { file } = this.#program.entry;
    const given = way.findLast((each) => each.file === file);
    if (given === undefined) return this.place(node);
    const first = way[0] === given ? undefined : this.spanOf(node);
    const { notes } = this.place(node);
    return { span: given, related: first ? [{ span: first, text: "used here" }] : [], notes };
  }

  /** The expressions of an argument's value, from the operation outwards as long as it is a parameter's name. */
  #argumentWay(node: Node, name: string): readonly Expression[] {
    const written = node.origin && this.#written.calls.get(keyOf(node.origin));
    if (written === undefined) return [];
    const first = argumentOf(written.call, operations[node.op].signature, name);
    if (first === undefined) return [];
    const way = [first.value];
    const block = written.chain.declaration;
    const stage = this.network.items.find(
      (item) => item.kind === "stage" && item.name.text === regionOf(node),
    );
    let next: Expression | undefined = first.value;
    if (block.kind === "block") {
      if (stage?.kind !== "stage" || !this.#mayCall(stage.step.call, block)) return way;
      next = handedOn(next, block.parameters, stage.step.call);
      if (next) way.push(next);
    }
    const call = this.declaration.kind === "instance" ? this.declaration.call : undefined;
    next = next && handedOn(next, this.network.parameters, call);
    if (next) way.push(next);
    return way;
  }

  /** Whether a stage calls a block itself: by its name, or by a parameter that holds it. */
  #mayCall({ callee }: Call, block: BlockDeclaration): boolean {
    const unit = this.#program.units.find(({ file }) => file === this.network.span.file);
    const binding = unit?.names.get(callee.text);
    return binding === undefined || binding.declaration === block;
  }

  get #written(): SyntaxOfProgram {
    this.#syntax ??= syntaxOf(this.#program);
    return this.#syntax;
  }

  #residual(add: Node): ResidualView | undefined {
    const step = add.origin && add.op === "add" && this.#written.residuals.get(keyOf(add.origin));
    if (!step) return undefined;
    const [residualEnd, shortcutEnd] = this.inputs(add);
    if (residualEnd === undefined || shortcutEnd === undefined) return undefined;
    const residual = this.#side(add, residualEnd, "residual");
    const shortcut = this.#side(add, shortcutEnd, "shortcut");
    const inside = new Set(residual.map(({ name }) => name));
    const entry = residual.flatMap(({ inputs }) => inputs).find((name) => !inside.has(name));
    if (entry === undefined) return undefined;
    return { step, add, residual, shortcut, entry: this.node(entry) };
  }

  /** The nodes of one side of a sum, by their names: they begin with the sum's own place. */
  #side(add: Node, end: Node, side: "residual" | "shortcut"): readonly Node[] {
    const place = add.name.slice(0, add.name.lastIndexOf(".") + 1);
    if (!end.name.startsWith(place)) return [];
    const [part = ""] = end.name.slice(place.length).split(".");
    if (!new RegExp(`^${side}\\d*$`).test(part)) return [];
    this.#sides ??= sidesOf(this.graph);
    return this.#sides.get(`${place}${part}`) ?? [];
  }
}

/** The first part of a node's name: the stage, stem or head that it is of. */
function regionOf({ name }: Node): string {
  return name.split(".")[0] ?? name;
}

/** A node of one operation, for what its attributes are. */
export function isOp<K extends OpName>(node: Node, op: K): node is Extract<Node, { op: K }> {
  return node.op === op;
}

function consumersOf(graph: Graph): ReadonlyMap<string, readonly Node[]> {
  const consumers = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    for (const input of new Set(node.inputs)) {
      const known = consumers.get(input);
      if (known) known.push(node);
      else consumers.set(input, [node]);
    }
  }
  return consumers;
}

/** A call with the chain that it is a step of. */
interface WrittenCall {
  readonly call: Call;
  readonly chain: WrittenChain;
}

/** The nodes of each residual and shortcut, in order, by what their names begin with. */
function sidesOf(graph: Graph): ReadonlyMap<string, readonly Node[]> {
  const sides = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    const parts = node.name.split(".");
    for (const [index, part] of parts.entries()) {
      if (!/^(residual|shortcut)\d*$/.test(part)) continue;
      const prefix = parts.slice(0, index + 1).join(".");
      const known = sides.get(prefix);
      if (known) known.push(node);
      else sides.set(prefix, [node]);
    }
  }
  return sides;
}

interface SyntaxOfProgram {
  readonly calls: ReadonlyMap<string, WrittenCall>;
  /** By the span of the shortcut, which is where a residual's sum is said to be written. */
  readonly residuals: ReadonlyMap<string, ResidualStep>;
}

const known = new WeakMap<Program, SyntaxOfProgram>();

function syntaxOf(program: Program): SyntaxOfProgram {
  const before = known.get(program);
  if (before) return before;
  const calls = new Map<string, WrittenCall>();
  const residuals = new Map<string, ResidualStep>();
  const take = (step: ChainStep, chain: WrittenChain): void => {
    if (step.kind === "call") calls.set(keyOf(placeOf(step.call.span)), { call: step.call, chain });
    if (step.kind === "residual") residuals.set(keyOf(placeOf(step.shortcutSpan)), step);
  };
  for (const { declarations } of program.units) {
    for (const chain of chainsOf(declarations)) {
      for (const step of chain.steps) take(step, chain);
    }
  }
  const syntax = { calls, residuals };
  known.set(program, syntax);
  return syntax;
}

/** What a call gives for the parameter whose name alone an expression is, or the parameter's default. */
function handedOn(
  value: Expression,
  parameters: readonly Parameter[],
  call: Call | undefined,
): Expression | undefined {
  if (value.kind !== "name") return undefined;
  const { text } = value.name;
  const given = call && argumentOf(call, parameterSlots(parameters), text);
  return given?.value ?? parameters.find(({ name }) => name.text === text)?.default;
}

function placeOf({ file, start, end }: Span): { file: string; start: number; end: number } {
  return { file: file.path, start, end };
}

function keyOf({ file, start, end }: { file: string; start: number; end: number }): string {
  return `${file}:${start}:${end}`;
}

/** How a call is written, on one line. */
export function shownCall(call: Call): string {
  return textOf(call.span).replace(/\s+/g, " ");
}
