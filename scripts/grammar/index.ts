/** Writes what is generated under `grammar/`: the grammar, its diagrams, and the tables of the reference. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles } from "./files.js";

const folder = "grammar";
mkdirSync(join(folder, "railroad"), { recursive: true });
const files = await generatedFiles((path) => readFileSync(join(folder, path), "utf8"));
for (const [name, text] of files) {
  writeFileSync(join(folder, name), text);
  console.log(join(folder, name));
}
