// @ts-check
/**
 * TensorFlow.js's package for Node, installed without its install script, and its binding (two files of C++
 * over Node-API and TensorFlow's C interface) compiled against the libraries that lie beside it.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageName, versions } from "./place.mjs";
import { run } from "./tools.mjs";

/** The folder of the libraries, in that of the build. */
export const libraries = "python";

/**
 * @param {boolean} gpu
 * @param {string} folder
 * @param {import("./tools.mjs").Tool} npm
 */
export async function installPackage(gpu, folder, { command, first }) {
  const dependencies = {
    [packageName(gpu)]: versions.tfjs,
    "node-api-headers": versions.headers,
  };
  const description = { name: "resnetc-tensorflow", private: true, dependencies };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(description, undefined, 2)}\n`);
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  await run(
    `install ${packageName(gpu)} from npm`,
    command,
    [...first, "install", ...options, "--prefix", folder],
    { cwd: folder },
  );
}

/**
 * Compiles the binding, and the module that is loaded before it to keep TensorFlow quiet.
 * @param {boolean} gpu
 * @param {string} folder
 * @param {string} compiler
 */
export async function compileBinding(gpu, folder, compiler) {
  const source = join(folder, "node_modules", packageName(gpu));
  const headers = join(folder, libraries, "tensorflow", "include");
  const target = join(source, "lib", `napi-v${versions.napi}`);
  mkdirSync(target, { recursive: true });
  const includes = [
    join(folder, "node_modules", "node-api-headers", "include"),
    headers,
    dirname(source),
  ];
  /** @type {(what: string, sources: string[], to: string, linked: string[], up: string) => Promise<string>} */
  const compile = (what, sources, to, linked, up) =>
    run(`compile ${what}`, compiler, [
      ...["-std=gnu++17", "-O2", "-fPIC", "-shared", `-DNAPI_VERSION=${versions.napi}`],
      ...includes.flatMap((path) => ["-I", path]),
      ...sources,
      ...["-o", to],
      ...linked.map((name) => join(folder, libraries, "tensorflow", `lib${name}.so.2`)),
      `-Wl,-rpath,$ORIGIN/${up}${libraries}/tensorflow`,
    ]);
  const quiet = fileURLToPath(new URL("quiet.cc", import.meta.url));
  await compile("quiet.cc", [quiet], join(folder, "quiet.node"), [], "");

  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"].map((file) =>
    join(source, "binding", file),
  );
  // From lib/napi-v8 in @tensorflow/tfjs-node in node_modules up to the build's own folder.
  const up = "../".repeat(5);
  const linked = ["tensorflow_cc", "tensorflow_framework"];
  await compile("the binding", sources, join(target, "tfjs_binding.node"), linked, up);
  rmSync(headers, { recursive: true });
}

const product = `
const util = require("node:util");
// Node 23 took them away.
util.isNullOrUndefined = (value) => value === null || value === undefined;
util.isArray = Array.isArray;
require(process.argv[2]);
const tf = require(process.argv[1]);
const [value] = tf.matMul([[1, 2, 3]], [[4], [5], [6]]).dataSync();
if (value !== 32) throw new Error("1 x 4 + 2 x 5 + 3 x 6 came out as " + value);
process.stdout.write("\\n@@" + (tf.backend().isUsingGpuDevice === true ? "gpu" : "cpu"));
`;

/**
 * Loads the build in a process of its own and lets it multiply.
 * @param {boolean} gpu
 * @param {string} folder
 * @returns {Promise<boolean>} whether it runs on a GPU
 */
export async function tryBuild(gpu, folder) {
  const entry = join(folder, "node_modules", packageName(gpu));
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3" };
  const printed = await run(
    "multiply two matrices with the build",
    process.execPath,
    ["-e", product, entry, join(folder, "quiet.node")],
    { env },
  );
  return printed.includes("@@gpu");
}
