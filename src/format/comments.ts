/**
 * Where comments go that prettier's rule (a comment belongs to the node behind it on its line, else to the one
 * that follows) would put where a line's end has a meaning, or where nobody would look for them.
 */
import { isNext, skipBlank } from "./gaps.js";
import type { AttachedComment, Body, Node } from "./tree.js";

/** A comment while prettier looks for the node that it belongs to. */
interface PlacedComment extends AttachedComment {
  readonly enclosingNode?: Node;
  readonly precedingNode?: Node;
  readonly followingNode?: Node;
}

/** @returns whether the comment has been attached. */
function attach(comment: PlacedComment, text: string): boolean {
  const { enclosingNode: around, precedingNode: before, followingNode: after } = comment;
  if (around === undefined) return false;
  // `stem // why {`: the comment goes into the braces, unless the braces are an item themselves.
  if (after?.type === "body" && around.type !== "body") return into(after, comment);
  switch (around.type) {
    case "argument":
      // A slash and a comment would be a longer comment.
      return around.slash && add(around, comment);
    case "callStep":
      // `conv( // why )`
      return isNext(text, ")", comment.end) && around.enclosed?.length === 0
        ? add(around, comment)
        : false;
    case "index":
      return after ? leading(after, comment) : false;
    case "link":
      // Behind an arrow.
      if (before) return false;
      if (text.slice(around.start, comment.start).includes("\n")) return leading(around, comment);
      return trailing(around.previous, comment);
    case "stage":
      return before ? false : leading(around, comment);
    case "declaration":
      if (after?.type === "where") return leading(after, comment);
      // `network A() // why {`: nothing is in the braces that stand before it.
      if (around.body && comment.end <= around.body.start && before?.type !== "call" && !after) {
        return into(around.body, comment);
      }
      return false;
    default:
      return false;
  }
}

function into(body: Body, comment: AttachedComment): boolean {
  const [first] = body.items;
  return first ? leading(first, comment) : add(body, comment);
}

function leading(node: Node, comment: AttachedComment): boolean {
  comment.leading = true;
  comment.trailing = false;
  return add(node, comment);
}

function trailing(node: Node, comment: AttachedComment): boolean {
  comment.leading = false;
  comment.trailing = true;
  return add(node, comment);
}

function add(node: Node, comment: AttachedComment): boolean {
  comment.printed = false;
  (node.comments ??= []).push(comment);
  return true;
}

/** For prettier: the same for comments on lines of their own and for those at the ends of lines. */
export const handleComments = {
  avoidAstMutation: true,
  ownLine: (comment: object, text: string): boolean => attach(comment as PlacedComment, text),
  endOfLine: (comment: object, text: string): boolean => attach(comment as PlacedComment, text),
  remaining: (comment: object, text: string): boolean => attach(comment as PlacedComment, text),
};

/** The comments that stand in a node that holds nothing else. */
export function danglingComments(node: Node): readonly AttachedComment[] {
  return (node.comments ?? []).filter((comment) => !comment.leading && !comment.trailing);
}

/** Whether a comment stands before a node. */
export function hasLeadingComment({ comments = [] }: Node): boolean {
  return comments.some((comment) => comment.leading);
}

/** Whether a comment before a node asks for it to be left as it is. */
export function isIgnored({ comments = [] }: Node): boolean {
  return comments.some(
    ({ leading, value }) => leading && /^\/\/\s*prettier-ignore\s*$/.test(value),
  );
}

/** Whether the first thing in a file is a comment that asks for formatting. */
export function hasPragma(text: string): boolean {
  const first = text.replace(/^\ufeff/, "").trimStart();
  return skipBlank(first, 0) > 0 && /^\/\/\s*@(?:format|prettier)\s*(?:\n|\r|$)/.test(first);
}
