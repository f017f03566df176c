/** `check --fix` as it is shipped: what it writes, what it says, and how it ends. */
import { execFileSync } from "node:child_process";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage, start, type Ended } from "./built-command.js";

const built = buildPackage({ types: false });

const broken = `import { Basic } from "std/blocks"

network Net(classes = 10) {
  input 32x32x3
  stem { cnov 3x3, 16 -> batchnrom -> relu }
  residual { conv 3x3, 32 }
  shortcut identity
  stage conv2: 2 x Basic(32)
  head classify { globalavgpool -> dense clases }
  expect { params == 1 }
}
`;
const safe = broken
  .replace("cnov", "conv")
  .replace("batchnrom", "batchnorm")
  .replace("identity", "project")
  .replace("clases", "classes");

interface Place {
  readonly folder: string;
  readonly file: string;
  readonly run: (...given: readonly string[]) => Promise<Ended>;
}

async function place(text: string): Promise<Place> {
  const folder = await temporaryFolder();
  const file = join(folder, "net.resnet");
  await writeFile(file, text);
  const run = (...given: readonly string[]): Promise<Ended> =>
    start(built, ["check", ...given], { cwd: folder, env: { COLUMNS: "80" } }).ended;
  return { folder, file, run };
}

describe("check --fix", () => {
  test("writes what is safe, says it line by line, and shows what is left", async () => {
    const { folder, file, run } = await place(broken);
    const { status, stdout, stderr } = await run("net.resnet", "--fix");
    expect(await readFile(file, "utf8")).toBe(safe);
    expect(await readdir(folder)).toEqual(["net.resnet"]);
    expect(stderr.split("\n").slice(0, 6)).toEqual([
      "net.resnet:5: `cnov` is now `conv` (R0201)",
      "net.resnet:5: `batchnrom` is now `batchnorm` (R0201)",
      "net.resnet:7: `identity` is now `project` (R0301)",
      "net.resnet:9: `clases` is now `classes` (R0201)",
      "4 changes in 1 file",
      "",
    ]);
    expect(stderr).toContain("error[R0401]: expected params == 1");
    expect(stderr).toContain("1 mend may change what was meant: --fix --unsafe makes it");
    expect(stdout).toBe("");
    expect(status).toBe(1);
  });

  test("--unsafe mends expectations as well, and then all is sound", async () => {
    const { file, run } = await place(broken);
    const { status, stdout } = await run("net.resnet", "--fix", "--unsafe");
    expect(await readFile(file, "utf8")).toBe(safe.replace("== 1", "== 43_098"));
    expect(stdout).toContain("Net is sound");
    expect(status).toBe(0);
    const again = await run("net.resnet", "--fix", "--unsafe");
    expect(again.stderr).toBe("");
    expect(again.status).toBe(0);
  });

  test("--dry-run prints a diff that patch takes, and writes nothing", async () => {
    const { folder, file, run } = await place(broken);
    const { status, stdout, stderr } = await run("net.resnet", "--fix", "--dry-run");
    expect(await readFile(file, "utf8")).toBe(broken);
    expect(stdout).toMatch(/^--- net\.resnet\n\+\+\+ net\.resnet\n@@ /);
    expect(stderr).toContain("4 changes in 1 file: nothing is written");
    expect(status).toBe(1);
    execFileSync("git", ["apply", "-p0", "-"], { cwd: folder, input: stdout });
    expect(await readFile(file, "utf8")).toBe(safe);
  });

  test("a read-only file is refused by name", async () => {
    const { file, run } = await place(broken);
    await chmod(file, 0o444);
    const { status, stderr } = await run("net.resnet", "--fix");
    expect(stderr).toContain("error: net.resnet is read-only: it is left as it is");
    expect(await readFile(file, "utf8")).toBe(broken);
    expect(status).toBe(2);
  });

  test("--json says what was mended, where, and whether it was written", async () => {
    const { run } = await place(broken);
    const { stdout } = await run("net.resnet", "--fix", "--dry-run", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      fix: {
        written: false,
        mends: [
          { file: "net.resnet", line: 5, code: "R0201", was: "cnov", now: "conv" },
          { line: 5 },
          { line: 7 },
          { line: 9 },
        ],
        unsafe: 1,
      },
    });
  });

  test.each(["--unsafe", "--dry-run"])("%s without --fix is wrong use", async (option) => {
    const { run } = await place(broken);
    const { status, stderr } = await run("net.resnet", option);
    expect(stderr).toContain(`write \`--fix ${option}\``);
    expect(status).toBe(2);
  });
});
