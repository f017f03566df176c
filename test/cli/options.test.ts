/** How options are read: one that takes a value never takes the option behind it for that. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { commands } from "./all-commands.js";
import { resnetc } from "./in-process-command.js";

const folder = mkdtempSync(join(tmpdir(), "resnetc-options-"));
const before = process.cwd();
beforeAll(() => {
  process.chdir(folder);
  writeFileSync("net.resnet", readFileSync(join(before, "specs/quickstart.resnet")));
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

it.each(commands.map((command) => command.name()))("%s --help fits 80 columns", async (name) => {
  const { out, status } = await resnetc(name, "--help");
  expect(status).toBe(0);
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

/** Every option of every command that takes a value, as it is written. */
const valued = commands.flatMap((command) =>
  command.options
    .filter(({ required }) => required)
    .flatMap(({ short, long }) => [short, long])
    .filter((name) => name !== undefined && name !== null)
    .map((name) => [command.name(), name] as const),
);

/** Those that take one only where it is given too. */
const optional = commands.flatMap((command) =>
  command.options
    .filter((option) => option.optional)
    .map(({ long }) => [command.name(), long ?? ""] as const),
);

/** But for completion, whose argument is one of a few names. */
const argued = commands
  .filter(({ registeredArguments }) => registeredArguments.length > 0)
  .map((command) => [command.name(), command.registeredArguments[0]?.name() ?? ""] as const)
  .filter(([command]) => command !== "completion");

it.each(argued)("%s refuses an empty %s, which would be the working folder", async (name, of) => {
  for (const empty of ["", " "]) {
    const { out, err, status } = await resnetc(name, empty);
    expect(err).toContain(`error: the argument \`${of}\` is empty\n  = help: \`${of}\`: `);
    expect([out, status]).toEqual(["", 2]);
  }
});

describe("an option with an empty value", () => {
  it.each([...valued, ...optional])("%s %s", async (command, option) => {
    for (const given of [[option, ""], ...(option.startsWith("--") ? [[`${option}=`]] : [])]) {
      const { err, status } = await resnetc(command, ...given);
      expect(err).toContain(`error: ${option} is empty\n  = help: \``);
      expect(status).toBe(2);
    }
  });

  it("is refused of train, eval and lint before anything is read", async () => {
    for (const given of [
      ["train", "net.resnet", "--resume="],
      ["train", "--resume", " ", "net.resnet"],
      ["train", "net.resnet", "-o", ""],
      ["eval", "net.resnet", "--run="],
      ["lint", "net.resnet", "--config", ""],
    ]) {
      expect(await resnetc(...given)).toMatchObject({ out: "", status: 2 });
    }
    expect((await resnetc("train", "net.resnet", "--resume=")).err.replace(/\s+/g, " ")).toBe(
      "error: --resume is empty = help: `--resume [run]`: go on with the latest run, or with the one in a folder ",
    );
  });
});

test("there are options that take a value", () => {
  expect(valued.length).toBeGreaterThan(60);
});

describe("an option without its value", () => {
  it.each(valued)("%s %s", async (command, option) => {
    const last = await resnetc(command, option);
    expect(last.err).toContain(`error: ${option} lacks its value\n  = help: \``);
    expect(last.status).toBe(2);
    const before = await resnetc(command, option, "--other");
    expect(before.err.replace(/\s+/g, " ")).toContain(
      `error: ${option} lacks its value: \`--other\` begins with a dash, as options do = help: `,
    );
    expect(before.status).toBe(2);
  });

  it("says how a value is written that begins with a dash", async () => {
    const { err } = await resnetc("lint", "net.resnet", "-o", "--quiet");
    expect(err).toBe(
      "error: -o lacks its value: `--quiet` begins with a dash, as options do\n" +
        "  = help: `-o, --output <file>`: write the findings there; if that is the value,\n" +
        "          write `--output=--quiet`\n",
    );
    const meant = await resnetc("lint", "net.resnet", "--no-cache", "--output=--quiet");
    expect(meant.status).toBe(0);
    expect(existsSync("--quiet")).toBe(true);
  });

  it("is said as JSON where that is asked for", async () => {
    const { out, status } = await resnetc("diff", "net.resnet", "--git", "--json");
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("--git lacks its value") as string },
    });
    expect(status).toBe(2);
  });
});

test("numbers below zero are values, and so is a dash alone", async () => {
  const number = await resnetc("lint", "net.resnet", "--max-warnings", "-1");
  expect(number.err).toContain("0 or more");
  const dash = await resnetc("train", "net.resnet", "--data", "-");
  expect(dash.err).toContain("there is no file or folder -");
});

test("what stands behind -- is no option", async () => {
  const { err } = await resnetc("check", "--", "--set");
  expect(err).toContain("there is no file --set");
});

test("a short option with an equals sign names no file that begins with one", async () => {
  const { err, status } = await resnetc("lint", "net.resnet", "-o=found.txt");
  expect(err).toContain("error: -o takes its value after a space\n  = help: write `-o found.txt`");
  expect(status).toBe(2);
  expect(existsSync("=found.txt")).toBe(false);
});

test("an empty --data is told as that", async () => {
  const { err, status } = await resnetc("train", "net.resnet", "--data", "");
  expect(err).toContain("error: --data is empty\n");
  expect(status).toBe(2);
});

test("names that would move the cursor are shown, not obeyed", async () => {
  const { err } = await resnetc("train", "net.resnet", "--data", "a\nb\u001b[31m");
  expect(err).toContain("error: there is no file or folder a␊b␛[31m\n");
});

test.each([
  [["net.resnet"], "resnetc predict net.resnet IMAGE…"],
  [["--checkpoint", "a.safetensors"], "resnetc predict --checkpoint a.safetensors IMAGE…"],
  [[], "resnetc predict SPEC IMAGE…"],
])("predict %j without an image says how it is asked", async (given, help) => {
  const { err, status } = await resnetc("predict", ...given);
  expect(err).toBe(`error: there is no image to look at\n  = help: ${help}\n`);
  expect(status).toBe(2);
});

it.each([
  ["gpu", "webgpu is for any GPU, node-gpu for NVIDIA's with CUDA; it takes auto"],
  ["TensorFlow", "here it is node, or node-gpu with CUDA; it takes auto"],
  ["wsam", "did you mean wasm? it takes auto"],
  ["jax", "it takes auto, node-gpu, webgpu, onnx, node, wasm, cpu"],
])("--engine %s is told what there is", async (name, help) => {
  const { err, status } = await resnetc("train", "net.resnet", "--engine", name);
  expect(err.replace(/\s+/g, " ")).toContain(
    `error: \`${name}\` is no value for \`--engine <name>\` = help: ${help}`,
  );
  expect(status).toBe(2);
});

describe("-o -", () => {
  const to = ["net.resnet", "--to", "safetensors"];
  it.each([
    ["compile", "folder", ["net.resnet"]],
    ["docs", "folder", ["."]],
    ["export", "file", to],
    ["train", "folder", ["net.resnet"]],
  ])("is no place for %s, which writes no text", async (command, place, given) => {
    const { out, err, status } = await resnetc(command, ...given, "-o", "-");
    expect(err).toBe(
      `error: \`-\` is no value for \`-o, --output <${place}>\`\n` +
        "  = help: nothing of it goes to standard output; `./-` is a place of that name\n",
    );
    expect([out, status, existsSync("-")]).toEqual(["", 2, false]);
  });

  it.each([
    ["diagram", ["net.resnet"]],
    ["lint", ["net.resnet", "--format", "json"]],
  ])("is standard output for %s", async (command, given) => {
    const plain = await resnetc(command, ...given);
    expect(await resnetc(command, ...given, "-o", "-")).toEqual(plain);
    expect(plain.out).not.toBe("");
    expect(existsSync("-")).toBe(false);
  });
});
