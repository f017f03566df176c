/** What is wrong with a command line reaches people in words and programs as JSON, alike for every command. */
import { describe, expect, it, test } from "vitest";
import { commands } from "./all-commands.js";
import { resnetc, resnetcWith } from "./in-process-command.js";

const withJson = commands.filter(({ options }) => options.some(({ long }) => long === "--json"));

/** Runs the command, which must answer with one object and say nothing beside it. */
async function refused(...given: readonly string[]): Promise<{ message: string; help: string }> {
  const { status, out, err } = await resnetc(...given);
  expect(err).toBe("");
  expect(out).toMatch(/^\{.*\}\n$/);
  const answer = JSON.parse(out) as { ok: boolean; error: { message: string; help: string } };
  expect(Object.keys(answer)).toEqual(["ok", "error"]);
  expect(answer.ok).toBe(false);
  expect(status).toBe(2);
  return answer.error;
}

test("most commands have --json", () => {
  expect(withJson.length).toBeGreaterThanOrEqual(15);
});

describe("as JSON", () => {
  it.each(withJson.map((command) => command.name()))("%s with an unknown option", async (name) => {
    const { message, help } = await refused(name, "--jsn", "x", "--json");
    expect(message).toBe("unknown option --jsn");
    expect(help).toBe(`did you mean --json? \`resnetc ${name} --help\` lists the options`);
  });

  const refusing = withJson.flatMap((command) =>
    command.options
      .filter(({ argChoices, parseArg }) => argChoices !== undefined || parseArg !== undefined)
      .filter(({ variadic, long }) => !variadic && !/^--(set|with|rule)$/.test(long ?? ""))
      .map((option) => ({ name: command.name(), option })),
  );
  it.each(refusing.map(({ name, option }) => ({ name, flags: option.flags, option })))(
    "$name $flags with what is no value of it",
    async ({ name, option }) => {
      // Any path will do, but for that of standard output.
      const isPlace = option.long === "--output";
      const bad = isPlace ? "-" : "nope";
      const { message, help } = await refused(name, `${option.long ?? ""}=${bad}`, "x", "--json");
      expect(message).toBe(`\`${bad}\` is no value for \`${option.flags}\``);
      const choices = option.argChoices;
      const otherwise = isPlace ? "nothing of it goes to standard output" : "it must be ";
      expect(help).toContain(choices ? `it takes ${choices.join(", ")}` : otherwise);
    },
  );
  test("there are options that refuse values", () => {
    expect(refusing.length).toBeGreaterThan(15);
  });

  it.each([
    ["summary", "FILE.resnet, or FILE.resnet#Network"],
    ["compile", "FILE.resnet, or FILE.resnet#Network"],
    ["export", "FILE.resnet, or FILE.resnet#Network"],
    ["profile", "FILE.resnet, or FILE.resnet#Network"],
  ])("%s without its argument", async (name, about) => {
    const { message, help } = await refused(name, "--json");
    expect(message).toMatch(new RegExp(`^${name} lacks <[a-z.-]+>: `));
    expect(message).toContain(about);
    expect(help).toBe(`\`resnetc ${name} --help\` has examples`);
  });

  const bounded = withJson.filter(({ registeredArguments }) =>
    registeredArguments.every(({ variadic }) => !variadic),
  );
  it.each(bounded.map((command) => ({ name: command.name(), command })))(
    "$name with too many arguments",
    async ({ name, command }) => {
      const taken = command.registeredArguments.length;
      const { message } = await refused(name, "a", "b", "c", "--json");
      const takes = taken === 0 ? "no argument" : "1 argument";
      expect(message).toBe(`${name} takes ${takes}, and was given 3: a, b, c`);
    },
  );

  it.each([
    [["chekc", "x.resnet", "--json"], "unknown command chekc", "did you mean check?"],
    [["lint", "--format", "json", "--fxi"], "unknown option --fxi", "did you mean --fix?"],
    [["lint", "--format=json", "--fxi"], "unknown option --fxi", "did you mean --fix?"],
    [["diagram", "x.resnet", "--json"], "unknown option --json", "lists the options"],
  ])("%j", async (given, message, help) => {
    const error = await refused(...given);
    expect(error.message).toBe(message);
    expect(error.help).toContain(help);
  });
});

describe("in words", () => {
  it.each([
    [
      ["check", "--jsno"],
      "error: unknown option --jsno\n" +
        "  = help: did you mean --json? `resnetc check --help` lists the options\n",
    ],
    [
      ["train", "net.resnet", "--engine", "cup"],
      "error: `cup` is no value for `--engine <name>`\n" +
        "  = help: did you mean cpu? it takes auto, node-gpu, webgpu, onnx, node, wasm,\n" +
        "          cpu\n",
    ],
    [
      ["completion", "tcsh"],
      "error: `tcsh` is no value for `<shell>`\n  = help: it takes bash, zsh, fish\n",
    ],
    [
      ["engines", "x"],
      "error: engines takes no argument, and was given 1: x\n  = help: write `resnetc engines`\n",
    ],
    // What stands behind -- is no option, and so is the value of another.
    [
      ["summary", "a", "--", "--json"],
      "error: summary takes 1 argument, and was given 2: a, --json\n",
    ],
    [["lint", "--format=json", "--format=compact", "--fxi"], "error: unknown option --fxi\n"],
  ])("%j", async (given, words) => {
    const { status, out, err } = await resnetc(...given);
    expect(out).toBe("");
    expect(err.startsWith(words)).toBe(true);
    expect(status).toBe(2);
  });
});

test("a bug is told as JSON too", async () => {
  const load = { tensor: () => Promise.reject(new Error("the bundle is broken")) };
  const { status, out, err } = await resnetcWith(load, "engines", "--json");
  expect(JSON.parse(out)).toEqual({
    ok: false,
    error: {
      message: "internal error: the bundle is broken",
      help: "this is a bug in resnetc: please report it with the command and the spec",
    },
  });
  expect(err).toBe("");
  expect(status).toBe(70);
});
