/**
 * Writes what is generated of the language: under `grammar/` the grammar, its diagrams and the tables of the
 * reference; for editors the TextMate grammar.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { grammarPath, printTextMateGrammar } from "../vscode/grammar-file.js";
import { generatedFiles } from "./files.js";

const folder = "grammar";
const files = await generatedFiles((path) => readFileSync(join(folder, path), "utf8"));
for (const [name, text] of files) write(join(folder, name), text);
write(grammarPath, await printTextMateGrammar());

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(path);
}
