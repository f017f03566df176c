/** The two programs of the extension, each one file that needs nothing but Node and, for the first, the editor. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";
import { noticesOf } from "../notices.js";

const common: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node18",
  format: "cjs",
  // What libraries are as modules; as CommonJS some ask for their parts in ways that cannot be bundled.
  mainFields: ["module", "main"],
  minify: true,
  // Names of functions are what stacks in reports of faults are read by.
  keepNames: true,
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
};

/**
 * Packages with binaries, and prettier's other languages: the resnetc inside the extension comes without them, and says
 * so where one is asked for.
 */
const leftOut: Plugin = {
  name: "left-out",
  setup({ onResolve, onLoad }) {
    const packages = /^(?:sharp|onnxruntime-node|webgpu|@tensorflow\/.*)$/;
    onResolve({ filter: packages }, ({ path }) => ({ path, namespace: "left-out" }));
    onResolve({ filter: /^\.\/plugins\/.*\.mjs$/ }, ({ path, importer }) =>
      /[\\/]prettier[\\/]index\.mjs$/.test(importer) ? { path, namespace: "left-out" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => {
      const message = `the resnetc inside the extension comes without ${path}`;
      const error = `Object.assign(new Error(${JSON.stringify(message)}), { name: "UsageError", help: "npm install resnetc" })`;
      return { contents: `throw ${error};\nexport default undefined;` };
    });
  },
};

/**
 * Writes `dist/extension.cjs` and the resnetc inside the extension, `server/`, with its standard blocks and the pages
 * of `explain`; beside them the licences of what is bundled.
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
    plugins: [leftOut],
    define: { "import.meta.url": "bundleUrl" },
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  const inputs = [client, server].flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
  writeFileSync(join(target, "THIRD-PARTY-NOTICES.txt"), noticesOf(root, inputs));
  for (const part of ["std", join("docs", "errors"), join("docs", "rules")]) {
    cpSync(join(root, part), join(target, "server", part), { recursive: true });
  }
  const { name, version, license } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as Readonly<Record<string, string>>;
  const manifest = JSON.stringify({ name, version, license, private: true }, undefined, 2);
  writeFileSync(join(target, "server", "package.json"), `${manifest}\n`);
}
