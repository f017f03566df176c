/** How each node is printed: the table, and what is made of lines, braces and declarations. */
import type { AstPath, Doc, ParserOptions } from "prettier";
import { builders } from "prettier/doc";
import { columns } from "../diagnostics/display-width.js";
import { alignedWidths, flatText, type Widths } from "./alignment.js";
import { isEmptyLineBehind, spansLines } from "./gaps.js";
import {
  enclosed,
  printArgument,
  printCallStep,
  printDangling,
  printValue,
  type Print,
} from "./print-value.js";
import type * as F from "./tree.js";

const { group, hardline, indent, indentIfBreak, join, line } = builders;

/** Widths of cells by the body that they are in, made as the body is printed. */
const widthsOf = new WeakMap<F.Body, Widths>();

/** Prints the node that `path` leads to, without its comments. */
export function printNode(path: AstPath, options: ParserOptions, print: Print): Doc {
  const node = path.node as F.Node;
  const text = options.originalText;
  switch (node.type) {
    case "root":
      return printRoot(node, path, text, print);
    case "import": {
      const names = indent([line, join([",", line], path.map(print, "names"))]);
      return group(["import {", names, line, `} from ${node.path}`]);
    }
    case "importName":
      return node.text;
    case "declaration":
      return printDeclaration(node, path, text, print);
    case "parameter":
      return node.value ? [node.name, " = ", path.call(print, "value")] : node.name;
    case "where":
      return group(["where ", indent(join([",", line], path.map(print, "conditions")))]);
    case "body":
      return printBody(node, path, options, print);
    case "line":
      return printLine(node, path, print);
    case "link":
      return ["-> ", path.call(print, "step")];
    case "input": {
      const where = node.where ? indent([line, path.call(print, "where")]) : "";
      return group(["input ", path.call(print, "shape"), where]);
    }
    case "stage":
      return [`stage ${node.name}: `, path.call(print, "step")];
    case "condition":
      return printCondition(node, path, print);
    case "setting":
      return [`${node.key} `, path.call(print, "value")];
    case "section":
      return [`${node.words} `, path.call(print, "body"), labelOf(node)];
    case "residual":
      return printResidual(node, path, text, print);
    case "shortcut":
      return ["shortcut ", path.call(print, "form")];
    case "from":
      return [`from ${node.place}`, labelOf(node)];
    case "callStep":
      return printCallStep(node, path, print, text);
    case "argument":
      return printArgument(node, path, print, text);
    default:
      return printValue(node, path, print, text);
  }
}

function labelOf({ label }: F.Step): string {
  return label === undefined ? "" : ` as ${label}`;
}

function printRoot(node: F.Root, path: AstPath, text: string, print: Print): Doc {
  if (node.declarations.length > 0) {
    return [separated(path, print, "declarations", text), hardline];
  }
  const comments = printDangling(node, text);
  return comments === undefined ? "" : [comments, hardline];
}

/** Nodes on lines of their own, with the empty lines between them, of which one is kept. */
function separated(path: AstPath, print: Print, property: string, text: string): Doc {
  return path.map((each) => {
    if (each.isLast) return print(each);
    const gap = isEmptyLineBehind(text, (each.node as F.Node).end)
      ? [hardline, hardline]
      : [hardline];
    return [print(each), ...gap];
  }, property);
}

function printDeclaration(node: F.Declaration, path: AstPath, text: string, print: Print): Doc {
  const { words, parameters, where, call, body } = node;
  const parts: Doc[] = [words];
  if (call) parts.push(" = ", path.call(print, "call"));
  if (parameters) parts.push(enclosed("(", path, print, "parameters", ")", text));
  if (where) parts.push(group(indent([line, path.call(print, "where")])));
  if (body) parts.push(" ", path.call(print, "body"));
  return parts;
}

/** On one line where it was written so, is one line (or all branches of a merge) and fits. */
function printBody(node: F.Body, path: AstPath, options: ParserOptions, print: Print): Doc {
  const text = options.originalText;
  const [first, second] = node.items;
  if (!first) {
    const comments = printDangling(node, text);
    return comments === undefined ? "{}" : ["{", indent([hardline, comments]), hardline, "}"];
  }
  const last = node.items.at(-1) ?? first;
  if ((!second || last.type === "body") && !spansLines(text, node.start, last.start)) {
    return group(["{", indent([line, join(line, path.map(print, "items"))]), line, "}"]);
  }
  const depth = 1 + path.ancestors.filter(({ type }) => type === "body").length;
  const room = options.printWidth - depth * options.tabWidth;
  widthsOf.set(node, alignedWidths(path, print, text, room));
  return ["{", indent([hardline, separated(path, print, "items", text)]), hardline, "}"];
}

/** How wide the cells of the item at hand are to be. */
function ownWidths(path: AstPath): readonly number[] {
  return widthsOf.get(path.parent as F.Body)?.get(path.node as F.Item) ?? [];
}

function printCondition(node: F.Condition, path: AstPath, print: Print): Doc {
  const [leftWidth, operatorWidth] = ownWidths(path);
  const { value } = node;
  if (leftWidth === undefined || operatorWidth === undefined || value.type !== "binary") {
    return path.call(print, "value");
  }
  const [left = "", right = ""] = ["left", "right"].map((side) =>
    flatText(path.call(print, "value", side)),
  );
  return `${padded(left, leftWidth)} ${padded(value.operator, operatorWidth)} ${right}`;
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

/** Steps that arrows join: on one line, or each arrow on a line of its own; braces stay with their words. */
function printLine(node: F.Line, path: AstPath, print: Print): Doc {
  const steps = path.map(print, "steps");
  const [first = "", ...links] = steps;
  const widths = ownWidths(path);
  if (widths.length > 0) {
    const cells = path.map((step) => flatText(stepOnly(step, print)) ?? "", "steps");
    return cells.map((cell, index) => {
      const width = widths[index];
      return width === undefined ? cell : `${padded(cell, width)} -> `;
    });
  }
  const hasBraces = node.steps.some((each) => {
    const { type } = each.type === "link" ? each.step : each;
    return type === "section" || type === "residual";
  });
  const hasComments = node.steps.some(({ comments }) => comments !== undefined);
  if (!hasBraces || hasComments) {
    return group([first, indent(links.map((link) => [line, link]))]);
  }
  return [
    first,
    ...links.map((link) => {
      const broken = Symbol("broken");
      const separator = group(indent(line), { id: broken });
      return [separator, indentIfBreak(link, { groupId: broken })];
    }),
  ];
}

/** A step without its arrow. */
function stepOnly(path: AstPath, print: Print): Doc {
  return path.node.type === "link" ? path.call(print, "step") : print(path);
}

/** `shortcut` begins a line, but where all of it was written on one and fits. */
function printResidual(node: F.Residual, path: AstPath, text: string, print: Print): Doc {
  const { body, shortcut } = node;
  const separator = spansLines(text, body.end, shortcut.start) ? hardline : line;
  const parts = [path.call(print, "body"), separator, path.call(print, "shortcut")];
  return group(["residual ", ...parts, labelOf(node)]);
}
