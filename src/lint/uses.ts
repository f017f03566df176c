/** Every name that a declaration reads, as it is written: what an import, a block or a parameter is there for. */
import {
  isChain,
  type Call,
  type Chain,
  type ChainStep,
  type Declaration,
  type Expression,
  type Name,
  type NetworkItem,
  type Parameter,
} from "../syntax/ast.js";

/** The names that a declaration reads; places of `from` are not among them. */
export function namesRead(declaration: Declaration): readonly Name[] {
  const names: Name[] = [];
  const read = new Reader(names);
  switch (declaration.kind) {
    case "import":
      break;
    case "block":
      read.parameters(declaration.parameters);
      read.expressions(declaration.where);
      read.chain(declaration.body);
      break;
    case "network":
      read.parameters(declaration.parameters);
      read.expressions(declaration.where);
      for (const item of declaration.items) read.item(item);
      break;
    case "instance":
      read.call(declaration.call);
      for (const expect of declaration.expects) read.expressions(expect.conditions);
      break;
    case "train":
      names.push(declaration.network);
      for (const { value } of declaration.settings) {
        if (isChain(value)) read.chain(value);
        else read.expression(value);
      }
  }
  return names;
}

/** The places that a declaration's chains go on from. */
export function placesTaken(declaration: Declaration): ReadonlySet<string> {
  const names: Name[] = [];
  const read = new Reader([], names);
  if (declaration.kind === "block") read.chain(declaration.body);
  if (declaration.kind === "network") for (const item of declaration.items) read.item(item);
  return new Set(names.map(({ text }) => text));
}

/** Whether a declaration has parameters of its own. */
export function parametersOf(declaration: Declaration): readonly Parameter[] {
  const has = declaration.kind === "block" || declaration.kind === "network";
  return has ? declaration.parameters : [];
}

class Reader {
  constructor(
    private readonly names: Name[],
    private readonly places: Name[] = [],
  ) {}

  parameters(given: readonly Parameter[]): void {
    for (const { default: value } of given) if (value) this.expression(value);
  }

  expressions(given: readonly Expression[]): void {
    for (const each of given) this.expression(each);
  }

  expression(given: Expression): void {
    switch (given.kind) {
      case "name":
      case "always":
        this.names.push(given.name);
        return;
      case "list":
        return this.expressions(given.items);
      case "index":
        return this.expressions([given.list, given.at]);
      case "call":
        return this.call(given.call);
      case "unary":
        return this.expression(given.operand);
      case "binary":
        return this.expressions([given.left, given.right]);
      case "number":
      case "string":
      case "dimensions":
    }
  }

  call({ callee, arguments: given }: Call): void {
    this.names.push(callee);
    for (const { value } of given) this.expression(value);
  }

  item(item: NetworkItem): void {
    switch (item.kind) {
      case "input":
        this.expression(item.shape);
        return this.expressions(item.where);
      case "stem":
      case "head":
        return this.chain(item.chain);
      case "stage":
      case "step":
        return this.step(item.step);
      case "expect":
        return this.expressions(item.conditions);
    }
  }

  chain({ steps }: Pick<Chain, "steps">): void {
    for (const step of steps) this.step(step);
  }

  step(step: ChainStep): void {
    switch (step.kind) {
      case "call":
        if (step.count) this.expression(step.count);
        return this.call(step.call);
      case "residual":
        this.chain(step.chain);
        return step.shortcut.kind === "chain"
          ? this.chain(step.shortcut.chain)
          : this.expression(step.shortcut.value);
      case "branches":
        for (const branch of step.branches) this.chain(branch);
        return;
      case "gate":
        return this.chain(step.chain);
      case "from":
        this.places.push(step.place);
        return;
      case "unreadable":
    }
  }
}
