/** Whether two texts say the same: the tokens, the items that they are in, and the comments. */
import { SourceFile } from "../source/source.js";
import { layOut } from "../syntax/layout.js";
import { lex } from "../syntax/lexer.js";

/**
 * Whether `one` and `other` have the same tokens, the same ends of items and the same comments. A comment may
 * have changed places with others or with a sign, or have lost space behind it.
 */
export function saySame(one: string, other: string): boolean {
  const [first, second] = [contentOf(one), contentOf(other)];
  return first.tokens === second.tokens && first.comments === second.comments;
}

function contentOf(text: string): { readonly tokens: string; readonly comments: string } {
  const { tokens, comments } = lex(new SourceFile("", text));
  const words = comments.flatMap(({ image }) => image.trim().split(/\s+/));
  return {
    tokens: layOut(tokens)
      .map(({ tokenType, image }) => `${tokenType.name} ${image}`)
      .join("\n"),
    comments: words.sort().join("\n"),
  };
}
