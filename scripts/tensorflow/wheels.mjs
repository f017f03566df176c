// @ts-check
/**
 * Takes TensorFlow's libraries and headers out of its Python wheel, and for a GPU NVIDIA's out of theirs. They
 * keep the places that they have in a Python, relative to each other: that is where they look for each other.
 */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { versions } from "./place.mjs";
import { BuildError, run } from "./tools.mjs";

/** What of the wheel is needed: everything else is Python. */
const wanted = [
  "tensorflow/libtensorflow_cc.so.2",
  "tensorflow/libtensorflow_framework.so.2",
  "tensorflow/include/tensorflow/c/",
  "tensorflow/include/tensorflow/core/platform/",
  "tensorflow/include/tsl/platform/",
  "tensorflow/include/xla/tsl/c/",
];

const extract = `
import sys, zipfile
wheel, folder, *wanted = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    names = [n for n in archive.namelist() if n.startswith(tuple(wanted)) or ".dist-info/" in n]
    archive.extractall(folder, names)
`;

/** @typedef {{ readonly python: string, readonly temporary: string, readonly target: string }} Places */

/**
 * A Python that has pip: the machine's, or one of an environment that is made in the temporary folder.
 * @param {import("./tools.mjs").Tools} tools
 * @param {string} temporary
 */
export async function pythonWithPip({ python, pip }, temporary) {
  if (pip) return python;
  const environment = join(temporary, "environment");
  await run("make a Python environment", python, ["-m", "venv", environment]);
  return join(environment, "bin", "python");
}

/**
 * Puts `tensorflow/` and, for a GPU, `nvidia/` into the target folder.
 * @param {boolean} gpu
 * @param {Places} places
 * @param {(line: string) => void} tell
 */
export async function takeTensorFlow(gpu, places, tell) {
  // The wheel for processors alone is there for x64; that for arm64 knows no GPU anyway.
  const name = gpu || process.arch === "arm64" ? "tensorflow" : "tensorflow-cpu";
  await takeWheel(`${name}==${versions.tensorflow}`, places, wanted);
  if (!gpu) return;
  const libraries = cudaLibraries(places.target);
  for (const [index, requirement] of libraries.entries()) {
    tell(`${requirement.split(/[<>=]/)[0]}, ${index + 1} of ${libraries.length}`);
    await takeWheel(requirement, places, ["nvidia/"]);
  }
}

/**
 * Downloads one wheel and unpacks what is wanted of it. It is asked for by the name of a Python that
 * TensorFlow has wheels for, since its libraries know nothing of Python: any Python may fetch it.
 * @param {string} requirement
 * @param {Places} places
 * @param {readonly string[]} parts
 */
async function takeWheel(requirement, { python, temporary, target }, parts) {
  const folder = join(temporary, "wheels");
  const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
  const platforms = ["manylinux_2_28", "manylinux_2_27", "manylinux2014"].flatMap((tag) => [
    "--platform",
    `${tag}_${machine}`,
  ]);
  const download = [
    ...["-m", "pip", "download", "--disable-pip-version-check", "--no-cache-dir", "--no-deps"],
    ...["--only-binary=:all:", "--python-version", "3.12"],
    ...["--implementation", "cp", "--abi", "cp312", "--abi", "none", ...platforms],
    ...["--dest", folder, requirement],
  ];
  // A person sees how far it is.
  const options = process.stdout.isTTY ? /** @type {const} */ ({ stdio: "inherit" }) : {};
  await run(`download ${requirement} from PyPI`, python, download, options);
  const wheel = readdirSync(folder).find((file) => file.endsWith(".whl"));
  if (wheel === undefined) throw new BuildError(`pip gave no wheel for ${requirement}`);
  await run(`unpack ${wheel}`, python, ["-c", extract, join(folder, wheel), target, ...parts]);
  rmSync(folder, { recursive: true });
}

/**
 * The packages of CUDA and cuDNN with the versions that TensorFlow was built for, as its wheel says itself.
 * @param {string} folder where it was unpacked
 */
function cudaLibraries(folder) {
  const description = readdirSync(folder).find((name) => /^tensorflow-.*\.dist-info$/.test(name));
  const metadata = readFileSync(join(folder, description ?? "", "METADATA"), "utf8");
  const found = [...metadata.matchAll(/^Requires-Dist: (nvidia-\S+); extra == "and-cuda"/gm)];
  if (found.length === 0)
    throw new BuildError("TensorFlow's wheel does not name its CUDA libraries");
  return found.map(([, requirement]) => requirement ?? "");
}
