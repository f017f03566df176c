// @ts-check
/** Runs the tools that a build needs, and finds out which of them this machine lacks and how to get them. */
import { spawn, spawnSync } from "node:child_process";

/** What a person has to know: what went wrong, and lines on how to mend it. */
export class BuildError extends Error {
  /**
   * @param {string} message
   * @param {readonly string[]} help
   */
  constructor(message, help = []) {
    super(message);
    this.help = help;
  }
}

/** @typedef {{ readonly command: string, readonly first: readonly string[] }} Tool */

/**
 * @typedef {object} Tools
 * @property {string} python
 * @property {boolean} pip whether that Python has pip; if not, it can make an environment that has
 * @property {string} compiler
 * @property {Tool} npm
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

let stopped = false;

/** Ends the tools that are running, and lets no other begin: `run` then throws. */
export function stopTools() {
  stopped = true;
  for (const child of running) child.kill();
}

/** Whether `stopTools` has been called. */
export function isStopped() {
  return stopped;
}

/**
 * Runs a tool to its end and gives what it printed, or lets it print to the terminal where `options` say so.
 * @param {string} what what the tool was to do, for the message where it fails
 * @param {string} command
 * @param {readonly string[]} given
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<string>}
 * @throws {BuildError} with the last lines of what it printed
 */
export function run(what, command, given, options = {}) {
  if (stopped) return Promise.reject(new BuildError(`cannot ${what}: it was stopped`));
  return new Promise((resolve, reject) => {
    let printed = "";
    const child = spawn(command, given, { stdio: ["ignore", "pipe", "pipe"], ...options });
    running.add(child);
    const listen = (/** @type {Buffer} */ data) => (printed += data.toString());
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.on("error", (error) => reject(new BuildError(`cannot ${what}: ${error.message}`)));
    child.on("close", (code, signal) => {
      running.delete(child);
      if (code === 0) return resolve(printed);
      const end = signal === null ? `status ${code}` : signal;
      const lines = printed.trimEnd().split("\n").slice(-12).filter(Boolean);
      reject(new BuildError(`cannot ${what}: ${command} ended with ${end}`, lines));
    });
  });
}

/**
 * @param {string} command
 * @param {readonly string[]} given
 */
function works(command, given) {
  return spawnSync(command, given, { stdio: "ignore" }).status === 0;
}

/**
 * The tools of this machine.
 * @returns {Tools}
 * @throws {BuildError} naming all that are missing
 */
export function findTools() {
  const { CXX, npm_execpath: script } = process.env;
  const compilers = CXX ? [CXX] : ["g++", "c++", "clang++"];
  const compiler = compilers.find((command) => works(command, ["--version"]));
  const python = ["python3", "python"].find((command) =>
    works(command, ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"]),
  );
  const pip = python !== undefined && works(python, ["-m", "pip", "--version"]);
  const venv = python !== undefined && works(python, ["-c", "import ensurepip, venv"]);
  /** @type {Tool} */
  const npm = script?.endsWith("npm-cli.js")
    ? { command: process.execPath, first: [script] }
    : { command: "npm", first: [] };
  const missing = [];
  if (python === undefined) {
    missing.push("Python 3.8 or later, with pip: apt-get install python3-pip");
  } else if (!pip && !venv) missing.push("Python's pip: apt-get install python3-pip");
  if (compiler === undefined) {
    const what = CXX ? `CXX is ${CXX}, which does not run` : "a C++ compiler";
    missing.push(`${what}: apt-get install g++`);
  }
  if (!works(npm.command, [...npm.first, "--version"])) {
    missing.push("npm, which comes with Node: reinstall Node with it");
  }
  if (missing.length > 0 || python === undefined || compiler === undefined) {
    throw new BuildError("what this needs is not all there; nothing was changed", [
      ...missing,
      "(apt-get is Debian's and Ubuntu's; dnf, apk and others have the same)",
    ]);
  }
  return { python, pip, compiler, npm };
}
