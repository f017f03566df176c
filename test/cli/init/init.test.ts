import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { beforeEach, describe, expect, test } from "vitest";
import { checkReport } from "../../../src/api/check.js";
import { formatSpec } from "../../../src/api/format.js";
import { lintSpecs } from "../../../src/api/lint.js";
import { initCommand, type InitFlags } from "../../../src/cli/init-command.js";
import { gitignoreLines } from "../../../src/cli/init/project-files.js";
import { templates, type TemplateName } from "../../../src/cli/init/templates.js";
import { temporaryFolder } from "../../train/temporary-folder.js";
import { program } from "../completion/scripts.js";
import { quietTerminal } from "../quiet-terminal.js";

const root = join(import.meta.dirname, "..", "..", "..");
const names = Object.keys(templates) as TemplateName[];

let folder = "";
beforeEach(async () => {
  folder = join(await temporaryFolder(), "my-small_net");
});

/** Runs the command. @returns what it prints. */
async function init(flags: InitFlags = {}, at = folder): Promise<string> {
  let text = "";
  const terminal = quietTerminal((more) => (text += more));
  const status = await initCommand(at, flags, terminal);
  expect(status).toBe(0);
  return text;
}

const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const files = (): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort()
    : [];

const everything = [
  ".github/workflows/specs.yml",
  ".gitignore",
  "README.md",
  "resnet.config.json",
  "specs/my-small-net.resnet",
];

test("a folder is gone to by a name that a shell takes", async () => {
  expect(await init({}, join(folder, "my net"))).toMatch(/^ {2}cd '.*my net'$/m);
});

describe.each(names)("the template %s", (template) => {
  test("checks and lints clean", async () => {
    await init({ template });
    expect(files()).toEqual(everything);
    const spec = join(folder, "specs", "my-small-net.resnet");
    const { diagnostics, networks, recipes } = checkReport(spec);
    expect(diagnostics).toEqual([]);
    expect(networks.map(({ name }) => name)).toEqual(["MySmallNet"]);
    expect(recipes.map(({ name }) => name)).toEqual(
      templates[template].trains ? ["mysmallnet"] : [],
    );
    const linted = await lintSpecs([join(folder, "specs")]);
    expect(linted.files.flatMap((each) => each.diagnostics.map(({ message }) => message))).toEqual(
      [],
    );
  });

  test("is formatted", async () => {
    await init({ template });
    const text = read("specs/my-small-net.resnet");
    expect(await formatSpec(text)).toBe(text);
  });

  test("says what the network comes to", async () => {
    await init({ template });
    expect(read("specs/my-small-net.resnet")).toMatch(/ {2}expect \{\n {4}params == [\d_]+\n/);
  });

  test("tells in 80 columns what was made and what comes next", async () => {
    const text = await init({ template });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toContain("npx resnetc summary specs/my-small-net.resnet");
    expect(text.includes("npx resnetc train")).toBe(templates[template].trains);
  });

  test("has lines of at most 120 columns, and no room at their ends", async () => {
    await init({ template });
    for (const name of files()) {
      const lines = read(name).split("\n");
      expect(Math.max(...lines.map((line) => line.length)), name).toBeLessThanOrEqual(120);
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
    }
  });
});

test("the help offers the templates that there are", () => {
  const command = program.commands.find((each) => each.name() === "init");
  const option = command?.options.find(({ long }) => long === "--template");
  expect(option?.argChoices).toEqual(names);
  let help = "";
  command?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  for (const name of names) expect(help).toMatch(new RegExp(`^  ${name} {2,}\\w`, "m"));
});

describe("what is asked for", () => {
  test("a name, classes and a size", async () => {
    await init({ name: "Birds2", classes: 6, input: "48x64x1" });
    const text = read("specs/birds2.resnet");
    expect(text).toContain("network Birds2(classes = 6) {\n  input 48x64x1\n");
    // Drawn shapes are square and in colour.
    expect(text).toContain('data folder("../data/images")');
    expect(JSON.parse(read("resnet.config.json"))).toMatchObject({
      datasets: { images: { classes: 6 } },
    });
  });

  test.each(names.filter((name) => templates[name].classes !== undefined))(
    "%s with other classes and another size still checks, lints and formats clean",
    async (template) => {
      await init({ template, classes: 37, input: "96x96" });
      const spec = join(folder, "specs", "my-small-net.resnet");
      expect(checkReport(spec).diagnostics).toEqual([]);
      const text = read("specs/my-small-net.resnet");
      expect(await formatSpec(text)).toBe(text);
      const { files: linted } = await lintSpecs([join(folder, "specs")]);
      expect(linted.flatMap((each) => each.diagnostics.map(({ message }) => message))).toEqual([]);
    },
  );

  test.each([
    ["conv", "cannot be called `conv`"],
    ["stage", "cannot be called `stage`"],
    ["---", "cannot be called `---`"],
  ])("the name %s is refused", async (name, message) => {
    await expect(init({ name })).rejects.toThrow(message);
    expect(files()).toEqual([]);
  });

  test.each([
    ["2024-run", "Net2024Run"],
    ["my.net v2", "MyNetV2"],
    ["résumé", "RSum"],
    ["---", "Net"],
  ])("a folder %s makes the name %s", async (base, network) => {
    folder = join(folder, base);
    await init();
    const [spec = ""] = files().filter((name) => name.endsWith(".resnet"));
    expect(read(spec)).toContain(`network ${network}(`);
  });

  test("a size that is none is refused", async () => {
    await expect(init({ input: "large" })).rejects.toThrow("--input takes height, width");
  });

  test("a size that does not fit is refused with the reason, and nothing is written", async () => {
    await expect(init({ template: "segmentation", input: "30x30x3" })).rejects.toThrow(
      "the template does not fit what you ask for: ",
    );
    expect(files()).toEqual([]);
  });

  test("classes where there are none are refused", async () => {
    await expect(init({ template: "detection-backbone", classes: 3 })).rejects.toThrow(
      "the template detection-backbone does not classify",
    );
  });
});

describe("what is there already", () => {
  test("is kept, and told", async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "README.md"), "mine");
    const text = await init();
    expect(text).toMatch(/^kept {2}README\.md +as it was$/m);
    expect(text).toContain("--force writes what was kept anew.");
    expect(read("README.md")).toBe("mine");
    expect(files()).toEqual(everything);
  });

  test("a second time changes nothing", async () => {
    await init();
    const before = files().map((name) => read(name));
    const text = await init({ classes: 3 });
    expect(text.match(/^kept /gm)).toHaveLength(5);
    expect(files().map((name) => read(name))).toEqual(before);
  });

  test("is written anew with --force", async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "README.md"), "mine");
    expect(await init({ force: true })).not.toContain("kept");
    expect(read("README.md")).toContain("# MySmallNet");
  });

  test.each([
    ["*.log", "*.log\nnode_modules/\nruns/\nbuild/\n", "added"],
    ["/runs\nnode_modules\n", "/runs\nnode_modules\nbuild/\n", "added"],
    [`${gitignoreLines.join("\r\n")}\r\n`, `${gitignoreLines.join("\r\n")}\r\n`, "kept"],
  ])("lines that .gitignore lacks are added to %j", async (before, after, told) => {
    mkdirSync(folder);
    writeFileSync(join(folder, ".gitignore"), before);
    expect(await init({ force: true })).toMatch(new RegExp(`^${told} +\\.gitignore`, "m"));
    expect(read(".gitignore")).toBe(after);
  });

  test("a file in the way of a folder: everything is as it was", async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, ".github"), "a file");
    writeFileSync(join(folder, "resnet.config.json"), "{}");
    await expect(init({ force: true })).rejects.toThrow(
      "specs.yml cannot be written: a file is in the place of a folder above it",
    );
    expect(files()).toEqual([".github", "resnet.config.json"]);
    expect(read("resnet.config.json")).toBe("{}");
    expect(readdirSync(folder).sort()).toEqual([".github", "resnet.config.json"]);
  });

  test("a file in the folder's own place is refused", async () => {
    const file = join(await temporaryFolder(), "file");
    writeFileSync(file, "");
    await expect(init({}, file)).rejects.toThrow(`${file} is a file`);
  });
});

describe("the files around the spec", () => {
  test("the configuration is one", async () => {
    await init();
    const schema = readFileSync(join(root, "schema", "resnet.config.schema.json"), "utf8");
    const validate = new Ajv({ strict: false }).compile(JSON.parse(schema) as object);
    const configuration = JSON.parse(read("resnet.config.json")) as Record<string, unknown>;
    expect(validate(configuration), JSON.stringify(validate.errors)).toBe(true);
    // Where npm puts the package, and what the package ships.
    const place = String(configuration["$schema"]).replace("./node_modules/resnetc/", "");
    expect(existsSync(join(root, place))).toBe(true);
    const { files: shipped } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly files: readonly string[];
    };
    expect(shipped).toContain(place.split("/")[0]);
  });

  test.each([".github/workflows/specs.yml", "README.md"])(
    "%s calls commands that there are, with options that they have",
    async (name) => {
      await init({ template: "imagenet" });
      const calls = [...read(name).matchAll(/npx resnetc (\S+)([^\n]*)/g)];
      expect(calls.length).toBeGreaterThan(1);
      for (const [, command, rest = ""] of calls) {
        const known = program.commands.find((each) => each.name() === command);
        const options = known?.options.map(({ long }) => long) ?? [];
        expect(known, command).toBeDefined();
        for (const [option] of rest.matchAll(/--[\w-]+/g)) expect(options).toContain(option);
      }
    },
  );

  test("the answer as JSON", async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "README.md"), "mine");
    expect(JSON.parse(await init({ json: true }))).toEqual({
      ok: true,
      folder,
      network: "MySmallNet",
      spec: "specs/my-small-net.resnet",
      written: [
        "specs/my-small-net.resnet",
        "resnet.config.json",
        ".github/workflows/specs.yml",
        ".gitignore",
      ],
      addedTo: [],
      kept: ["README.md"],
    });
  });
});
