/** Files that cannot be specs, on a real file system: each gives its own error, and none hangs. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check } from "../../src/check/check.js";
import { givenPaths, NodeHost } from "../../src/host/node-host.js";
import { render } from "../check/memory-host.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "resnetc-host-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

function rendered(path: string): string {
  return render(check(path, new NodeHost(folder)).diagnostics);
}

const spec =
  'import { Basic } from "std/blocks"\nnetwork Net { input 8x8x3\nBasic(8)\nhead { globalavgpool } }\n';

describe("a path that is no spec", () => {
  it("is missing", () => {
    expect(rendered("no.resnet")).toBe("error[R0001]: there is no file no.resnet\n");
    expect(rendered(join(write("a.resnet", ""), "b.resnet"))).toMatch("R0001");
  });

  it("is missing, and the one that was meant lies beside it", () => {
    write("resnet50.resnet", "");
    const near = "= help: did you mean `resnet50.resnet`?";
    expect(rendered("resnet5.resnet")).toMatch(near);
    expect(rendered("resnet50")).toMatch(near);
    expect(rendered("resnet50.resnt")).toMatch(near);
    expect(rendered("elsewhere.resnet")).not.toMatch("help");
    write("huge.resnet", "");
    expect(rendered("nope.resnet")).not.toMatch("help");
    expect(rendered("no/such/folder.resnet")).not.toMatch("help");
  });

  it("is a link that leads nowhere, and not what was meant instead of it", () => {
    symlinkSync("gone.resnet", join(folder, "dangling.resnet"));
    expect(rendered("dangling.resnet")).toBe(
      "error[R0003]: dangling.resnet cannot be read: it is a link that leads nowhere, to gone.resnet\n",
    );
    rmSync(join(folder, "dangling.resnet"));
  });

  it("is a folder", () => {
    mkdirSync(join(folder, "nets.resnet"));
    expect(rendered("nets.resnet")).toBe("error[R0002]: nets.resnet is a folder, not a spec\n");
    for (const name of ["nets.resnet/wide.resnet", "nets.resnet/deep.resnet"]) write(name, "");
    expect(rendered("nets.resnet")).toMatch(
      "= help: name one in it, such as `nets.resnet/deep.resnet`",
    );
    rmSync(join(folder, "nets.resnet"), { recursive: true });
    mkdirSync(join(folder, "nets.resnet"));
  });

  it("may not be read", ({ skip }) => {
    chmodSync(join(folder, write("secret.resnet", spec)), 0);
    if (process.getuid?.() === 0) {
      console.warn("skipped: the superuser may read every file");
      skip();
    }
    expect(rendered("secret.resnet")).toMatch(
      "R0003]: secret.resnet cannot be read: permission denied",
    );
  });

  it.each(["/dev/zero", "/dev/null"])("is the device %s", (path) => {
    expect(rendered(path)).toMatch(`R0003]: ${path} cannot be read: it is a pipe or a device`);
  });

  it("is a named pipe that nobody writes to", () => {
    execFileSync("mkfifo", [join(folder, "pipe.resnet")]);
    expect(rendered("pipe.resnet")).toMatch("R0003]: pipe.resnet cannot be read: it is a pipe");
  });

  it("is a circle of links", () => {
    symlinkSync(join(folder, "one.resnet"), join(folder, "two.resnet"));
    symlinkSync(join(folder, "two.resnet"), join(folder, "one.resnet"));
    expect(rendered("one.resnet")).toMatch("its links make a circle");
  });

  it("has a name that no file can have", () => {
    expect(rendered("a\u0000b.resnet")).toMatch("its name holds a NUL character");
    expect(rendered(`${"x".repeat(5000)}.resnet`)).toMatch("the name is too long");
  });

  it("is too large", () => {
    const path = write("large.resnet", " ".repeat(1024 * 1024));
    expect(rendered(path)).toBe(
      "error[R0004]: large.resnet is too large for a spec: 1024 kB, where 512 kB is the limit\n",
    );
  });
});

describe("bytes that are no text", () => {
  it.each([
    [
      "a stray continuation",
      Buffer.concat([Buffer.from("// one\n// tw"), Buffer.from([0x80])]),
      12,
      2,
    ],
    ["a character cut short", Buffer.from([0x2f, 0x2f, 0x20, 0xe2, 0x82]), 3, 1],
    ["an overlong form", Buffer.from([0x0a, 0x0a, 0xc0, 0xaf]), 2, 3],
    ["a surrogate", Buffer.from([0xed, 0xa0, 0x80]), 0, 1],
    ["Latin-1", Buffer.from("// gr\u00f6\u00dfe\n", "latin1"), 5, 1],
  ])("%s", (_title, bytes, offset, line) => {
    const text = rendered(write("bytes.resnet", bytes));
    expect(text).toMatch(`R0005]: bytes.resnet is not valid UTF-8: byte ${offset} (line ${line})`);
    expect(text).toMatch("help: save it as UTF-8");
  });

  it.each([
    ["UTF-16, little end first", Buffer.from(`\ufeff${spec}`, "utf16le")],
    ["UTF-16, big end first", Buffer.from(`\ufeff${spec}`, "utf16le").swap16()],
  ])("%s", (_title, bytes) => {
    expect(rendered(write("wide.resnet", bytes))).toMatch("looks like UTF-16: save it as UTF-8");
  });

  it("a picture", () => {
    const text = rendered(write("wide.jpg", Buffer.from("ffd8ffe000104a464946", "hex")));
    expect(text).toMatch("it looks like no text at all: name a spec");
  });

  it("a NUL", () => {
    const text = rendered(write("nul.resnet", spec.replace("Basic(8)", "Basic(8)\u0000")));
    expect(text).toMatch("error[R0102]: the character U+0000 has no meaning here");
  });
});

describe("a file without declarations", () => {
  it.each([
    ["empty", ""],
    ["blank", " \n\t\r\n"],
    ["only a byte order mark", "\ufeff"],
    ["only comments", "// nothing\n/// at all"],
    ["only imports", 'import { Basic } from "std/blocks"\n'],
  ])("%s", (_title, text) => {
    expect(rendered(write("empty.resnet", text))).toMatch(
      "error[R0006]: empty.resnet declares nothing",
    );
  });
});

describe("a sound file", () => {
  it.each([
    ["with a byte order mark", `\ufeff${spec}`],
    ["with the line ends of Windows", spec.replaceAll("\n", "\r\n")],
    ["with the line ends of old Macs", spec.replaceAll("\n", "\r")],
    ["without a last line end", spec.trimEnd()],
  ])("%s", (_title, text) => {
    expect(rendered(write("sound.resnet", text))).toBe("");
  });

  it("imports what is beside it, with and without the ending, once", () => {
    mkdirSync(join(folder, "parts"), { recursive: true });
    write("parts/wide.resnet", "block Wide(width) { conv 3x3, width }\nblock Tall() { relu }");
    const path = write(
      "importing.resnet",
      'import { Wide } from "./parts/wide"\nimport { Tall } from "parts/../parts/wide.resnet"\n' +
        "network Net { input 8x8x3\nWide(8) -> Tall()\nhead { globalavgpool } }\n",
    );
    expect(rendered(path)).toBe("");
  });

  it("finds an import's problem at the import", () => {
    const text = rendered(write("bad.resnet", `import { A } from "./nets"\n${spec}`));
    expect(text).toMatch("error[R0002]: nets.resnet is a folder, not a spec\n --> bad.resnet:1:19");
  });
});

it("locates data beside the spec, and what the command line names beside the caller", () => {
  const host = new NodeHost(folder);
  expect(host.locate("../data", "parts/wide.resnet")).toBe(join(folder, "data"));
  expect(host.locate("/data", "parts/wide.resnet")).toBe("/data");
  for (const given of Object.values(givenPaths)) {
    expect(host.locate("data", given)).toBe(join(folder, "data"));
  }
});
