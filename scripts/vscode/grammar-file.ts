/** The TextMate grammar as it is committed. */
import { format, resolveConfig } from "prettier";
import { textMateGrammar } from "./text-mate.js";

/** From the repository's root. */
export const grammarPath = "editors/vscode/syntaxes/resnet.tmLanguage.json";

/** The text of the file. */
export async function printTextMateGrammar(): Promise<string> {
  const options = { ...(await resolveConfig(grammarPath)), parser: "json" };
  return format(JSON.stringify(textMateGrammar()), options);
}
