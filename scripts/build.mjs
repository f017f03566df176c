/**
 * Builds the package: the command's bundle with its code cache, the bundle of the commands that run
 * tensors, the library, and its types. `node scripts/build.mjs [FOLDER] [--no-types]` builds it into
 * FOLDER, which becomes a whole package, or into the repository itself.
 */
import { execFileSync } from "node:child_process";
import { cpSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const usage = `usage: node scripts/build.mjs [FOLDER] [--no-types]
Builds the package into FOLDER, which becomes a whole package, or into the
repository itself; --no-types leaves out its types.`;
const given = process.argv.slice(2);
const [folder, ...more] = given.filter((argument) => !argument.startsWith("-"));
const [strange] = [
  ...given.filter((argument) => argument.startsWith("-") && argument !== "--no-types"),
  ...more,
];
if (strange === "--help" || strange === "-h") {
  console.log(usage);
  process.exit(0);
}
if (strange !== undefined) {
  console.error(`error: it does not take ${strange}\n${usage}`);
  process.exit(2);
}
const target = folder === undefined ? root : resolve(folder);
const dist = join(target, "dist");
rmSync(dist, { recursive: true, force: true });

if (folder !== undefined) {
  const pages = [join("docs", "errors"), join("docs", "rules")];
  for (const part of ["package.json", "bin", "std", ...pages, join("scripts", "tensorflow")]) {
    cpSync(join(root, part), join(target, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(target, "node_modules"));
}

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  logLevel: "warning",
};
/** Commander asks for it at once and needs it only for commands that are programs of their own. */
const lazyChildProcess = {
  name: "lazy-child-process",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path }) => ({ path, namespace: "lazy" }));
    onLoad({ filter: /.*/, namespace: "lazy" }, () => ({
      contents: 'exports.spawn = (...given) => require("child_process").spawn(...given);',
    }));
  },
};
await build({
  ...common,
  plugins: [lazyChildProcess],
  entryPoints: ["src/cli/main.ts"],
  outfile: join(dist, "command.cjs"),
  format: "cjs",
  minify: true,
  define: { "import.meta.url": "bundleUrl" },
  banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
});
/**
 * Packages are found when they are asked for, but for the parser's: they are several hundred files, which take
 * longer to find than a whole lint of unchanged specs.
 */
const externalButParser = {
  name: "external-but-parser",
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" || /^(chevrotain|@chevrotain\/.*|lodash-es(\/.*)?)$/.test(path)
        ? undefined
        : { path, external: true },
    );
  },
};
await build({
  ...common,
  entryPoints: {
    "tensor-commands": "src/cli/tensor-commands.ts",
    "tool-commands": "src/cli/tool-commands.ts",
    index: "src/index.ts",
    "prettier-plugin": "src/format/prettier-plugin.ts",
    // Beside the chunk of its session, which starts it.
    "chunks/worker": "src/engines/onnx/worker.js",
    // Beside the chunk of the data sets, likewise.
    "chunks/data-worker": "src/train/data/worker.ts",
    "chunks/data-decoder": "src/train/data/decoder.ts",
    // Beside the chunk of the pages, which serves it.
    "chunks/page-script": "src/report/page-script.js",
  },
  outdir: dist,
  format: "esm",
  splitting: true,
  plugins: [externalButParser],
  chunkNames: "chunks/[name]-[hash]",
});

if (!given.includes("--no-types")) {
  const typescript = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const types = ["-p", join(root, "tsconfig.build.json"), "--outDir", join(dist, "types")];
  execFileSync(process.execPath, [typescript, ...types], { stdio: "inherit" });
}
execFileSync(
  process.execPath,
  [join(target, "bin", "resnetc.cjs"), "check", join(root, "specs", "resnet50.resnet")],
  { env: { ...process.env, RESNETC_WRITE_CACHE: "1" }, stdio: ["ignore", "ignore", "inherit"] },
);
