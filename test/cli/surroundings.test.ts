/** A command that what it runs in does not let go on says what that is: it is no bug, and ends with 2. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { start } from "../train/child-script.js";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage, spec } from "./built-command.js";

const built = buildPackage({ types: false });
const quick = spec("quickstart.resnet");
const command = join(built, "bin", "resnetc.cjs");

/** The command's words after node's own options, with the end that they come to. */
const withNode = (options: readonly string[], ...given: string[]) =>
  start(process.execPath, [...options, command, ...given]).end;

test("a limit of open files", async () => {
  const script = 'ulimit -n 30; exec "$@"';
  const given = [command, "train", quick, "-o", join(await temporaryFolder(), "run")];
  const { code, stderr } = await start("sh", ["-c", script, "sh", process.execPath, ...given]).end;
  expect(stderr).toContain("error: the system opens no more files at once for this command\n");
  expect(stderr).toContain("help: raise the limit, as with `ulimit -n 1024`");
  expect(code).toBe(2);
});

test("code of texts that node does not run", async () => {
  const model = join(await temporaryFolder(), "quick.onnx");
  const { code, stderr, stdout } = await withNode(
    ["--disallow-code-generation-from-strings"],
    ...["export", quick, "--to", "onnx", "-o", model, "--json"],
  );
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    error: { help: expect.stringContaining("--disallow-code-generation-from-strings") as string },
  });
  expect(stderr).toBe("");
  expect(code).toBe(2);
});

test("permissions that node does not have", async () => {
  const names = ["--permission", "--experimental-permission"];
  const option = names.find((name) => process.allowedNodeEnvironmentFlags.has(name)) ?? "";
  const folder = join(await temporaryFolder(), "run");
  const given = ["train", quick, "--engine", "wasm", "-o", folder];
  const run = await withNode([option, "--allow-fs-read=*"], ...given);
  expect(run.stderr).toContain(`error: cannot write ${folder}: node has no permission`);
  expect(run.stderr).toContain("help: give it to node, with `--allow-fs-write`");
  expect(run.code).toBe(2);
  const { code, stderr } = await withNode([option, "--allow-fs-read=*"], "engines");
  expect(stderr).toContain("error: node has no permission to start a process\n");
  expect(stderr).toContain("help: give it to node, with `--allow-child-process`");
  expect(code).toBe(2);
});
