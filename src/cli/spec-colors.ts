/** A spec in colours, by the language's own tokens: what is no token keeps its text as it is. */
import type { IToken } from "chevrotain";
import { SourceFile } from "../source/source.js";
import { lex } from "../syntax/lexer.js";
import type { Colors } from "./terminal.js";

/** The same text with colours between; a text without any where `colors` has none. */
export function colouredSpec(text: string, colors: Colors): string {
  if (!colors.isColorSupported) return text;
  const { tokens, comments } = lex(new SourceFile("example.resnet", text));
  const ordered = [...tokens, ...comments].sort((a, b) => a.startOffset - b.startOffset);
  let coloured = "";
  let at = 0;
  for (const token of ordered) {
    const end = token.startOffset + token.image.length;
    if (token.startOffset < at || text.slice(token.startOffset, end) !== token.image) continue;
    coloured += text.slice(at, token.startOffset) + paint(token, colors);
    at = end;
  }
  return coloured + text.slice(at);
}

function paint({ tokenType: { name }, image }: IToken, colors: Colors): string {
  if (image.startsWith("//")) return colors.dim(image);
  if (name.endsWith("Keyword") || name === "Arrow") return colors.magenta(image);
  // `x` counts and `for` binds; a word that is a name here is one of these too, and reads well either way.
  if (name.endsWith("Word")) return colors.magenta(image);
  if (name === "Number" || name === "Dimensions") return colors.yellow(image);
  if (name.endsWith("String")) return colors.green(image);
  return image;
}
