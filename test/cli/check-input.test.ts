/** `resnetc check` and `summary` of standard input, as another program pipes it to the command that ships. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage } from "./built-command.js";
import { smallNet, thinBlock } from "./small-repository.js";

const built = buildPackage({ types: false });

function run(given: readonly string[], input: string, cwd: string) {
  const command = [join(built, "bin", "resnetc.cjs"), ...given];
  return spawnSync(process.execPath, command, { cwd, input, encoding: "utf8" });
}

const net = "network Net {\n  input 32x32x3\n  head { globalavgpool -> dense 4 }\n}\n";
const broken = net.replace("dense", "dnse");

describe("standard input", () => {
  test("is checked as the text of a file, with what that imports", async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, "specs/parts"), { recursive: true });
    writeFileSync(join(folder, "specs/parts/thin.resnet"), thinBlock);
    const given = ["check", "--stdin-filepath", "specs/new.resnet"];
    const sound = run(given, smallNet, folder);
    expect(sound.stderr).toBe("");
    expect(sound.stdout).toMatch(/^specs\/new\.resnet: \w+ is sound/);
    expect(sound.status).toBe(0);
    const elsewhere = run(["check", "-"], smallNet, folder);
    expect(elsewhere.stderr).toContain("error[R0001]");
    expect(elsewhere.status).toBe(1);
  });

  test("is told with its edits as JSON, and mended by nobody", async () => {
    const folder = await temporaryFolder();
    const { stdout, status } = run(["check", "-", "--json"], broken, folder);
    const answer = JSON.parse(stdout) as { files: { file: string; diagnostics: unknown[] }[] };
    expect(answer.files[0]?.file).toBe("standard-input.resnet");
    expect(JSON.stringify(answer.files[0]?.diagnostics)).toContain('"dense"');
    expect(status).toBe(1);
    const alone = run(["check", "-", "--dry-run"], broken, folder);
    expect(alone.stderr).toContain("--dry-run is for --fix");
    expect(alone.status).toBe(2);
    for (const more of ["--fix", "specs"]) {
      const refused = run(["check", "-", more], broken, folder);
      expect(refused.stderr).toContain("standard input cannot be checked together with");
      expect(refused.status).toBe(2);
    }
  });

  test("is summarised", async () => {
    const folder = await temporaryFolder();
    const { stdout, status } = run(["summary", "-"], net, folder);
    expect(stdout).toMatch(/^Net, input 32x32x3\n/);
    expect(status).toBe(0);
    const two = `${net}${net.replace("Net", "Other")}`;
    const other = ["--stdin-filepath", "new.resnet#Other"];
    expect(run(["summary", "-", ...other], two, folder).stdout).toMatch(/^Other, input/);
    const wrong = run(["summary", "-"], broken, folder);
    expect(wrong.stderr).toContain("standard-input.resnet:3:27");
    expect(wrong.status).toBe(1);
  });

  test("of a command that has an option under another's name says which has it", async () => {
    const { stderr, status } = run(["check", "--format=github"], "", await temporaryFolder());
    expect(stderr).toContain("unknown option --format");
    expect(stderr).toContain("`resnetc lint --format github");
    expect(status).toBe(2);
  });
});
