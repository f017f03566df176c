/** Writes docs/errors/README.md, the index of the pages of errors. */
import { writeFileSync } from "node:fs";
import { refuseWords, runScript } from "../command-line.js";
import { errorIndex } from "./error-index.js";

const path = "docs/errors/README.md";
const usage = `usage: npm run errors
Writes ${path}, the index of the pages of errors.`;

await runScript(usage, (given) => {
  refuseWords(given);
  writeFileSync(path, errorIndex());
  console.log(path);
});
