/** Draws the pictures of the documentation anew: `npm run images`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentationPictures } from "./pictures.js";

const root = process.cwd();
for (const [path, drawn] of documentationPictures(root)) {
  writeFileSync(join(root, path), drawn);
  console.log(path);
}
