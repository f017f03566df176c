#!/usr/bin/env node
// @ts-check
/**
 * Puts a modern TensorFlow under TensorFlow.js, for the engines node and node-gpu, from PyPI and npm alone:
 * `resnetc-tensorflow [--gpu] [--force]`. What is there is whole or not there at all.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compileBinding, installPackage, libraries, tryBuild } from "./binding.mjs";
import { buildDescription, buildFolder, home, packageName, versions } from "./place.mjs";
import { BuildError, findTools, isStopped, stopTools } from "./tools.mjs";
import { pythonWithPip, takeTensorFlow } from "./wheels.mjs";
import { openWorkplace } from "./workplace.mjs";

const usage = `Puts TensorFlow ${versions.tensorflow} under TensorFlow.js, for the engines node and node-gpu.

usage: npx resnetc-tensorflow [--gpu] [--force] [--where]

  --gpu    for an NVIDIA GPU, with the CUDA libraries that TensorFlow needs (the
           driver must be there); without it, for the processor
  --force  make it anew though it is there
  --where  only print the folder in which it lies

It needs Python 3 with pip, a C++ compiler, npm, and 1.5 GB of disk (7 GB for a
GPU). It lies under RESNETC_TENSORFLOW where that is set, else in ~/.cache.
`;

/** @param {string} line */
function tell(line) {
  process.stdout.write(`${line}\n`);
}

/** @param {string} path */
function shown(path) {
  return path.startsWith(`${home()}/`) ? `~${path.slice(home().length)}` : path;
}

/** @throws {BuildError} where there is no wheel of TensorFlow for this machine */
function checkMachine(/** @type {boolean} */ gpu) {
  const { platform, arch, report } = process;
  if (platform !== "linux") {
    throw new BuildError(`this works on Linux; this is ${platform}`, [
      `npm install ${packageName(false)} fetches TensorFlow 2.9 itself,`,
      "or use the engine onnx, which needs no set-up",
    ]);
  }
  if (arch !== "x64" && (arch !== "arm64" || gpu)) {
    const known = gpu ? "x64" : "x64 and arm64";
    throw new BuildError(`TensorFlow has libraries for ${known}; this is ${arch}`);
  }
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (
    report.getReport()
  );
  const [major = 0, minor = 0] = (header.glibcVersionRuntime ?? "").split(".").map(Number);
  if (major < 2 || (major === 2 && minor < 27)) {
    const found = header.glibcVersionRuntime ?? "another C library";
    throw new BuildError(`TensorFlow's libraries need glibc 2.27 or later; this is ${found}`);
  }
}

/**
 * Whether the build is there, is of what it would be made of now, and loads.
 * @param {boolean} gpu
 * @param {string} folder
 */
async function isReady(gpu, folder) {
  const file = join(folder, "build.json");
  if (!existsSync(file) || readFileSync(file, "utf8").trim() !== buildDescription()) return false;
  try {
    await tryBuild(gpu, folder);
    return true;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    tell(`what is there is made anew, since it does not load: ${error.message}`);
    return false;
  }
}

/**
 * Makes the build in a temporary folder, tries it there, and only then moves it to its place.
 * @param {boolean} gpu
 * @param {string} place
 * @param {string} temporary
 * @returns {Promise<boolean>} whether it runs on a GPU
 */
async function build(gpu, place, temporary) {
  const tools = findTools();
  const folder = join(temporary, "build");
  const target = join(folder, libraries);
  mkdirSync(target, { recursive: true });
  tell(`1/4  ${packageName(gpu)} ${versions.tfjs} from npm`);
  await installPackage(gpu, folder, tools.npm);
  tell(`2/4  TensorFlow ${versions.tensorflow} from PyPI (${gpu ? "over 3 GB" : "270 MB"})`);
  const python = await pythonWithPip(tools, temporary);
  await takeTensorFlow(gpu, { python, temporary, target }, (line) => tell(`     ${line}`));
  tell(`3/4  the binding between them, with ${tools.compiler}`);
  await compileBinding(gpu, folder, tools.compiler);
  tell("4/4  a first product of matrices");
  const onGpu = await tryBuild(gpu, folder);
  writeFileSync(join(folder, "build.json"), `${buildDescription()}\n`);
  rmSync(place, { recursive: true, force: true });
  renameSync(folder, place);
  return onGpu;
}

/** @param {{ gpu: boolean, force: boolean }} options */
async function install({ gpu, force }) {
  checkMachine(gpu);
  const place = buildFolder(gpu);
  const engine = gpu ? "node-gpu" : "node";
  if (!force && (await isReady(gpu, place))) {
    tell(`TensorFlow ${versions.tensorflow} is there for the engine ${engine}: ${shown(place)}`);
    return;
  }
  tell(`TensorFlow ${versions.tensorflow} for the engine ${engine}, into ${shown(place)}`);
  const start = Date.now();
  const temporary = openWorkplace(dirname(place));
  const stop = () => stopTools();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    const onGpu = await build(gpu, place, temporary);
    tell(`done in ${Math.round((Date.now() - start) / 1000)} s; to see it: npx resnetc engines`);
    if (gpu && !onGpu) {
      tell("TensorFlow loads but finds no GPU: is there one, and NVIDIA's driver (nvidia-smi)?");
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

const known = ["--gpu", "--force", "--where", "--help"];
const given = process.argv.slice(2);
const strange = given.find((argument) => !known.includes(argument));
const gpu = given.includes("--gpu");
if (strange !== undefined) {
  process.stderr.write(`error: there is no option ${strange}\n\n${usage}`);
  process.exitCode = 2;
} else if (given.includes("--help")) tell(usage.trimEnd());
else if (given.includes("--where")) tell(buildFolder(gpu));
else {
  try {
    await install({ gpu, force: given.includes("--force") });
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    if (isStopped()) process.stderr.write("stopped; nothing was changed\n");
    else process.stderr.write(`${[`error: ${error.message}`, ...error.help].join("\n  ")}\n`);
    process.exitCode = isStopped() ? 130 : 1;
  }
}
