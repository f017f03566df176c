import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCifar } from "../../../src/train/data/cifar.js";
import { dataError, temporaryFolders, writeFiles } from "./folders.js";

const folder = temporaryFolders();
const tenNames = "airplane automobile bird cat deer dog frog horse ship truck".split(" ");
const hundredNames = Array.from({ length: 100 }, (_, i) => `class${i}`);

/** Pixel value at (row, column, channel) of record `record` of file `file`. */
const pixel = (file: number, record: number, row: number, column: number, c: number): number =>
  (17 * file + 31 * record + 3 * row + 7 * column + 101 * c) % 256;

function records(file: number, labels: readonly (readonly number[])[]): Uint8Array {
  const all = labels.map((label, record) => {
    const bytes = [...label];
    for (let c = 0; c < 3; c++)
      for (let row = 0; row < 32; row++)
        for (let column = 0; column < 32; column++) bytes.push(pixel(file, record, row, column, c));
    return bytes;
  });
  return Uint8Array.from(all.flat());
}

function writeCifar10(root: string): void {
  const files: Record<string, Uint8Array | string> = {
    "batches.meta.txt": tenNames.join("\n") + "\n\n",
    "test_batch.bin": records(0, [[9], [0], [5]]),
  };
  for (let file = 1; file <= 5; file++) {
    files[`data_batch_${file}.bin`] = records(file, [[file], [(2 * file) % 10]]);
  }
  writeFiles(root, files);
}

function writeCifar100(root: string): void {
  writeFiles(root, {
    "fine_label_names.txt": hundredNames.join("\n") + "\n",
    "train.bin": records(1, [
      [19, 11],
      [3, 99],
    ]),
    "test.bin": records(2, [[7, 42]]),
  });
}

test("CIFAR-10: labels, pixels and their order, over the boundaries of the files", async () => {
  const root = folder();
  writeCifar10(root);
  const data = await openCifar("cifar10", root);
  expect(data.name).toBe("cifar10");
  expect(data.classes).toEqual(tenNames);
  expect([data.train.size, data.validation.size]).toEqual([10, 3]);
  for (let index = 0; index < 10; index++) {
    const file = 1 + Math.floor(index / 2);
    const record = index % 2;
    const { image, label } = await data.train.read(index);
    expect(label).toBe(record === 0 ? file : (2 * file) % 10);
    expect([image.height, image.width, image.channels]).toEqual([32, 32, 3]);
    const expected: number[] = [];
    for (let row = 0; row < 32; row++)
      for (let column = 0; column < 32; column++)
        for (let c = 0; c < 3; c++) expected.push(pixel(file, record, row, column, c));
    expect([...image.pixels]).toEqual(expected);
  }
  expect((await data.validation.read(2)).label).toBe(5);
  expect(data.train.describe(3)).toBe(`${join(root, "data_batch_2.bin")}, record 1`);
  await data.close();
});

test("CIFAR-100: the fine label counts, in the published sub-folder", async () => {
  const root = folder();
  writeCifar100(join(root, "cifar-100-binary"));
  const data = await openCifar("cifar100", root);
  expect(data.classes).toEqual(hundredNames);
  const labels = await Promise.all([0, 1].map(async (i) => (await data.train.read(i)).label));
  expect(labels).toEqual([11, 99]);
  const { image, label } = await data.validation.read(0);
  expect(label).toBe(42);
  expect([...image.pixels.subarray(0, 3)]).toEqual([0, 1, 2].map((c) => pixel(2, 0, 0, 0, c)));
  await data.close();
});

test("CIFAR-10 is found in its published sub-folder; counts that are not the published are noted", async () => {
  const root = folder();
  writeCifar10(join(root, "cifar-10-batches-bin"));
  const data = await openCifar("cifar10", root);
  expect(data.notes).toHaveLength(6);
  expect(data.notes?.[0]).toBe(
    `${join(root, "cifar-10-batches-bin", "data_batch_1.bin")} holds 2 images; the published file 10000`,
  );
  await data.close();
});

test("many reads at once give what single reads give", async () => {
  const root = folder();
  writeCifar10(root);
  const data = await openCifar("cifar10", root);
  const at = Array.from({ length: 40 }, (_, i) => (i * 7) % 10);
  const together = await Promise.all(at.map((index) => data.train.read(index)));
  for (const [i, index] of at.entries()) {
    expect(together[i]).toEqual(await data.train.read(index));
  }
  await data.close();
});

test("an index outside of the split is refused", async () => {
  const root = folder();
  writeCifar100(root);
  const data = await openCifar("cifar100", root);
  for (const index of [-1, 2, 0.5, Number.NaN]) {
    await expect(data.train.read(index)).rejects.toThrow(RangeError);
  }
  await data.close();
});

test("a truncated file is named with the byte and the record", async () => {
  const root = folder();
  writeCifar10(root);
  truncateSync(join(root, "data_batch_3.bin"), 5000);
  const error = await dataError(() => openCifar("cifar10", root));
  expect(error.message).toBe(
    `${join(root, "data_batch_3.bin")} is truncated: it ends at byte 5000, inside record 1` +
      " (bytes 3073 to 6145; a record is 3073 bytes)",
  );
  expect(error.help).toContain("cifar-10-binary.tar.gz");
});

test("a file that is cut short after it was opened is named on reading", async () => {
  const root = folder();
  writeCifar10(root);
  const data = await openCifar("cifar10", root);
  truncateSync(join(root, "data_batch_1.bin"), 4000);
  await data.train.read(0);
  const error = await dataError(() => data.train.read(1));
  expect(error.message).toContain(`${join(root, "data_batch_1.bin")}, record 1`);
  expect(error.message).toContain("ends at byte 4000");
  await data.close();
});

test("an empty and a missing file are named", async () => {
  const root = folder();
  writeCifar10(root);
  writeFileSync(join(root, "test_batch.bin"), "");
  expect((await dataError(() => openCifar("cifar10", root))).message).toBe(
    `${join(root, "test_batch.bin")} is empty (0 bytes)`,
  );
  rmSync(join(root, "test_batch.bin"));
  const missing = await dataError(() => openCifar("cifar10", root));
  expect(missing.message).toBe(`${join(root, "test_batch.bin")} is missing`);
  expect(missing.help).toContain("cifar-10-binary.tar.gz");
  mkdirSync(join(root, "test_batch.bin"));
  expect((await dataError(() => openCifar("cifar10", root))).message).toBe(
    `${join(root, "test_batch.bin")} is not a file`,
  );
});

test("missing names, and names of another number of classes", async () => {
  const root = folder();
  writeCifar10(root);
  const meta = join(root, "batches.meta.txt");
  writeFileSync(meta, "cat\ndog\n");
  expect((await dataError(() => openCifar("cifar10", root))).message).toBe(
    `${meta} names 2 classes; cifar10 has 10`,
  );
  rmSync(meta);
  expect((await dataError(() => openCifar("cifar10", root))).message).toBe(`${meta} is missing`);
  execFileSync("mkfifo", [meta]);
  expect((await dataError(() => openCifar("cifar10", root))).message).toBe(
    `${meta} cannot be read: it is a pipe or a device, not a file`,
  );
});

test("a label out of range is named with its record and byte", async () => {
  const root = folder();
  writeCifar10(root);
  writeFileSync(join(root, "data_batch_2.bin"), records(2, [[4], [10]]));
  const ten = await openCifar("cifar10", root);
  await ten.train.read(2);
  expect((await dataError(() => ten.train.read(3))).message).toBe(
    `${join(root, "data_batch_2.bin")}, record 1: label 10 at byte 3073 is out of range;` +
      " cifar10 has the labels 0 to 9",
  );
  await ten.close();
  const other = folder();
  writeCifar100(other);
  writeFileSync(join(other, "test.bin"), records(2, [[3, 100]]));
  const hundred = await openCifar("cifar100", other);
  expect((await dataError(() => hundred.validation.read(0))).message).toContain(
    "label 100 at byte 1",
  );
  await hundred.close();
});

test("a folder that is missing, a file, empty, of another version or an archive still", async () => {
  const root = folder();
  const refuse = async (path: string): Promise<string> => {
    const { message, help } = await dataError(() => openCifar("cifar10", path));
    expect(help).toContain("cifar-10-binary.tar.gz");
    return message;
  };
  expect(await refuse(join(root, "nowhere"))).toBe(`${join(root, "nowhere")} does not exist`);
  expect(await refuse(root)).toBe(
    `${root} holds neither data_batch_1.bin nor a folder cifar-10-batches-bin`,
  );
  mkdirSync(join(root, "cifar-10-batches-bin"));
  expect(await refuse(root)).toBe(`${join(root, "cifar-10-batches-bin")} holds no cifar10 files`);
  rmSync(join(root, "cifar-10-batches-bin"), { recursive: true });
  mkdirSync(join(root, "cifar-10-batches-py"));
  expect(await refuse(root)).toContain("holds the Python version of cifar10");
  writeFileSync(join(root, "cifar-10-binary.tar.gz"), "");
  expect(await refuse(root)).toContain("not yet extracted");
  expect(await refuse(join(root, "cifar-10-binary.tar.gz"))).toContain("is a file");
});

test.skipIf(process.platform !== "linux")(
  "no file stays open after an error or close",
  async () => {
    const root = folder();
    const openUnder = async (): Promise<number> => {
      const { readlink } = await import("node:fs/promises");
      let count = 0;
      for (const name of readdirSync("/proc/self/fd")) {
        const target = await readlink(`/proc/self/fd/${name}`).catch(() => "");
        if (target.startsWith(root)) count++;
      }
      return count;
    };
    writeCifar10(root);
    const data = await openCifar("cifar10", root);
    expect(await openUnder()).toBe(6);
    await data.close();
    expect(await openUnder()).toBe(0);
    truncateSync(join(root, "test_batch.bin"), 1);
    await dataError(() => openCifar("cifar10", root));
    expect(await openUnder()).toBe(0);
  },
);
