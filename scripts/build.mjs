/**
 * Builds the package into `dist`: the command's bundle with its code cache, the bundle of the commands
 * that run tensors, the library with its types.
 */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
rmSync(dist, { recursive: true, force: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  logLevel: "warning",
};
await build({
  ...common,
  entryPoints: ["src/cli/main.ts"],
  outfile: join(dist, "command.cjs"),
  format: "cjs",
  minify: true,
  define: { "import.meta.url": "bundleUrl" },
  banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
});
await build({
  ...common,
  entryPoints: { "tensor-commands": "src/cli/tensor-commands.ts", index: "src/index.ts" },
  outdir: dist,
  format: "esm",
  splitting: true,
  packages: "external",
  chunkNames: "chunks/[name]-[hash]",
});

const typescript = createRequire(import.meta.url).resolve("typescript/bin/tsc");
execFileSync(process.execPath, [typescript, "-p", join(root, "tsconfig.build.json")], {
  stdio: "inherit",
});
execFileSync(
  process.execPath,
  [join(root, "bin", "resnetc.cjs"), "check", join(root, "specs", "resnet50.resnet")],
  { env: { ...process.env, RESNETC_WRITE_CACHE: "1" }, stdio: ["ignore", "ignore", "inherit"] },
);
