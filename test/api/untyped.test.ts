/** What a program in JavaScript may ask for against the types is refused in words. */
import { expect, test } from "vitest";
import * as resnetc from "../../src/index.js";

type Untyped = (...given: readonly unknown[]) => unknown;
const { check, docs, exportModel, fix, fixLint, formatFiles, lint, predict, train, UsageError } =
  resnetc as unknown as Readonly<Record<string, Untyped>> & Pick<typeof resnetc, "UsageError">;

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
});

test.each([undefined, 3, ["a.resnet"]])("%j is no spec", async (given) => {
  expect((await refusal(() => check?.(given))).message).toMatch(/^a spec is a text/);
  expect((await refusal(() => train?.(given))).message).toMatch(/^a spec is a text/);
});

test("a network is exported to no other format than there is", async () => {
  const { message, help } = await refusal(() => exportModel?.(quick, { to: "pth" }));
  expect([message, help]).toEqual(["a network is not exported to pth", "name onnx or safetensors"]);
});
