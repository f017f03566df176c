/** The extension as it is packaged: a folder with what the archive holds, and nothing else. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeBundles } from "./bundles.js";

/** What is taken over as it is. */
const taken = [
  ...["package.json", "README.md", "CHANGELOG.md", "LICENSE", "language-configuration.json"],
  ...["syntaxes", "snippets", "images"],
];

/**
 * Makes the folder.
 *
 * @param root the repository.
 * @param target an empty folder, or one that is yet to be made.
 */
export async function makeExtensionFolder(root: string, target: string): Promise<void> {
  const source = join(root, "editors", "vscode");
  mkdirSync(target, { recursive: true });
  for (const part of taken) cpSync(join(source, part), join(target, part), { recursive: true });
  cpSync(join(root, "schema"), join(target, "schemas"), { recursive: true });
  await writeBundles(root, target);
  // The folder is made to hold what is packaged and nothing else; without this file the packager doubts it.
  writeFileSync(join(target, ".vscodeignore"), "");
}
