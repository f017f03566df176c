/** What a program reads of a command that Ctrl-C stops: one line that says so, after what stands. */
import { join } from "node:path";
import { expect, test } from "vitest";
import sharp from "sharp";
import { temporaryFolder } from "../train/temporary-folder.js";
import { resnetc, type EndedHere } from "./in-process-command.js";

const quick = "specs/quickstart.resnet";

async function weightsIn(folder: string): Promise<readonly string[]> {
  const weights = join(folder, "w.safetensors");
  await resnetc("export", quick, "--to", "safetensors", "-o", weights);
  return ["--weights", weights, "--engine", "wasm"];
}

/** Ctrl-C as soon as the command listens for it. */
async function stopped(...given: readonly string[]): Promise<EndedHere> {
  const before = process.listenerCount("SIGINT");
  const onListener = (event: string | symbol): void => {
    if (event !== "SIGINT") return;
    process.off("newListener", onListener);
    queueMicrotask(() => process.emit("SIGINT"));
  };
  process.on("newListener", onListener);
  const end = await resnetc(...given);
  process.off("newListener", onListener);
  expect(process.listenerCount("SIGINT")).toBe(before);
  return end;
}

const message = "stopped by Ctrl-C, or a signal, before every image was looked at";

test("eval --json says that it was stopped, and without --json nothing is an answer", async () => {
  const folder = await temporaryFolder();
  const data = ["--data", "shapes(train: 16, validation: 512)"];
  const given = ["eval", quick, ...(await weightsIn(folder)), ...data];
  const { out, err, status } = await stopped(...given, "--json");
  expect(JSON.parse(out)).toEqual({
    ok: false,
    error: { message, help: "run the command again, to its end" },
  });
  expect(err).toContain("stopping; Ctrl-C again stops at once");
  expect(status).toBe(130);
  expect(await stopped(...given)).toMatchObject({ out: "", status: 130 });
});

test("predict --json says so after the images that are done", async () => {
  const folder = await temporaryFolder();
  const create = { width: 32, height: 32, channels: 3, background: "red" } as const;
  const image = join(folder, "red.png");
  await sharp({ create }).toFile(image);
  const given = ["predict", quick, ...(await weightsIn(folder)), image, image];
  const { out, status } = await stopped(...given, "--json");
  const lines = out.trim().split("\n");
  expect(JSON.parse(lines.at(-1) ?? "")).toEqual({
    ok: false,
    error: { message, help: "the images in the lines above are done" },
  });
  expect(status).toBe(130);
  expect(await stopped(...given)).toMatchObject({ out: "", status: 130 });
});

test("what else goes wrong after Ctrl-C is said", async () => {
  const nowhere = ["eval", "nowhere.resnet", "--weights", "w", "--json"];
  const { out, err, status } = await stopped(...nowhere);
  expect(err).toContain("Ctrl-C again stops at once");
  expect(JSON.parse(out)).toMatchObject({ ok: false, diagnostics: [{}] });
  expect(status).toBe(1);
});

test("train --json ends with the event that says what is saved", async () => {
  const folder = await temporaryFolder();
  const small = [
    "--data",
    "shapes(train: 32, validation: 16)",
    "--batch",
    "16",
    "--engine",
    "wasm",
  ];
  const { out, status } = await stopped("train", quick, ...small, "-o", folder, "--json");
  const last: unknown = JSON.parse(out.trim().split("\n").at(-1) ?? "");
  expect(last).toMatchObject({ kind: "end", result: { outcome: "interrupted", folder } });
  expect(status).toBe(130);
});
