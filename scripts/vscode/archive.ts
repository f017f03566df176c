/** From the extension's folder to the archive that an editor installs. */
import { makeExtensionFolder } from "./extension-folder.js";

/**
 * Writes `file`, a .vsix.
 *
 * @param root the repository.
 * @param folder an empty folder, in which the extension is put together.
 */
export async function packageExtension(root: string, folder: string, file: string): Promise<void> {
  await makeExtensionFolder(root, folder);
  const { createVSIX } = await import("@vscode/vsce");
  await createVSIX({
    cwd: folder,
    packagePath: file,
    dependencies: false,
    allowMissingRepository: true,
  });
}
