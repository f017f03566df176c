/** What is printed of an evaluation fits the terminal. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../train/temporary-folder.js";
import { resnetc } from "./in-process-command.js";

test("an evaluation fits 80 columns, the likeliest five included", async () => {
  const weights = join(await temporaryFolder(), "w.safetensors");
  const quick = ["specs/quickstart.resnet", "--set", "classes=8"];
  await resnetc("export", ...quick, "--to", "safetensors", "-o", weights);
  const data = ["--data", "shapes(classes: 8, train: 16, validation: 24)", "--engine", "wasm"];
  const { out, status } = await resnetc("eval", ...quick, "--weights", weights, ...data);
  expect(status).toBe(0);
  expect(out.replace(/\s+/g, " ")).toMatch(
    /^24 images of shapes \(validation\): accuracy [\d.]+%, among the likeliest five [\d.]+%, loss \d/,
  );
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});
