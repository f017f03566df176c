/** Every name of a declaration's body with what it is used as, whether it means something or not. */
import type {
  Argument,
  Call,
  Chain,
  ChainStep,
  Declaration,
  Expression,
  Name,
  NetworkItem,
} from "../syntax/ast.js";

/** The names that a declaration uses, each as often as it does. */
export interface NameUses {
  /** Names of values, and callees of steps: parameters, blocks, operations, constants. */
  readonly values: Name[];
  /** Names that arguments are given by, with the callee. */
  readonly named: { readonly callee: string; readonly name: Name }[];
  /** Places that a chain is taken up from. */
  readonly places: Name[];
  /** Networks that instances and recipes name. */
  readonly networks: Name[];
  /** Names in an input's shape: those of its sizes, and of values in them. */
  readonly sizes: Name[];
  /** Callees within expressions. */
  readonly functions: Name[];
}

/** The names used within a declaration. */
export function usesOf(declaration: Declaration): NameUses {
  const uses = noUses();
  const walk = new Walk(uses);
  switch (declaration.kind) {
    case "import":
      break;
    case "block":
    case "network":
      for (const { default: value } of declaration.parameters) if (value) walk.expression(value);
      for (const condition of declaration.where) walk.expression(condition);
      if (declaration.kind === "block") walk.chain(declaration.body);
      else for (const item of declaration.items) walk.item(item);
      break;
    case "instance":
      uses.networks.push(declaration.call.callee);
      walk.arguments(declaration.call);
      break;
    case "train":
      uses.networks.push(declaration.network);
      break;
  }
  return uses;
}

function noUses(): NameUses {
  return { values: [], named: [], places: [], networks: [], sizes: [], functions: [] };
}

class Walk {
  constructor(private readonly uses: NameUses) {}

  item(item: NetworkItem): void {
    switch (item.kind) {
      case "input": {
        const within = noUses();
        const walk = new Walk(within);
        for (const part of [item.shape, ...item.where]) walk.expression(part);
        this.uses.sizes.push(...within.values);
        this.uses.functions.push(...within.functions);
        return;
      }
      case "stem":
      case "head":
        return this.chain(item.chain);
      case "stage":
      case "step":
        return this.step(item.step);
      case "expect":
        for (const condition of item.conditions) this.#expectation(condition);
    }
  }

  /** `output(classify) == 10`: what is measured may name a head. */
  #expectation(condition: Expression): void {
    if (condition.kind !== "binary") return;
    const { left, right } = condition;
    if (left.kind === "call") {
      for (const { name, value } of left.call.arguments) {
        if (name === undefined && value.kind === "name") this.uses.places.push(value.name);
      }
    }
    this.expression(right);
  }

  chain({ steps }: Chain): void {
    for (const step of steps) this.step(step);
  }

  step(step: ChainStep): void {
    switch (step.kind) {
      case "call":
        if (step.count) this.expression(step.count);
        this.uses.values.push(step.call.callee);
        return this.arguments(step.call);
      case "residual":
        this.chain(step.chain);
        if (step.shortcut.kind === "chain") this.chain(step.shortcut.chain);
        else this.expression(step.shortcut.value);
        return;
      case "branches":
        for (const branch of step.branches) this.chain(branch);
        return;
      case "gate":
        return this.chain(step.chain);
      case "from":
        this.uses.places.push(step.place);
        return;
      case "unreadable":
        return;
    }
  }

  arguments({ callee, arguments: given }: Call): void {
    for (const { name, slash, value } of given as readonly Argument[]) {
      if (name && !slash) this.uses.named.push({ callee: callee.text, name });
      this.expression(value);
    }
  }

  expression(expression: Expression): void {
    // Long sums lean to the left: they are no depth of calls here.
    for (let inner = expression; ;) {
      switch (inner.kind) {
        case "name":
          this.uses.values.push(inner.name);
          return;
        case "list":
          for (const item of inner.items) this.expression(item);
          return;
        case "index":
          this.expression(inner.list);
          inner = inner.at;
          break;
        case "unary":
          inner = inner.operand;
          break;
        case "binary":
          this.expression(inner.right);
          inner = inner.left;
          break;
        case "call":
          this.uses.functions.push(inner.call.callee);
          return this.arguments(inner.call);
        default:
          return;
      }
    }
  }
}
