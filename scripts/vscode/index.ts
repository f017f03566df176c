/** Packages the extension: `npm run vsix [-- FILE.vsix]`. Nothing is fetched. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { packageExtension } from "./archive.js";

const root = process.cwd();
const { version } = JSON.parse(
  readFileSync(join(root, "editors", "vscode", "package.json"), "utf8"),
) as { readonly version: string };
const file = resolve(process.argv[2] ?? join("build", `resnetc-${version}.vsix`));
const folder = mkdtempSync(join(tmpdir(), "resnetc-extension-"));
try {
  mkdirSync(dirname(file), { recursive: true });
  await packageExtension(root, folder, file);
  console.log(relative(root, file));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
