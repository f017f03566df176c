/** Folders and patterns among the images of a prediction are the files that they stand for. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageFiles } from "../../src/api/image-files.js";
import { UsageError } from "../../src/api/errors.js";

let folder = "";
const at = (...names: readonly string[]): string => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "resnetc-images-"));
  for (const name of ["b", join("b", "deep"), ".hidden", "none"]) {
    await mkdir(at(name), { recursive: true });
  }
  for (const name of ["a.png", "z.JPG", "notes.txt", "._z.jpg"]) await writeFile(at(name), "");
  for (const name of [at("b", "1.webp"), at("b", "deep", "2.gif"), at(".hidden", "3.png")]) {
    await writeFile(name, "");
  }
  await symlink(at("a.png"), at("b", "linked.png"));
  await symlink(folder, at("b", "up"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("a folder is the images below it, sorted; hidden files and links to folders are not", async () => {
  const below = [
    "a.png",
    join("b", "1.webp"),
    join("b", "deep", "2.gif"),
    join("b", "linked.png"),
    "z.JPG",
  ];
  expect(await imageFiles([folder])).toEqual(below.map((name) => at(name)));
});

test("an image that cannot be decoded is among them, to be told", async () => {
  const mixed = await mkdtemp(join(tmpdir(), "resnetc-images-"));
  try {
    for (const name of ["a.bmp", "b.png", "c.csv"]) await writeFile(join(mixed, name), "");
    const names = ["a.bmp", "b.png"];
    expect(await imageFiles([mixed])).toEqual(names.map((name) => join(mixed, name)));
    await rm(join(mixed, "b.png"));
    await expect(imageFiles([mixed])).rejects.toThrow(`there is no image below ${mixed}`);
  } finally {
    await rm(mixed, { recursive: true });
  }
});

test("files stay as they are named, in their places, also what is not there", async () => {
  const given = ["none.png", at("b", "deep"), at("notes.txt")];
  expect(await imageFiles(given)).toEqual(["none.png", at("b", "deep", "2.gif"), given[2]]);
});

test("a pattern is the files that fit it", async () => {
  expect(await imageFiles([at("*.png")])).toEqual([at("a.png")]);
  expect(await imageFiles([at("b", "**", "*.{gif,webp}")])).toEqual([
    at("b", "1.webp"),
    at("b", "deep", "2.gif"),
  ]);
});

test("a folder without images, and a pattern that nothing fits, are refused", async () => {
  const refusal = async (path: string) => {
    const error: unknown = await imageFiles([path]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  };
  expect(await refusal(at("none"))).toBe(`there is no image below ${at("none")}`);
  expect(await refusal(at("*.tiff"))).toBe(`no image fits the pattern ${at("*.tiff")}`);
});
