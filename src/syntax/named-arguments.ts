/** Arguments that stand behind their name without the colon: `stride 2`. */
import { tokenMatcher, type IToken } from "chevrotain";
import type { Help, Mends } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source.js";
import { isEither } from "./fault-edits.js";
import { spanOf } from "./lexer.js";
import type { SyntaxFault } from "./recovering-parser.js";
import * as T from "./tokens.js";

/** The names by which operations take arguments; any other may be a value that lacks its comma. */
const argumentNames: ReadonlySet<string> = new Set([
  ...["kernel", "channels", "stride", "pad", "dilation", "groups", "bias", "ceil"],
  ...["epsilon", "momentum", "gamma", "rate", "factor"],
]);

/** The same in PyTorch and Keras, of which another help says what they are called here. */
const foreignNames: ReadonlySet<string> = new Set([
  ...["kernel_size", "filters", "out_channels", "in_channels", "strides", "padding"],
  ...["dilation_rate", "ceil_mode", "eps", "p", "units", "scale_factor"],
]);

const constants: ReadonlySet<string> = new Set([
  ...["true", "false", "True", "False"],
  ...["identity", "project", "pad", "none"],
]);

/** The colon between a name and a value that nothing parts. */
export function missingColon(file: SourceFile, fault: SyntaxFault): Mends | undefined {
  const { found, before, rule, inCondition } = fault;
  if (inCondition || rule === "list" || rule === "parameters") return undefined;
  if (!tokenMatcher(before, T.Identifier) || found.startLine !== before.endLine) return undefined;
  if (!isValue(found)) return undefined;
  const name = before.image;
  const isKnown = argumentNames.has(name) || foreignNames.has(name);
  const isArgument = /[,(]$/.test(file.text.slice(0, before.startOffset).trimEnd());
  if (!isKnown && !isArgument) return undefined;
  const span = file.span(spanOf(file, before).end, found.startOffset);
  const help: Help = {
    text: `a named argument is written with a colon: \`${name}: ${found.image}\``,
    edits: [{ span, text: ": " }],
  };
  if (isParameter(file, fault)) {
    const text = `two arguments are parted by a comma: \`${name}, ${found.image}\``;
    const comma: Help = { text, edits: [{ span, text: ", " }], applicability: "unsafe" };
    return { ...help, applicability: "unsafe", alternatives: [comma] };
  }
  return isKnown || isConstant(found) ? help : { ...help, applicability: "unsafe" };
}

/** Whether the token before is a name that the header of the declaration around it has: most likely a parameter. */
function isParameter(file: SourceFile, { declaration, before }: SyntaxFault): boolean {
  if (declaration === undefined) return false;
  const { startOffset: start } = declaration;
  const header = file.text.slice(start, file.text.indexOf("{", start));
  return new RegExp(`\\b${before.image}\\b`).test(header);
}

function isValue(token: IToken): boolean {
  if (isEither(token, T.NumberLiteral, T.Dimensions, T.StringLiteral)) return true;
  return isConstant(token);
}

function isConstant(token: IToken): boolean {
  return tokenMatcher(token, T.Identifier) && constants.has(token.image);
}
