/** Packages the extension: `npm run vsix [-- FILE.vsix]`. Nothing is fetched. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { parsedWords, runScript, WrongWords } from "../command-line.js";
import { packageExtension } from "./archive.js";

const usage = `usage: npm run vsix [-- FILE.vsix]
Packages the extension for VS Code, into build/resnetc-VERSION.vsix where FILE
is left out.`;

await runScript(usage, async (given) => {
  const { positionals } = parsedWords({ args: [...given], allowPositionals: true });
  const [named, more] = positionals;
  if (more !== undefined) throw new WrongWords(`it takes one file, and was given ${more} too`);
  if (named?.endsWith(".vsix") === false) throw new WrongWords(`${named} does not end in .vsix`);
  const root = process.cwd();
  const { version } = JSON.parse(
    readFileSync(join(root, "editors", "vscode", "package.json"), "utf8"),
  ) as { readonly version: string };
  const file = resolve(named ?? join("build", `resnetc-${version}.vsix`));
  const folder = mkdtempSync(join(tmpdir(), "resnetc-extension-"));
  try {
    mkdirSync(dirname(file), { recursive: true });
    await packageExtension(root, folder, file);
    console.log(relative(root, file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
