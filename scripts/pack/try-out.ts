/** Unpacks an archive into an empty folder and runs what is in it, with nothing of this machine in reach. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const data = "shapes(size: 32, classes: 4, train: 64, validation: 16)";

/** @throws Error with what a command printed where one fails. */
export function tryOut(archive: string, top: string, say: (text: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "resnetc-unpacked-"));
  try {
    run(folder, process.env, "tar", "-xf", archive, "-C", folder);
    tryFolder(join(folder, top), say);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs what is in a folder, with nothing of this machine in reach.
 *
 * @throws Error with what a command printed where one fails.
 */
export function tryFolder(folder: string, say: (text: string) => void): void {
  const place = mkdtempSync(join(tmpdir(), "resnetc-tried-"));
  const alone = { PATH: "", NODE_PATH: "", HOME: place };
  const resnetc = (...given: string[]): string => run(place, alone, join(folder, "run"), ...given);
  const spec = (name: string): string => join(folder, "specs", name);
  try {
    resnetc("check", spec("resnet50.resnet"), spec("resnet-cifar10.resnet"));
    const report = JSON.parse(resnetc("engines", "--json")) as {
      readonly engines: readonly { readonly name: string; readonly detail: string }[];
    };
    for (const { name, detail } of report.engines) say(`unpacked, ${name}: ${detail}`);
    const webgpu = report.engines.find(({ name }) => name === "webgpu");
    if (/not installed|does not load/.test(webgpu?.detail ?? "")) {
      throw new Error(`webgpu does not load from the archive: ${webgpu?.detail}`);
    }
    const run1 = ["--engine", "wasm", "--epochs", "1", "--batch", "16", "-o", join(place, "run1")];
    resnetc("train", spec("quickstart.resnet"), "--data", data, ...run1);
    run(place, alone, join(folder, "gpu"), "--help");
    say("unpacked, it checks, trains on wasm and finds its packages");
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** @returns what the command printed. @throws Error with that where it fails. */
function run(cwd: string, env: NodeJS.ProcessEnv, command: string, ...given: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, given, {
    cwd,
    env,
    encoding: "utf8",
  });
  if (status === 0) return stdout;
  const how = error?.message ?? String(status);
  throw new Error(`${command} ${given.join(" ")} ended with ${how}:\n${stdout}${stderr}`);
}
