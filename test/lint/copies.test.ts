/** What a repository copies to lint its specs is well-formed, and calls commands that there are. */
import { readFileSync } from "node:fs";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { makeProgram } from "../../src/cli/grammar/program.js";

const workflow = readFileSync("docs/ci/specs.yml", "utf8");
const hooks = readFileSync(".pre-commit-hooks.yaml", "utf8");

const program = makeProgram({
  terminal: {} as never,
  load: {} as never,
  finish: () => undefined,
});

describe.each([
  ["the workflow", workflow],
  ["the pre-commit hooks", hooks],
])("%s", (_name, text) => {
  it("is YAML", async () => {
    expect(await format(text, { parser: "yaml", printWidth: 120 })).toBe(text);
  });

  it("calls commands with options that they have", () => {
    const calls = [...text.matchAll(/(?:npx |entry: )resnetc (.+)/g)].map(
      ([, words = ""]) => words,
    );
    expect(calls.length).toBeGreaterThan(1);
    for (const call of calls) {
      const [name, ...given] = call.split(" ");
      const command = program.commands.find((each) => each.name() === name);
      const known = command?.options.flatMap(({ long, short }) => [long, short]);
      for (const option of given.filter((word) => word.startsWith("-"))) {
        expect(known).toContain(option);
      }
      expect(command).toBeDefined();
    }
  });
});
