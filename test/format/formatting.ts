/** What the tests of the formatter share: formatting a text, and what of a text has a meaning. */
import { format } from "prettier";
import * as plugin from "../../src/format/prettier-plugin.js";
import { SourceFile } from "../../src/source/source.js";
import type { Options } from "prettier";
import { parse } from "../../src/syntax/parse.js";

export async function formatted(text: string, options: Options = {}): Promise<string> {
  return format(text, { parser: "resnet", plugins: [plugin], printWidth: 100, ...options });
}

/** The syntax tree without its places: what the text means. Trailing space in documentation means nothing. */
export function meaning(text: string): unknown {
  const { unit, diagnostics } = parse(new SourceFile("spec.resnet", text));
  if (diagnostics.length > 0) throw new Error(`${diagnostics[0]?.message} in:\n${text}`);
  const plain = JSON.stringify(unit.declarations, (key, value: unknown) => {
    if (key === "span" || key === "shortcutSpan") return undefined;
    if (key === "docs" && typeof value === "string") return value.replaceAll(/[ \t]+$/gm, "");
    return value;
  });
  return JSON.parse(plain);
}

export function isSound(text: string): boolean {
  return parse(new SourceFile("spec.resnet", text)).diagnostics.length === 0;
}

/** The words of a text's comments, sorted: comments may change places with a comma or with one another. */
export function commentWords(text: string): readonly string[] {
  const { unit } = parse(new SourceFile("spec.resnet", text));
  return unit.comments.flatMap((comment) => comment.text.trim().split(/\s+/)).sort();
}
