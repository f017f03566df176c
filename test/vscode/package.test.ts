import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { packageExtension } from "../../scripts/vscode/archive.js";
import { pictures } from "../../scripts/vscode/pictures.js";
import { Editor } from "../lsp/editor.js";
import { readZip, unpack } from "./archive.js";
import { extension } from "./tokenizer.js";

const root = join(import.meta.dirname, "..", "..");

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly main: string;
  readonly icon: string;
  readonly contributes: {
    readonly languages: readonly { readonly configuration: string; readonly icon: object }[];
    readonly grammars: readonly { readonly path: string }[];
    readonly snippets: readonly { readonly path: string }[];
    readonly jsonValidation: readonly { readonly url: string }[];
    readonly commands: readonly { readonly command: string }[];
  };
}

let files: ReadonlyMap<string, Buffer> = new Map();
let unpacked = "";

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "resnetc-extension-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const work = join(folder, "work");
  mkdirSync(work);
  await packageExtension(root, work, join(folder, "resnetc.vsix"));
  files = await readZip(join(folder, "resnetc.vsix"));
  unpacked = join(folder, "unpacked");
  unpack(files, unpacked);
});

const textOf = (name: string): string => files.get(name)?.toString("utf8") ?? "";
const manifest = (): Manifest => JSON.parse(textOf("extension/package.json")) as Manifest;
/** Runs a script of the unpacked archive. */
const node = (...given: string[]): ReturnType<typeof spawnSync> =>
  spawnSync(process.execPath, given, { cwd: unpacked, encoding: "utf8" });

describe("the archive", () => {
  test("holds what the extension needs and nothing else", () => {
    expect([...files.keys()].sort()).toEqual(
      [
        "[Content_Types].xml",
        "extension.vsixmanifest",
        "extension/LICENSE.txt",
        "extension/THIRD-PARTY-NOTICES.txt",
        "extension/changelog.md",
        "extension/dist/extension.cjs",
        "extension/images/file-dark.svg",
        "extension/images/file-light.svg",
        "extension/images/icon.png",
        "extension/language-configuration.json",
        "extension/package.json",
        "extension/readme.md",
        "extension/schemas/resnet.config.schema.json",
        "extension/server/dist/resnetc.cjs",
        ...["errors", "rules"].flatMap((folder) =>
          readdirSync(join(root, "docs", folder)).map(
            (name) => `extension/server/docs/${folder}/${name}`,
          ),
        ),
        "extension/server/package.json",
        "extension/server/std/blocks.resnet",
        "extension/snippets/resnet.json",
        "extension/syntaxes/markdown.tmLanguage.json",
        "extension/syntaxes/resnet.tmLanguage.json",
      ].sort(),
    );
  });

  test("names itself as the package does", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
    expect(manifest()).toMatchObject({ name: "resnetc", version });
    expect(textOf("extension.vsixmanifest")).toContain(`Id="resnetc" Version="${version}"`);
  });

  test("has every file that its manifest speaks of", () => {
    const { main, icon, contributes } = manifest();
    const { languages, grammars, snippets, jsonValidation } = contributes;
    const spoken = [
      main,
      icon,
      ...languages.flatMap(({ configuration, icon: icons }) => [
        configuration,
        ...Object.values(icons as Record<string, string>),
      ]),
      ...[...grammars, ...snippets].map(({ path }) => path),
      ...jsonValidation.map(({ url }) => url),
    ];
    for (const path of spoken) expect([...files.keys()]).toContain(join("extension", path));
  });

  test("has no path of the machine that made it", () => {
    for (const [name, data] of files) {
      for (const place of [root, homedir() === "/root" ? "/root/" : homedir(), tmpdir() + "/"]) {
        expect(data.includes(place), `${name} has ${place}`).toBe(false);
      }
    }
  });

  test("shows the licences of what is in its bundles", () => {
    const notices = textOf("extension/THIRD-PARTY-NOTICES.txt");
    for (const name of ["chevrotain", "commander", "vscode-languageclient", "semver"]) {
      expect(notices).toMatch(new RegExp(`^${name} \\d`, "m"));
    }
  });
});

describe("the extension's program", () => {
  const bundle = (): string => join(unpacked, "extension", "dist", "extension.cjs");

  test("is a program that Node can read", () => {
    expect(node("--check", bundle())).toMatchObject({ status: 0, stderr: "" });
  });

  test("needs nothing but Node and the editor", () => {
    expect(missing(textOf("extension/dist/extension.cjs"))).toEqual(["vscode"]);
  });

  test("registers the commands that the manifest offers", () => {
    for (const { command } of manifest().contributes.commands) {
      expect(textOf("extension/dist/extension.cjs")).toContain(`"${command}"`);
    }
  });
});

describe("the resnetc inside", () => {
  const script = (): string => join(unpacked, "extension", "server", "dist", "resnetc.cjs");

  test("needs nothing but Node to check a spec with standard blocks", () => {
    const { status, stdout } = node(script(), "check", join(root, "specs", "quickstart.resnet"));
    expect(stdout).toContain("Quick is sound");
    expect(status).toBe(0);
  });

  test("knows its version", () => {
    expect(node(script(), "--version").stdout).toBe(`${manifest().version}\n`);
  });

  test("lints, formats and explains", () => {
    const spec = join(root, "specs", "resnet50.resnet");
    expect(node(script(), "lint", spec)).toMatchObject({ status: 0, stderr: "" });
    expect(node(script(), "fmt", "--check", spec)).toMatchObject({ status: 0 });
    expect(node(script(), "explain", "R0301").stdout).toContain("R0301");
    expect(node(script(), "diagram", spec, "--format", "svg").stdout).toContain("</svg>");
  });

  test("asks for no package but those that it says it lacks", () => {
    const bundle = textOf("extension/server/dist/resnetc.cjs");
    // ajv writes these into validators for others, and does not ask for them.
    const written = /^ajv\/dist\/runtime\//;
    expect(missing(bundle).filter((name) => !written.test(name))).toEqual([]);
    expect(bundle).not.toMatch(/\bimport\("/);
    const spec = join(root, "specs", "resnet50.resnet");
    const { status, stderr } = node(script(), "diagram", spec, "-o", "net.png");
    expect(stderr).toContain("the resnetc inside the extension comes without sharp");
    expect(status).toBe(2);
  });

  test("is a language server: findings as the text changes, and an orderly end", async () => {
    const editor = new Editor(script(), { folder: unpacked });
    onTestFinished(() => void editor.child.kill());
    const { capabilities } = await editor.initialize();
    expect(capabilities.hoverProvider).toBeTruthy();
    const uri = pathToFileURL(join(unpacked, "net.resnet")).href;
    const text = readFileSync(join(root, "specs", "quickstart.resnet"), "utf8");
    await editor.open(uri, text.replace("dense classes", "dens classes"));
    const { diagnostics } = await editor.until(uri, (found) => found.diagnostics.length > 0);
    expect(diagnostics.map(({ code }) => code)).toEqual(["R0201"]);
    await editor.change(uri, text, 2);
    await editor.until(uri, (found) => found.diagnostics.length === 0);
    expect(await editor.quit()).toBe(0);
  });

  test("says that it runs no networks", () => {
    const { status, stderr } = node(script(), "train", join(root, "specs", "quickstart.resnet"));
    expect(stderr).toContain("the resnetc inside the extension checks specs, and runs no networks");
    expect(status).toBe(2);
  });
});

/** The modules that a bundle asks for and Node does not have. */
function missing(bundle: string): string[] {
  const asked = [...bundle.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
  return [...new Set(asked)].filter((name) => !isBuiltin(name)).sort();
}

test("the committed pictures are what `npm run grammar` makes", async () => {
  for (const [name, data] of await pictures()) {
    const committed = readFileSync(join(extension, "images", name));
    // Encoders differ in their bytes from release to release, not in what they show.
    if (typeof data === "string") expect(committed.toString()).toBe(data);
    else expect(await pixels(committed)).toEqual(await pixels(data));
  }
});

async function pixels(png: Buffer): Promise<object> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
