/** Draws the pictures of the documentation anew: `npm run images`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { refuseWords, runScript } from "../command-line.js";
import { documentationPictures } from "./pictures.js";

const usage = `usage: npm run images
Draws the pictures of the documentation anew.`;

await runScript(usage, (given) => {
  refuseWords(given);
  const root = process.cwd();
  for (const [path, drawn] of documentationPictures(root)) {
    writeFileSync(join(root, path), drawn);
    console.log(path);
  }
});
