/** Unpacks an archive into an empty folder and runs what is in it, with nothing of this machine in reach. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const data = "shapes(size: 32, classes: 4, train: 64, validation: 16)";

/** @throws Error with what a command printed where one fails. */
export function tryOut(archive: string, top: string, say: (text: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "resnetc-unpacked-"));
  const run = (command: string, ...given: string[]): string => {
    const { status, stdout, stderr } = spawnSync(command, given, {
      cwd: join(folder),
      env: command === "tar" ? process.env : { PATH: "", NODE_PATH: "", HOME: folder },
      encoding: "utf8",
    });
    if (status === 0) return stdout;
    throw new Error(`${command} ${given.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  };
  try {
    run("tar", "-xf", archive, "-C", folder);
    const [resnetc, gpu] = [join(folder, top, "run"), join(folder, top, "gpu")];
    const spec = (name: string): string => join(folder, top, "specs", name);
    run(resnetc, "check", spec("resnet50.resnet"), spec("resnet-cifar10.resnet"));
    const report = JSON.parse(run(resnetc, "engines", "--json")) as {
      readonly engines: readonly { readonly name: string; readonly detail: string }[];
    };
    for (const { name, detail } of report.engines) say(`unpacked, ${name}: ${detail}`);
    const webgpu = report.engines.find(({ name }) => name === "webgpu");
    if (/not installed|does not load/.test(webgpu?.detail ?? "")) {
      throw new Error(`webgpu does not load from the archive: ${webgpu?.detail}`);
    }
    const run1 = ["--engine", "wasm", "--epochs", "1", "--batch", "16", "-o", join(folder, "run1")];
    run(resnetc, "train", spec("quickstart.resnet"), "--data", data, ...run1);
    run(gpu, "--help");
    say("unpacked, it checks, trains on wasm and finds its packages");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
