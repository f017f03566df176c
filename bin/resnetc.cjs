#!/usr/bin/env node
/**
 * Starts the command. Its code is one bundle, compiled through a code cache that the build leaves
 * beside it, since most of what a short command takes would be compiling; a cache that is missing or
 * of another Node is passed over. What runs tensors
 * and the tools around the language are bundles of their own, loaded when they are needed.
 */
const { readFileSync } = require("node:fs");
const { availableParallelism } = require("node:os");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { Script } = require("node:vm");

// Images are decoded in libuv's threads, of which there are four where nobody says otherwise.
process.env.UV_THREADPOOL_SIZE ??= String(Math.min(16, Math.max(4, availableParallelism())));

const dist = join(__dirname, "..", "dist");
const filename = join(dist, "command.cjs");

function read(path, encoding) {
  try {
    return readFileSync(path, encoding);
  } catch {
    return undefined;
  }
}

const source = read(filename, "utf8");
if (source === undefined) {
  console.error("error: resnetc is not built\n  = help: npm run build");
  process.exit(70);
}
const script = new Script(
  `(function (exports, require, module, __filename, __dirname) {${source}\n})`,
  {
    filename,
    cachedData: read(join(dist, "command.cache")),
  },
);
const bundle = { exports: {} };
script.runInThisContext()(bundle.exports, require, bundle, filename, dist);
const bundleOf = (name) => () => import(pathToFileURL(join(dist, `${name}.js`)).href);
const load = { tensor: bundleOf("tensor-commands"), tool: bundleOf("tool-commands") };

if (process.env.RESNETC_WRITE_CACHE === "1") {
  // The build: run the command once, then keep what was compiled on the way.
  const { writeFileSync } = require("node:fs");
  void bundle.exports.run(load).then(() => {
    writeFileSync(join(dist, "command.cache"), script.createCachedData());
  });
} else {
  void bundle.exports.run(load);
}
