/**
 * Writes what is generated of the language: under `grammar/` the grammar, its diagrams and the tables of the
 * reference; for editors the TextMate grammar and the pictures of the extension.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { refuseWords, runScript } from "../command-line.js";
import { grammarPath, printTextMateGrammar } from "../vscode/grammar-file.js";
import { pictures } from "../vscode/pictures.js";
import { generatedFiles } from "./files.js";

const folder = "grammar";
const usage = `usage: npm run grammar
Writes the grammar, its diagrams and its tables under grammar/, and what the
editors have of it under editors/vscode/.`;

await runScript(usage, async (given) => {
  refuseWords(given);
  const files = await generatedFiles((path) => readFileSync(join(folder, path), "utf8"));
  for (const [name, text] of files) write(join(folder, name), text);
  write(grammarPath, await printTextMateGrammar());
  for (const [name, data] of await pictures()) write(join("editors/vscode/images", name), data);
});

function write(path: string, text: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(path);
}
