/** From an offset to the syntax around it: every node of the tree that covers it, outermost first. */
import type { Unit } from "../../check/program.js";
import type {
  Argument,
  Chain,
  ChainStep,
  Declaration,
  Expression,
  NetworkItem,
  Parameter,
  Setting,
} from "../../syntax/ast.js";

interface NodeKinds {
  readonly declaration: Declaration;
  readonly parameter: Parameter;
  readonly item: NetworkItem;
  readonly chain: Chain;
  readonly step: ChainStep;
  readonly argument: Argument;
  readonly setting: Setting;
  readonly expression: Expression;
}

/** A node of the syntax tree, by what it is. */
export type SyntaxNode = {
  [K in keyof NodeKinds]: { readonly is: K; readonly node: NodeKinds[K] };
}[keyof NodeKinds];

/** The nodes that cover an offset, their ends included, outermost first. */
export function syntaxPath(unit: Unit, offset: number): readonly SyntaxNode[] {
  const path: SyntaxNode[] = [];
  const covers = ({ node }: SyntaxNode): boolean =>
    node.span.start <= offset && offset <= node.span.end;
  let level: readonly SyntaxNode[] = unit.declarations.map((node) => ({ is: "declaration", node }));
  for (;;) {
    // Of two that touch at the offset the second is meant: what begins there.
    const next = level.findLast(covers);
    if (next === undefined) return path;
    path.push(next);
    level = childrenOf(next);
  }
}

/** The innermost node of a kind. */
export function innermost<K extends keyof NodeKinds>(
  path: readonly SyntaxNode[],
  is: K,
): NodeKinds[K] | undefined {
  return path.findLast((each) => each.is === is)?.node as NodeKinds[K] | undefined;
}

/** The nodes directly inside one, in the order of the text. */
export function childrenOf(parent: SyntaxNode): readonly SyntaxNode[] {
  switch (parent.is) {
    case "declaration":
      return inDeclaration(parent.node);
    case "parameter":
      return parent.node.default ? expressions([parent.node.default]) : [];
    case "item":
      return inItem(parent.node);
    case "chain":
      return steps(parent.node.steps);
    case "step":
      return inStep(parent.node);
    case "argument":
      return expressions([parent.node.value]);
    case "setting": {
      const { value } = parent.node;
      return "steps" in value ? chains([value]) : expressions([value]);
    }
    case "expression":
      return inExpression(parent.node);
  }
}

/** Every node below one, itself first. */
export function* everyNode(node: SyntaxNode): Generator<SyntaxNode> {
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    waiting.push(...[...childrenOf(next)].reverse());
  }
}

function expressions(nodes: readonly Expression[]): SyntaxNode[] {
  return nodes.map((node) => ({ is: "expression", node }));
}

function chains(nodes: readonly Chain[]): SyntaxNode[] {
  return nodes.map((node) => ({ is: "chain", node }));
}

function steps(nodes: readonly ChainStep[]): SyntaxNode[] {
  return nodes.map((node) => ({ is: "step", node }));
}

function givenArguments(nodes: readonly Argument[]): SyntaxNode[] {
  return nodes.map((node) => ({ is: "argument", node }));
}

function items(nodes: readonly NetworkItem[]): SyntaxNode[] {
  return nodes.map((node) => ({ is: "item", node }));
}

function inDeclaration(declaration: Declaration): readonly SyntaxNode[] {
  switch (declaration.kind) {
    case "import":
      return [];
    case "instance":
      return [...givenArguments(declaration.call.arguments), ...items(declaration.expects)];
    case "train":
      return declaration.settings.map((node) => ({ is: "setting", node }));
    case "block":
    case "network": {
      const { parameters, where } = declaration;
      const head = parameters.map((node): SyntaxNode => ({ is: "parameter", node }));
      const body =
        declaration.kind === "block" ? chains([declaration.body]) : items(declaration.items);
      return [...head, ...expressions(where), ...body];
    }
  }
}

function inItem(item: NetworkItem): readonly SyntaxNode[] {
  switch (item.kind) {
    case "input":
      return expressions([item.shape, ...item.where]);
    case "stem":
    case "head":
      return chains([item.chain]);
    case "stage":
    case "step":
      return steps([item.step]);
    case "expect":
      return expressions(item.conditions);
  }
}

function inStep(step: ChainStep): readonly SyntaxNode[] {
  switch (step.kind) {
    case "call":
      return [
        ...(step.count ? expressions([step.count]) : []),
        ...givenArguments(step.call.arguments),
      ];
    case "residual": {
      const { shortcut } = step;
      const form =
        shortcut.kind === "chain" ? chains([shortcut.chain]) : expressions([shortcut.value]);
      return [...chains([step.chain]), ...form];
    }
    case "branches":
      return chains(step.branches);
    case "gate":
      return chains([step.chain]);
    default:
      return [];
  }
}

function inExpression(expression: Expression): readonly SyntaxNode[] {
  switch (expression.kind) {
    case "list":
      return expressions(expression.items);
    case "index":
      return expressions([expression.list, expression.at]);
    case "call":
      return givenArguments(expression.call.arguments);
    case "unary":
      return expressions([expression.operand]);
    case "binary":
      return expressions([expression.left, expression.right]);
    default:
      return [];
  }
}
