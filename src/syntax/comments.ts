/** Comments within what a mend replaces. */
import { textOf, type Span } from "../source/source.js";

/** Whether a comment stands in a span, which a mend would lose with it. */
export function holdsComment(span: Span): boolean {
  return textOf(span).includes("//");
}
