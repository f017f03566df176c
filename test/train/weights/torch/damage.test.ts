import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CheckpointError } from "../../../../src/train/errors.js";
import { readWeightFile, type WeightFile } from "../../../../src/train/weights/weight-file.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { fixture } from "./fixtures.js";
import {
  call,
  dictionary,
  global,
  legacyFile,
  none,
  pickled,
  tensor,
  text,
  tuple,
  whole,
  type Pickle,
} from "./pickle-writer.js";

/** What is read of these bytes, or in which words they are refused. */
async function outcome(path: string, bytes: Uint8Array): Promise<WeightFile | string> {
  await writeFile(path, bytes);
  try {
    return await readWeightFile(path);
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    expect(error.help).not.toBe("");
    return error.message;
  }
}

const files = ["small.pth", "archive.pth", "legacy.pth", "checkpoint.pth.tar", "module.pth"];

describe.each(files)("%s", (name) => {
  test("cut short anywhere is refused", async () => {
    const path = join(await temporaryFolder(), name);
    const whole = await readFile(fixture(name));
    const anywhere = fc.integer({ min: 0, max: whole.length - 1 });
    await fc.assert(
      fc.asyncProperty(anywhere, async (length) => {
        expect(await outcome(path, whole.subarray(0, length))).toBeTypeOf("string");
      }),
      { numRuns: 150 },
    );
  });

  test("with other bytes anywhere is read or refused, within a moment", async () => {
    const path = join(await temporaryFolder(), name);
    const whole = await readFile(fixture(name));
    const change = fc.record({
      // The ends have what says how to read the rest.
      at: fc.oneof(
        fc.nat(whole.length - 1),
        fc.nat(1500),
        fc.nat(1500).map((back) => Math.max(0, whole.length - 1 - back)),
      ),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const { at, bytes: others } of changes)
          bytes.set(others.subarray(0, whole.length - at), at);
        const start = performance.now();
        await outcome(path, bytes);
        expect(performance.now() - start).toBeLessThan(2000);
      }),
      { numRuns: 400 },
    );
  });
});

describe("files that say more than they have", () => {
  const one = { count: 2, shape: [2], strides: [1] };

  test.each<[string, Pickle, string]>([
    ["a storage beyond the end", tensor({ ...one, count: 2 ** 40 }), "and it has only"],
    ["a length beyond all", tensor({ ...one, count: 2n ** 62n }), "a storage, 0, without a length"],
    [
      "a tensor beyond its storage",
      tensor({ ...one, shape: [3] }),
      "is not within its storage of 2",
    ],
    ["a place beyond it", tensor({ ...one, offset: 1 }), "is not within its storage of 2 numbers"],
    ["a place before it", tensor({ ...one, offset: -1 }), "are no whole numbers"],
    ["a step backwards", tensor({ ...one, strides: [-1] }), "are no whole numbers"],
    ["strides of other axes", tensor({ ...one, strides: [1, 1] }), "1 extents and 2 strides"],
    [
      "one number without end",
      tensor({ ...one, shape: [2 ** 40], strides: [0] }),
      "would have 1099511627778 numbers, more than a file of",
    ],
    [
      "more than can be counted",
      tensor({
        ...one,
        shape: [...Array<number>(40).fill(2 ** 52), 0],
        strides: Array<number>(41).fill(0),
      }),
      "numbers, more than a file of",
    ],
    ["no storage", call(global("torch._utils", "_rebuild_tensor"), none), "without a storage"],
    ["a storage that is not there", tensor({ ...one, key: "1" }), "its storage 1 is missing"],
    [
      "a storage of an unknown class",
      tensor({ ...one, kind: "Quaternion" }),
      "has a storage of the class torch.QuaternionStorage",
    ],
  ])("%s", async (_, value, message) => {
    const path = join(await temporaryFolder(), "w.pth");
    const bytes = legacyFile(dictionary({ a: tensor(one), w: value }), { 0: 2 });
    expect(await outcome(path, bytes)).toContain(message);
  });

  test("a number that is repeated a little is read", async () => {
    const path = join(await temporaryFolder(), "w.pth");
    const value = tensor({ count: 1, shape: [4, 3], strides: [0, 0] });
    const read = await outcome(path, legacyFile(dictionary({ w: value }), { 0: 1 }));
    expect(read).toMatchObject({ form: "torch" });
    const found = typeof read === "string" ? undefined : read.tensors.get("w");
    expect(found).toEqual({ shape: [4, 3], data: new Float32Array(12) });
  });

  test("a dictionary that contains itself has no end, and is left", async () => {
    const path = join(await temporaryFolder(), "w.pth");
    const own = Buffer.concat([
      Buffer.from("}q\x00(", "latin1"),
      text("model"),
      Buffer.from("h\x00u", "latin1"),
    ]);
    expect(await outcome(path, legacyFile(own))).toContain("has no state dictionary: it has model");
  });

  test("dictionaries that stand at many places are looked into once", async () => {
    const path = join(await temporaryFolder(), "w.pth");
    const entries = (value: string): Buffer =>
      Buffer.concat([
        Buffer.from("}(", "latin1"),
        ...Array.from({ length: 100_000 }, (_, i) =>
          Buffer.concat([text(`k${i}`), Buffer.from(value, "latin1")]),
        ),
        Buffer.from("u", "latin1"),
      ]);
    // One of numbers, kept as 0, and one that has it a hundred thousand times.
    const nested = Buffer.concat([
      entries("K\x01"),
      Buffer.from("q\x000", "latin1"),
      entries("h\x00"),
    ]);
    const start = performance.now();
    expect(await outcome(path, legacyFile(nested))).toContain("has no state dictionary: it has k0");
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test.each([
    ["nothing but marks", Buffer.alloc(3_000_000, "("), "has more than 2000000 steps"],
    ["a text of four gigabytes", Buffer.from("X\xff\xff\xff\xff", "latin1"), "is cut short"],
    [
      "a number of a gigabyte",
      Buffer.from("\x8b\0\0\0\x40", "latin1"),
      "a number of 1073741824 bytes",
    ],
    ["an unknown step", Buffer.from("\xfe", "latin1"), "has the step 0xfe, which PyTorch"],
    [
      "a newer protocol",
      Buffer.from("\x80\x09", "latin1"),
      "is of protocol 9, and 5 is the newest",
    ],
    ["nothing on the stack", Buffer.from("0", "latin1"), "takes a value that it has not"],
    ["nothing above a mark", Buffer.from("N(0s", "latin1"), "takes a value that it has not"],
    ["no mark", Buffer.from("Nt", "latin1"), "goes back to a mark that it has not"],
    ["what it has not kept", Buffer.from("h\x05", "latin1"), "recalls value 5, which it has not"],
    ["pairs in a list", Buffer.from("]NNs", "latin1"), "puts no pairs, or not into a dictionary"],
    ["an item in a dictionary", Buffer.from("}Na", "latin1"), "appends to no list"],
  ])("a pickle of %s", async (_, bytes, message) => {
    const path = join(await temporaryFolder(), "w.pth");
    expect(await outcome(path, legacyFile(bytes))).toContain(message);
  });
});

describe("what is not a state dictionary", () => {
  const plain = tensor({ count: 2, shape: [2], strides: [1] });

  test.each([
    ["a tensor alone", plain, "has no state dictionary: it is a single tensor"],
    ["a tuple", tuple(plain, none), "has no state dictionary: it is a list"],
    ["a number", whole(3), "has no state dictionary: it is a single value"],
    ["nothing", dictionary({}), "has no state dictionary: it has nothing at all"],
    [
      "numbers",
      dictionary({ epoch: whole(3), lr: none }),
      "has no state dictionary: it has epoch, lr",
    ],
    [
      "an object, of which no code is run",
      call(global("os", "system"), text("exit 1")),
      "is a whole object of the class os.system",
    ],
  ])("%s", async (_, value, message) => {
    const path = join(await temporaryFolder(), "w.pth");
    const storages = value.includes("Storage") ? { 0: 2 } : {};
    expect(await outcome(path, legacyFile(value, storages))).toContain(message);
  });

  test("a pickle that PyTorch did not write", async () => {
    const path = join(await temporaryFolder(), "w.pkl");
    expect(await outcome(path, pickled(dictionary({})))).toContain(
      `${path} is a pickle of Python that PyTorch did not write`,
    );
  });

  test("weights beside objects of unknown classes are read", async () => {
    const path = join(await temporaryFolder(), "w.pth");
    const unknown = Buffer.concat([
      global("argparse", "Namespace"),
      Buffer.from(")\x81", "latin1"),
      dictionary({ lr: none }),
      Buffer.from("b", "latin1"),
    ]);
    const extra = dictionary({ w: plain, "layer._extra_state": unknown, depth: whole(3) });
    const read = await outcome(
      path,
      legacyFile(dictionary({ model: extra, args: unknown }), { 0: 2 }),
    );
    expect(read).toMatchObject({ notes: ["taken from `model`"] });
  });

  test("an ordered dictionary of Python 2 is read", async () => {
    const path = join(await temporaryFolder(), "w.pth");
    const pairs = Buffer.concat([
      Buffer.from("](](U\x01w", "latin1"),
      plain,
      Buffer.from("ee", "latin1"),
    ]);
    const ordered = call(global("collections", "OrderedDict"), pairs);
    const read = await outcome(path, legacyFile(ordered, { 0: 2 }));
    expect(typeof read === "string" ? read : [...read.tensors.keys()]).toEqual(["w"]);
  });
});
