/** An option that a call does not know, or of another kind than it is, is refused before anything is done. */
import { expect, test } from "vitest";
import * as resnetc from "../../src/index.js";

type Untyped = (...given: readonly unknown[]) => unknown;
const calls = resnetc as unknown as Readonly<Record<string, Untyped>>;
const quick = "specs/quickstart.resnet";

async function refusal(call: string, ...given: readonly unknown[]): Promise<[string, string?]> {
  const asked = async () => {
    const answer = calls[call]?.(...given);
    await (call === "predict" ? (answer as AsyncIterator<unknown>).next() : answer);
  };
  const error: unknown = await asked().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(resnetc.UsageError);
  const { message, help } = error as resnetc.UsageError;
  return help === undefined ? [message] : [message, help];
}

test.each([
  ["check", quick],
  ["compile", quick],
  ["diagram", quick],
  ["diff", quick, quick],
  ["diffFiles", "HEAD", [quick]],
  ["docs", [quick]],
  ["evaluate", quick],
  ["exportModel", quick],
  ["fix", [quick]],
  ["fixLint", [quick]],
  ["formatFiles", [quick]],
  ["lint", [quick]],
  ["loadNetwork", quick],
  ["predict", ["cat.png"]],
  ["profile", quick],
  ["summary", quick],
  ["surveyData", quick],
  ["train", quick],
])("%s has no option that goes by in silence", async (call, ...given) => {
  const [message] = await refusal(call, ...given, { unheardOf: 1 });
  expect(message).toBe(`\`${call}\` has no option \`unheardOf\``);
  const [wrong, help] = await refusal(call, ...given, 5);
  expect(wrong).toBe(`the options of \`${call}\` are an object, not 5`);
  expect(help).toMatch(/^it takes `/);
});

test("what was meant is said: near names, those of the command line, values of the recipe", async () => {
  const helpOf = async (call: string, option: string) =>
    (await refusal(call, quick, { [option]: 1 }))[1];
  expect(await helpOf("loadNetwork", "wieghts")).toBe(
    "did you mean `weights`? There are also `parameters`, `host`, `seed`, `checkpoint`, `engine`, `device`, `preprocess` and `signal`",
  );
  expect(await helpOf("evaluate", "run")).toMatch(/^did you mean `folder`\?/);
  expect(await helpOf("train", "output")).toMatch(/^did you mean `folder`\?/);
  expect(await helpOf("summary", "set")).toMatch(/^did you mean `parameters`\?/);
  expect(await helpOf("train", "epochs")).toBe(
    "it is a value of the recipe: `recipe: { epochs: … }`",
  );
  expect(await helpOf("train", "rate")).toBe(
    'it is a value of the recipe: `recipe: { "optimizer.rate": … }`',
  );
  expect(await helpOf("summary", "epochs")).toBe("`summary` takes `parameters`, `host` and `at`");
});

test.each([
  ["loadNetwork", { weights: 5 }, "`weights` is a text, not 5"],
  ["train", { onEvent: 5 }, "`onEvent` is a function, not 5"],
  ["train", { resume: 3 }, "`resume` is true, or the folder of a run, not 3"],
  ["train", { signal: {} }, "`signal` is an AbortSignal, not {}"],
  ["exportModel", { seed: "1" }, '`seed` is a whole number from 0 to 4294967295, not "1"'],
  ["compile", { graphOnly: "yes", folder: "x" }, '`graphOnly` is true or false, not "yes"'],
  ["evaluate", { split: "half" }, '`split` cannot be "half"'],
  ["diagram", { view: "ful" }, '`view` cannot be "ful"'],
])("%s refuses %j", async (call, options, said) => {
  expect((await refusal(call, quick, options))[0]).toBe(said);
});

test("a word that is none of a list is told which there are", async () => {
  expect((await refusal("evaluate", quick, { split: "half" }))[1]).toBe(
    'it is "validation", "train" or "test"',
  );
  expect((await refusal("diagram", quick, { view: "ful" }))[1]).toBe(
    'did you mean "full"? It is "stages" or "full"',
  );
});

test("an option without a value is one that is left out", () => {
  const left = { parameters: undefined, recipe: undefined } as unknown as resnetc.CheckOptions;
  expect(resnetc.check(quick, left).ok).toBe(true);
});

test("what is no text where one is needed is refused", async () => {
  expect((await refusal("compile", quick, {}))[0]).toBe("there is no folder for what is compiled");
  expect((await refusal("explain", undefined))[0]).toMatch(/^what is to be explained is a text/);
  expect((await refusal("format", 5))[0]).toBe("what is to be formatted is the text of a spec");
  expect((await refusal("diff", quick))[0]).toMatch(/^a spec is a text/);
});
