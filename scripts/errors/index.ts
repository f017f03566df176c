/** Writes docs/errors/README.md, the index of the pages of errors. */
import { writeFileSync } from "node:fs";
import { errorIndex } from "./error-index.js";

const path = "docs/errors/README.md";
writeFileSync(path, errorIndex());
console.log(path);
