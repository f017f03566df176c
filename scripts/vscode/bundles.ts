/** The two programs of the extension, each one file that needs nothing but Node and, for the first, the editor. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type BuildOptions } from "esbuild";
import { noticesOf } from "./notices.js";

const common: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node18",
  format: "cjs",
  minify: true,
  // Names of functions are what stacks in reports of faults are read by.
  keepNames: true,
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
};

/**
 * What a library would load if it were there, and does without: it is not taken along, and asking for it fails as
 * it does where it is not installed.
 */
const leftOut = ["sharp", "onnxruntime-node", "webgpu", "@tensorflow/*"];

/**
 * Writes `dist/extension.cjs` and the resnetc inside the extension, `server/`, with its standard blocks;
 * beside them the licences of what is bundled.
 *
 * @param root the repository.
 * @param target the folder of the extension that is being made.
 */
export async function writeBundles(root: string, target: string): Promise<void> {
  const source = join(root, "editors", "vscode", "src");
  const client = await build({
    ...common,
    absWorkingDir: root,
    entryPoints: [join(source, "extension.ts")],
    outfile: join(target, "dist", "extension.cjs"),
    external: ["vscode"],
  });
  const server = await build({
    ...common,
    absWorkingDir: root,
    entryPoints: [join(source, "bundled-command.ts")],
    outfile: join(target, "server", "dist", "resnetc.cjs"),
    external: leftOut,
    define: { "import.meta.url": "bundleUrl" },
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  const inputs = [client, server].flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
  writeFileSync(join(target, "THIRD-PARTY-NOTICES.txt"), noticesOf(root, inputs));
  cpSync(join(root, "std"), join(target, "server", "std"), { recursive: true });
  const { name, version, license } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as Readonly<Record<string, string>>;
  const manifest = JSON.stringify({ name, version, license, private: true }, undefined, 2);
  writeFileSync(join(target, "server", "package.json"), `${manifest}\n`);
}
