import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { beforeEach, describe, expect, test } from "vitest";
import { programWords } from "../../../src/cli/completion/command-words.js";
import { shellOf, shells } from "../../../src/cli/completion/shell.js";
import { temporaryFolder } from "../../train/temporary-folder.js";
import { hasShell, offered, program, scriptFor } from "./scripts.js";

let folder = "";
let cwd = "";
beforeEach(async () => {
  folder = await temporaryFolder();
  cwd = join(folder, "work");
  mkdirSync(join(cwd, "specs", "deep"), { recursive: true });
  const text = "/// network Not\nnetwork Small = Family(2)\nnetwork  Large(n) {\n}\n  network no\n";
  writeFileSync(join(cwd, "specs", "family.resnet"), text);
  writeFileSync(join(cwd, "specs", "notes.txt"), "");
  writeFileSync(join(cwd, "net.resnet"), "network Net {\n}\n");
});

const help = program.createHelp();
const commands = help.visibleCommands(program);

describe.each(shells)("%s", (shell) => {
  const there = hasShell(shell);
  const without = there ? "" : ` (SKIPPED: there is no ${shell} here)`;
  const complete = (...words: string[]): string[] => offered(shell, words, { folder, cwd });

  describe.skipIf(!there)(`completes${without}`, () => {
    test("commands", () => {
      expect(complete("resnetc", "")).toEqual(
        expect.arrayContaining(commands.map((command) => command.name())),
      );
      expect(complete("resnetc", "che")).toEqual(["check"]);
    });

    test("the options of a command, and no others", () => {
      expect(complete("resnetc", "check", "--js")).toEqual(["--json"]);
      expect(complete("resnetc", "check", "--ep")).toEqual([]);
      expect(complete("resnetc", "train", "net.resnet", "--ep")).toEqual(["--epochs"]);
    });

    test("the choices of an option", () => {
      const engines = complete("resnetc", "train", "--engine", "w");
      expect(engines).toEqual(["wasm", "webgpu"]);
    });

    test("the choices behind an equals sign", () => {
      const typed = shell === "bash" ? ["--engine", "=", "we"] : ["--engine=we"];
      const [found] = complete("resnetc", "train", ...typed);
      expect(found?.replace("--engine=", "")).toBe("webgpu");
    });

    test("settings of a recipe, which go on", () => {
      const [found, ...more] = complete("resnetc", "train", "--with", "epo");
      expect(found?.replace(/=$/, "")).toBe("epochs");
      expect(more).toEqual([]);
    });

    test("specs and folders, and no other files", () => {
      const bare = (words: readonly string[]): string[] =>
        words.map((word) => word.replace(/\/$/, "").replace(/^specs\//, "")).sort();
      expect(bare(complete("resnetc", "check", ""))).toEqual(["net.resnet", "specs"]);
      expect(bare(complete("resnetc", "check", "specs/"))).toEqual(["deep", "family.resnet"]);
      expect(bare(complete("resnetc", "check", "net.resnet", "specs/f"))).toEqual([
        "family.resnet",
      ]);
    });

    test("the networks of a spec", () => {
      const file = "specs/family.resnet";
      expect(complete("resnetc", "summary", `${file}#`)).toEqual([
        `${file}#Large`,
        `${file}#Small`,
      ]);
      expect(complete("resnetc", "check", `${file}#S`)).toEqual([`${file}#Small`]);
      expect(complete("resnetc", "check", "specs/nowhere.resnet#")).toEqual([]);
    });

    test("files and folders where an option takes one", () => {
      const weights = complete("resnetc", "compile", "--weights", "specs/no");
      expect(weights.map((word) => word.replace("specs/", ""))).toEqual(["notes.txt"]);
      const folders = complete("resnetc", "compile", "-o", "specs/");
      expect(folders.map((word) => word.replace("specs/", "").replace("/", ""))).toEqual(["deep"]);
    });

    test("nothing where nothing is known", () => {
      expect(complete("resnetc", "train", "--epochs", "")).toEqual([]);
    });

    test("codes and rules", () => {
      expect(complete("resnetc", "explain", "R030")).toContain("R0301");
      expect(complete("resnetc", "explain", "config-ru")).toEqual(["config-rule"]);
      expect(complete("resnetc", "explain", "channel-m")).toEqual(["channel-multiple"]);
      const [found] = complete("resnetc", "lint", "--rule", "channel-m");
      expect(found?.replace(/=$/, "")).toBe("channel-multiple");
    });

    test("the shells", () => {
      expect(complete("resnetc", "completion", "z")).toEqual(["zsh"]);
    });

    // Every one takes zsh half a second, so it is asked for some.
    test("every option that the help shows", () => {
      const asked = shell === "zsh" ? commands.slice(0, 3) : commands;
      for (const command of asked) {
        const long = help.visibleOptions(command).flatMap((option) => option.long ?? []);
        expect(complete("resnetc", command.name(), "--")).toEqual(long.sort());
      }
    });
  });

  test("the script holds no path of this machine", () => {
    expect(scriptFor(shell)).not.toContain(process.cwd());
  });
});

describe("what the brackets of the help mean", () => {
  const sample = new Command("resnetc");
  sample
    .command("explain")
    .argument("[code]", "what to explain")
    .option("--rule <name=level>", "a rule")
    .option("--set <name=value>", "a parameter")
    .option("--cache-location <folder>", "where")
    .option("--no-cache", "none")
    .option("--resume [run]", "a run");
  const vocabulary = { pages: ["R0001", "a-rule"], rules: ["a-rule"], settings: ["batch"] };
  const [command] = programWords(sample, vocabulary).commands;
  const placeOf = (long: string): unknown =>
    command?.options.find((option) => option.long === long)?.value;

  test("a code is one of a page", () => {
    expect(command?.operands).toEqual([
      {
        name: "code",
        optional: true,
        variadic: false,
        place: { kind: "words", words: ["R0001", "a-rule"], joined: false },
      },
    ]);
  });

  test("options take what they name", () => {
    expect(placeOf("--rule")).toEqual({
      name: "name=level",
      optional: false,
      place: { kind: "words", words: ["a-rule"], joined: true },
    });
    expect(placeOf("--set")).toMatchObject({ place: { kind: "free" } });
    expect(placeOf("--cache-location")).toMatchObject({ place: { kind: "folder" } });
    expect(placeOf("--resume")).toMatchObject({ optional: true, place: { kind: "folder" } });
    expect(placeOf("--no-cache")).toBeUndefined();
  });
});

test("the help offers the shells that there are", () => {
  const command = commands.find((each) => each.name() === "completion");
  expect(command?.registeredArguments[0]?.argChoices).toEqual([...shells]);
});

describe("which shell it is", () => {
  // This very process is no shell.
  const node = process.pid;

  test.each([
    ["/bin/bash", "bash"],
    ["/usr/local/bin/zsh", "zsh"],
    ["/opt/homebrew/bin/fish", "fish"],
    ["-zsh", "zsh"],
    ["/bin/dash", undefined],
    [undefined, undefined],
  ])("SHELL=%s is %s", (SHELL, shell) => {
    expect(shellOf({ SHELL }, node)).toBe(shell);
  });

  test("a process that is gone does not matter", () => {
    expect(shellOf({ SHELL: "/bin/zsh" }, 2 ** 30)).toBe("zsh");
  });
});
