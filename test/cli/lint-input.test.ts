/** `resnetc lint` of standard input, as another program pipes it to the command that ships. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage } from "./built-command.js";
import { smallNet, thinBlock } from "./small-repository.js";

const built = buildPackage({ types: false });

function lint(given: readonly string[], input: string | Buffer, cwd: string, format = "compact") {
  const command = [join(built, "bin", "resnetc.cjs"), "lint", ...given, "--format", format];
  return spawnSync(process.execPath, command, { cwd, input, encoding: "utf8" });
}

const odd = smallNet.replace("conv 3x3, 16", "conv 3x3, 20");

describe("standard input", () => {
  test("is linted as the text of a file, with what that imports and its configuration", async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, "specs/parts"), { recursive: true });
    writeFileSync(join(folder, "specs/parts/thin.resnet"), thinBlock);
    writeFileSync(join(folder, "specs/net.resnet"), smallNet);
    const off = { "missing-expect": "off" };
    const rules = { ...off, "channel-multiple": "error" };
    writeFileSync(join(folder, "specs/resnet.config.json"), JSON.stringify({ rules }));
    const given = ["--stdin-filepath", "specs/net.resnet"];
    const { stdout, stderr, status } = lint(given, `\ufeff${odd}`, folder);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^specs\/net\.resnet:5:20: error\[channel-multiple\]: 20 channels/);
    expect(status).toBe(1);
    expect(lint(["specs"], "", folder)).toMatchObject({ stdout: "", status: 0 });
    const unsaved = lint(["--stdin-filepath", "specs/new.resnet"], odd, folder);
    expect(unsaved.stdout).toMatch(/^specs\/new\.resnet:5:20: error/);
  });

  test("is of the file that is named, whatever signs are in its name, and of no folder", async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, "specs/parts"), { recursive: true });
    writeFileSync(join(folder, "specs/parts/thin.resnet"), thinBlock);
    writeFileSync(join(folder, "specs/net.resnet"), smallNet);
    const rule = ["--rule", "channel-multiple=error"];
    for (const name of ["specs/*.resnet", "specs/a[1].resnet"]) {
      const { stdout, status } = lint(["--stdin-filepath", name, ...rule], odd, folder);
      expect(stdout).toContain(`${name}:5:20: error[channel-multiple]`);
      expect(status).toBe(1);
    }
    for (const name of ["specs", ""]) {
      const { stdout, stderr, status } = lint(["--stdin-filepath", name], odd, folder);
      expect(stderr).toMatch(/--stdin-filepath (?:specs is a folder|is empty)/);
      expect([stdout, status]).toEqual(["", 2]);
    }
  });

  test("is not said to be mended by --fix, which does not take it", async () => {
    const folder = await temporaryFolder();
    const spec =
      "network Net {\n  input 32x32x3\n  conv 3x3, 16, bias: true -> batchnorm -> relu\n  head { globalavgpool -> dense 4 }\n}\n";
    writeFileSync(join(folder, "net.resnet"), spec);
    expect(lint(["net.resnet"], "", folder, "pretty").stdout).toMatch(/mended by --fix/);
    const { stdout } = lint(["--stdin-filepath", "net.resnet"], spec, folder, "pretty");
    expect(stdout).toContain("bias-before-batchnorm");
    expect(stdout).not.toContain("--fix");
  });

  test("needs no file, must be text, and is linted alone", async () => {
    const folder = await temporaryFolder();
    const own = lint(
      ["-"],
      "network Net {\n  input 32x32x3\n  head classify { dense 4 }\n",
      folder,
    );
    expect(own.stdout).toMatch(/^standard-input\.resnet:1:13: error\[R0105\]/);
    expect(own.status).toBe(1);
    const wrong = [
      [lint(["-"], Buffer.from([0xff, 0xfe]), folder), "is not UTF-8"],
      [lint(["-", "a.resnet"], odd, folder), "cannot be linted together with a file"],
      [lint(["-", "--fix"], odd, folder), "cannot be linted together with --fix"],
    ] as const;
    for (const [{ status, stdout, stderr }, words] of wrong) {
      expect(stderr).toContain(words);
      expect([stdout, status]).toEqual(["", 2]);
    }
  });
});
