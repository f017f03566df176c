/** How values, calls and their arguments are printed. */
import type { AstPath, Doc } from "prettier";
import { builders } from "prettier/doc";
import { danglingComments } from "./comments.js";
import { isEmptyLineBehind } from "./gaps.js";
import type { Argument, Atom, Binary, CallStep, List, Node, Value } from "./tree.js";

const { fill, group, hardline, indent, join, line, softline } = builders;

/** Prints what a path leads to, with its comments. */
export type Print = (path: AstPath) => Doc;

export function printValue(node: Value, path: AstPath, print: Print, text: string): Doc {
  switch (node.type) {
    case "atom":
      return printAtom(node, text);
    case "parentheses":
      return bracketed("(", path.call(print, "inside"), ")");
    case "list":
      return printList(node, path, print, text);
    case "index":
      return [path.call(print, "list"), bracketed("[", path.call(print, "at"), "]")];
    case "call":
      return [node.callee, enclosed("(", path, print, "enclosed", ")", text)];
    case "unary":
      return [node.operator, path.call(print, "operand")];
    case "binary":
      return printBinary(node, path, print);
  }
}

function bracketed(opening: string, inside: Doc, closing: string): Doc {
  return group([opening, indent([softline, inside]), softline, closing]);
}

/** In brackets, a comment may stand before the second word of `project always`. */
function printAtom(node: Atom, text: string): Doc {
  const comments = printDangling(node, text);
  const [first = "", second = ""] = node.text.split(" ");
  return comments === undefined ? node.text : [first, " ", comments, hardline, second];
}

/** Operands in one go, so that where a long expression breaks it breaks as a whole. */
function printBinary({ operator }: Binary, path: AstPath, print: Print): Doc {
  const parts = [path.call(print, "left"), ` ${operator}`, line, path.call(print, "right")];
  const { type } = (path.parent ?? {}) as Partial<Node>;
  return type === "binary" ? parts : group(indent(parts));
}

export function printArgument(node: Argument, path: AstPath, print: Print, text: string): Doc {
  const { name, slash } = node;
  const value = path.call(print, "value");
  const comments = printDangling(node, text);
  if (slash) return comments === undefined ? ["/", value] : ["/ ", comments, hardline, value];
  return name === undefined ? value : [name, ": ", value];
}

/**
 * `4 x Block(64), /2 as name`. Without parentheses a line may end behind a comma only: the first argument
 * stays with the name.
 */
export function printCallStep(node: CallStep, path: AstPath, print: Print, text: string): Doc {
  const { count, callee, open, label } = node;
  const parts: Doc[] = count ? [path.call(print, "count"), " x ", callee] : [callee];
  if (node.enclosed) parts.push(enclosed("(", path, print, "enclosed", ")", text));
  if (open.length > 0) {
    const given = path.map(print, "open");
    if (node.enclosed) parts.push(group(indent([",", line, join([",", line], given)])));
    else parts.push(" ", group(indent(join([",", line], given))));
  }
  if (label !== undefined) parts.push(` as ${label}`);
  return parts;
}

/** `property` of the node at hand, in brackets: on one line, or each item on a line of its own. */
export function enclosed(
  opening: string,
  path: AstPath,
  print: Print,
  property: string,
  closing: string,
  text: string,
): Doc {
  const items = path.map(print, property);
  if (items.length === 0) {
    const comments = printDangling(path.node as Node, text);
    if (comments === undefined) return [opening, closing];
    return [opening, indent([hardline, comments]), hardline, closing];
  }
  const [only, second] = (path.node as Record<string, readonly Node[]>)[property] ?? [];
  // A list that is the only argument stays with its parentheses.
  const isList = only?.type === "argument" && only.value.type === "list";
  if (isList && !second && !hasComments(only) && !hasComments(only.value)) {
    return [opening, ...items, closing];
  }
  return bracketed(opening, join([",", line], items), closing);
}

/** Items that are one word each fill their lines; others stand one to a line. */
function printList(node: List, path: AstPath, print: Print, text: string): Doc {
  const fills = node.items.every((item) => item.type === "atom" && !hasComments(item));
  if (!fills || node.items.length === 0) return enclosed("[", path, print, "items", "]", text);
  const items = path.map(print, "items");
  const parts = items.flatMap((item, index): Doc[] =>
    index < items.length - 1 ? [[item, ","], line] : [item],
  );
  return bracketed("[", fill(parts), "]");
}

function hasComments({ comments }: Node): boolean {
  return comments !== undefined;
}

/**
 * The comments of a node that holds nothing else, each on a line, with the empty lines between them;
 * `undefined` where there are none.
 */
export function printDangling(node: Node, text: string): Doc | undefined {
  const own = danglingComments(node);
  if (own.length === 0) return undefined;
  return own.map((comment, index) => {
    comment.printed = true;
    const before = own[index - 1];
    const separator: Doc[] = before ? [hardline] : [];
    if (before && isEmptyLineBehind(text, before.end)) separator.push(hardline);
    return [...separator, comment.value.trimEnd()];
  });
}
