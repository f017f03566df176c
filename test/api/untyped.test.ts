/** What a program in JavaScript may ask for against the types is refused in words. */
import { expect, test } from "vitest";
import * as resnetc from "../../src/index.js";
import { MemoryHost } from "../check/memory-host.js";

type Untyped = (...given: readonly unknown[]) => unknown;
const {
  check,
  diagram,
  diff,
  diffFiles,
  docs,
  evaluate,
  exportModel,
  fix,
  fixLint,
  format,
  formatFiles,
  lint,
  predict,
  profile,
  summary,
  train,
  UsageError,
  writeFixes,
} = resnetc as unknown as Readonly<Record<string, Untyped>> & Pick<typeof resnetc, "UsageError">;

const quick = "specs/quickstart.resnet";
const listed = `give \`["${quick}"]\``;

async function refusal(action: () => unknown): Promise<resnetc.UsageError> {
  const error: unknown = await Promise.resolve()
    .then(action)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toBeInstanceOf(UsageError);
  return error as resnetc.UsageError;
}

test.each([
  ["lint", lint],
  ["fixLint", fixLint],
  ["fix", fix],
  ["formatFiles", formatFiles],
  ["docs", docs],
])("%s takes specs as a list, and one text not letter by letter", async (_, call) => {
  const { message, help } = await refusal(() => call?.(quick));
  expect([message, help]).toEqual(["specs come as a list, not as one text", listed]);
});

test("predict takes images as a list", async () => {
  const asked = predict?.(quick, { spec: quick }) as AsyncIterator<unknown>;
  expect((await refusal(() => asked.next())).message).toMatch(/^images come as a list/);
  for (const given of [[1], ["a.png", new Uint8Array(3)], [new URL("file:///a.png")]]) {
    const bytes = predict?.(given, { spec: quick }) as AsyncIterator<unknown>;
    const { message, help } = await refusal(() => bytes.next());
    expect(message).toBe(`images are texts, and number ${given.length} of the list is none`);
    expect(help).toBe("give their paths; `classify` of a loaded network takes the bytes of a file");
  }
});

test.each([
  ["train", train, { checkpointMinutes: -1 }, "a number of minutes, 0 or more, not -1"],
  ["train", train, { ui: 99_999 }, "true, false, or a port from 0 to 65535, not 99999"],
  ["exportModel", exportModel, { seed: 1.5 }, "a whole number from 0 to 4294967295, not 1.5"],
  ["exportModel", exportModel, { seed: 2 ** 40 }, "4294967295, not 1099511627776"],
  ["exportModel", exportModel, { seed: Number.NaN }, "4294967295, not NaN"],
])("%s refuses numbers out of their range: %#", async (_, call, options, words) => {
  expect((await refusal(() => call?.(quick, options))).message).toContain(words);
});

test.each([undefined, 3, ["a.resnet"]])("%j is no spec", async (given) => {
  expect((await refusal(() => check?.(given))).message).toMatch(/^a spec is a text/);
  expect((await refusal(() => train?.(given))).message).toMatch(/^a spec is a text/);
});

test("a file of weights is no spec, and says how it is named", async () => {
  const { message, help } = await refusal(() => summary?.("runs/a/best.safetensors"));
  expect(message).toBe("runs/a/best.safetensors is a file of weights, not a spec");
  expect(help).toContain("`--checkpoint runs/a/best.safetensors`");
});

test.each([
  ["train", train, ["folder", "resume", "weights"]],
  ["evaluate", evaluate, ["folder", "checkpoint", "weights"]],
  ["exportModel", exportModel, ["checkpoint", "weights"]],
] as const)("%s takes no empty text for a file or a folder", async (_, call, options) => {
  for (const option of options) {
    const { message } = await refusal(() => call?.(quick, { [option]: " " }));
    expect(message).toBe(`\`${option}\` is empty`);
  }
});

test("a network is exported to no other format than there is", async () => {
  const { message, help } = await refusal(() => exportModel?.(quick, { to: "pth" }));
  expect([message, help]).toEqual(["a network is not exported to pth", "name onnx or safetensors"]);
});

test.each([
  ["profile", profile],
  ["summary", summary],
  ["diagram", diagram],
])("%s takes a size as two numbers, and a text not letter by letter", async (_, call) => {
  const asked = async (at: unknown) => {
    const { message, help } = await refusal(() => call?.(quick, { at }));
    return [message, help];
  };
  const said = (given: string): string =>
    `a size is height and width as two whole numbers, not ${given}`;
  expect(await asked("32x48")).toEqual([said('"32x48"'), "give `[32, 48]`"]);
  expect(await asked(32)).toEqual([said("32"), "give `[32, 32]`"]);
  expect(await asked([32])).toEqual([said("[32]"), "give `[32, 32]`"]);
  expect(await asked(["32", "32"])).toEqual([said('["32","32"]'), "give `[224, 224]`"]);
});

test("a size is two numbers where several specs are meant, too", async () => {
  const at = "32x32";
  for (const call of [
    () => docs?.([quick], { at }),
    () => diff?.(quick, quick, { at }),
    () => diffFiles?.("HEAD", [quick], { at }),
  ]) {
    expect((await refusal(call)).help).toBe("give `[32, 32]`");
  }
});

test.each([
  ["parameters", check, "classes"],
  ["recipe", train, "epochs"],
  ["recipe", profile, "epochs"],
] as const)("%s are values by name", async (option, call, name) => {
  const asked = (given: unknown) => refusal(() => call?.(quick, { [option]: given }));
  expect((await asked(`${name}=3`)).message).toBe(
    `\`${option}\` are values by name, not "${name}=3"`,
  );
  expect((await asked(null)).message).toBe(`\`${option}\` are values by name, not null`);
  const { message, help } = await asked({ [name]: [3, 4] });
  expect(message).toBe(`${name} is no number, boolean or text: [3,4]`);
  expect(help).toBe('give the text that the language writes, `"[3,4]"`');
  expect((await asked({ [name]: undefined })).message).toContain("is no number, boolean or text");
  expect((await asked([`${name}=3`])).message).toContain("has no name");
});

test.each([{ steps: 0 }, { steps: "5" }, { batch: 1.5 }])("%j profiles nothing", async (given) => {
  expect((await refusal(() => profile?.(quick, given))).message).toContain(
    "a whole number above 0",
  );
});

test.each([
  [{ classes: 10n }, "classes is no number, boolean or text: 10n"],
  [new Map([["classes", 10]]), "`parameters` are values by name, not a Map"],
  [{ classes: new Map() }, "classes is no number, boolean or text: a Map"],
])("parameters are numbers, booleans and texts in an object: %#", async (parameters, words) => {
  expect((await refusal(() => check?.(quick, { parameters }))).message).toBe(words);
});

test("options in a map are none", async () => {
  const { message } = await refusal(() => check?.(quick, new Map()));
  expect(message).toBe("the options of `check` are an object, not a Map");
});

test.each([
  [{ printWidth: Number.NaN }, "`printWidth` is a whole number of columns, 0 or more, not NaN"],
  [{ tabWidth: "2" }, '`tabWidth` is a whole number of columns, 0 or more, not "2"'],
  [{ useTabs: 1n }, "`useTabs` is true or false, not 1n"],
  [{ endOfLine: "lfcr" }, '`endOfLine` cannot be "lfcr"'],
  [{ width: 80 }, "`format` has no option `width`"],
])("format takes what prettier takes, and nothing else: %#", async (options, words) => {
  expect((await refusal(() => format?.("", options))).message).toBe(words);
});

test("the sides of a comparison are specs, or places of specs", async () => {
  expect((await refusal(() => diff?.({}, quick))).message).toContain("has a file");
  expect((await refusal(() => diff?.(quick, { file: quick, revision: 1 }))).message).toContain(
    `not {"file":"${quick}","revision":1}`,
  );
  for (const given of [Symbol("spec"), undefined, null, 5n]) {
    expect((await refusal(() => diff?.(given, quick))).message).toMatch(/^a spec is a text/);
  }
});

test.each([[{}], [undefined], [{ files: [{ path: "a.resnet" }] }]])(
  "writeFixes writes what fix came to, and nothing of %j",
  async (given) => {
    const { message, help } = await refusal(() => writeFixes?.(given));
    expect(message).toMatch(/^these are no fixes to write: /);
    expect(help).toContain("`fixLint`");
  },
);

test.each([lint, fixLint])("the configuration of lint is a path, or false: %#", async (call) => {
  const { message } = await refusal(() => call?.([quick], { config: true }));
  expect(message).toBe("`config` is the path of a configuration, or false for none, not true");
});

test.each([
  [{ "chanel-multiple": "off" }, "no rule named `chanel-multiple`", 'mean "channel-multiple"?'],
  [{ "channel-multiple": "loud" }, 'must be "off", "info", "warn" or "error", not "loud"', ""],
  [{ "channel-multiple": { level: "eror" } }, 'not "eror"', 'did you mean "error"?'],
  [{ "channel-multiple": { options: { multiple: 0 } } }, "a whole number of at least 2, not 0", ""],
  [{ "channel-multiple": { options: { multiple: "x" } } }, 'a whole number, not "x"', ""],
  [{ "channel-multiple": { options: { multiple: Number.NaN } } }, 'whole number, not "NaN"', ""],
  [{ "channel-multiple": { options: { width: 8 } } }, "no setting `width` here", "`multiple`"],
  [{ "channel-multiple": { severety: "off" } }, "no setting `severety` here", '"severity"'],
  [{ "channel-multiple": { level: "off", severity: "off" } }, "no setting `level` here", ""],
  [{ R0301: "off" }, "there is no rule named `R0301`", "they always hold"],
  ["channel-multiple=off", "`rules` are settings by the names of rules", "give an object"],
  [new Map(), "not a Map", "give an object"],
])("rules are held to what a configuration is held to: %#", async (rules, words, help) => {
  const refused = await refusal(() => lint?.([quick], { rules, config: false }));
  expect(refused.message).toContain(words);
  expect(refused.help ?? "").toContain(help);
});

test("rules are set as for a program, or as a configuration writes them", async () => {
  const text = "network Net { input 8x8x3\n conv 3x3, 20\n head h { globalavgpool -> dense 3 } }\n";
  const host = new MemoryHost({ "net.resnet": text });
  const found = async (rule: unknown): Promise<string | undefined> => {
    const options = { rules: { "channel-multiple": rule }, config: false, host, files: true };
    const { files } = (await lint?.(["net.resnet"], options)) as resnetc.LintReport;
    const own = files.flatMap(({ diagnostics }) => diagnostics);
    return own.find(({ code }) => code === "channel-multiple")?.severity;
  };
  expect(await found("error")).toBe("error");
  expect(await found({ severity: "warn" })).toBe("warning");
  expect(await found({ level: "error" })).toBe("error");
  expect(await found({ level: "error", options: { multiple: 4 } })).toBeUndefined();
  expect(await found("off")).toBeUndefined();
});
