import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.js";
import { checkArchitecture } from "../../src/train/architecture.js";
import {
  readCheckpoint,
  readRunHead,
  writeCheckpoint,
  type Checkpoint,
} from "../../src/train/checkpoint.js";
import { CheckpointError } from "../../src/train/errors.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/train/safetensors.js";
import { bundle, start } from "./child-script.js";
import { smallCheckpoint } from "./small-checkpoint.js";
import { smallGraph } from "./small-network.js";
import { temporaryFolder } from "./temporary-folder.js";

async function errorOf(promise: Promise<unknown>): Promise<CheckpointError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CheckpointError);
  const checked = error as CheckpointError;
  expect(checked.help).not.toBe("");
  return checked;
}

describe("a checkpoint", () => {
  test("reads back as it was written, to the last bit", async () => {
    const path = join(await temporaryFolder(), "last.safetensors");
    await writeCheckpoint(path, smallCheckpoint(0.1));
    expect(await readCheckpoint(path)).toEqual(smallCheckpoint(0.1));
  });

  test("keeps what its run was given, which is read without its tensors", async () => {
    const path = join(await temporaryFolder(), "last.safetensors");
    const given = {
      parameters: [{ name: "classes", value: 5 }],
      recipe: [{ name: "optimizer.rate", value: "0.2", words: "--rate 0.2" }],
      data: "shapes(train: 8)",
    };
    await writeCheckpoint(path, { ...smallCheckpoint(0.1), given });
    expect(await readCheckpoint(path)).toEqual({ ...smallCheckpoint(0.1), given });
    await truncate(path, (await readFile(path)).length - 4);
    await errorOf(readCheckpoint(path));
    expect(await readRunHead(path)).toEqual({ recipe: smallCheckpoint(0.1).recipe, given });
    await truncate(path, 200);
    expect((await errorOf(readRunHead(path))).message).toContain("is not a whole checkpoint");
  });

  test("of which what its run was given is damaged says how to do without it", async () => {
    const path = join(await temporaryFolder(), "last.safetensors");
    const given = { recipe: 3 } as unknown as Checkpoint["given"];
    await writeCheckpoint(path, { ...smallCheckpoint(0.1), given });
    const { message, help } = await errorOf(readRunHead(path));
    expect(message).toBe(`${path} is damaged: what its run was given is not readable`);
    expect(help).toContain("`--resume --forget` does without it");
    const { recipe } = smallCheckpoint(0.1);
    expect(await readRunHead(path, { given: false })).toEqual({ recipe });
    expect(await readCheckpoint(path)).toEqual(smallCheckpoint(0.1));
  });

  test("of a resnetc that kept nothing of it has nothing", async () => {
    const path = join(await temporaryFolder(), "last.safetensors");
    await writeCheckpoint(path, smallCheckpoint(0.1));
    expect(await readRunHead(path)).toEqual({ recipe: smallCheckpoint(0.1).recipe });
  });

  test("of which any bit has changed is refused, or reads as it was written", async () => {
    const path = join(await temporaryFolder(), "last.safetensors");
    await writeCheckpoint(path, smallCheckpoint(0.1));
    const whole = await readFile(path);
    const changed = Array.from({ length: 97 }, (_, i) => Math.floor((i * whole.length) / 97));
    for (const [i, place] of [...changed, whole.length - 1].entries()) {
      const bytes = Buffer.from(whole);
      bytes[place]! ^= 1 << (i % 8);
      await writeFile(path, bytes);
      const read: unknown = await readCheckpoint(path).catch((error: unknown) => error);
      // Of the key of the digest itself, which says nothing then.
      if (!(read instanceof CheckpointError)) expect(read).toEqual(smallCheckpoint(0.1));
    }
    const bytes = Buffer.from(whole);
    bytes[whole.length - 4]! ^= 1;
    await writeFile(path, bytes);
    const { message, help } = await errorOf(readCheckpoint(path));
    expect(message).toBe(
      `${path} is damaged: it does not hold what was written (its sha256 differs)`,
    );
    expect(help).toContain("take `sha256` out of the metadata");
  });

  test("of a resnetc that sealed none is read", async () => {
    const path = join(await temporaryFolder(), "last.safetensors");
    await writeCheckpoint(path, smallCheckpoint(0.1));
    const { metadata, tensors } = decodeSafetensors(await readFile(path));
    const unsealed = new Map([...metadata].filter(([key]) => key !== "sha256"));
    await writeFile(path, Buffer.concat(encodeSafetensors({ metadata: unsealed, tensors })));
    expect(await readCheckpoint(path)).toEqual(smallCheckpoint(0.1));
  });

  test("leaves nothing but itself in its folder", async () => {
    const folder = await temporaryFolder();
    await writeCheckpoint(join(folder, "last.safetensors"), smallCheckpoint(1));
    await writeCheckpoint(join(folder, "last.safetensors"), smallCheckpoint(2));
    expect(await readdir(folder)).toEqual(["last.safetensors"]);
  });
});

describe("what cannot be read as a checkpoint", () => {
  test("a file that is not there", async () => {
    const error = await errorOf(readCheckpoint(join(await temporaryFolder(), "none.safetensors")));
    expect(error.message).toContain("there is no checkpoint");
    expect(error.message).toContain("none.safetensors");
  });

  test("a path through a file", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "file"), "");
    const error = await errorOf(readCheckpoint(join(folder, "file", "last.safetensors")));
    expect(error.message).toContain("there is no checkpoint");
  });

  test("a folder", async () => {
    const error = await errorOf(readCheckpoint(await temporaryFolder()));
    expect(error.message).toContain("is a folder, not a checkpoint");
    expect(error.help).toContain("last.safetensors");
  });

  test("the folder of a run, whose best checkpoint is named", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "best.safetensors"), "");
    const error = await errorOf(readCheckpoint(folder));
    expect(error.help).toBe(`name the file: \`${join(folder, "best.safetensors")}\``);
  });

  test.each([
    ["net.pth", "PK\x03\x04\0\0\x08\x08\0\0", "a ZIP archive, as PyTorch", "`--weights"],
    ["old.pt", "\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "a file of PyTorch", "old.pt`"],
    ["other.pkl", "\x80\x04}.", "a pickle of Python that PyTorch did not", "`torch.save(…)`"],
    ["net.tar", `${"net.pth".padEnd(257, "\0")}ustar`, "a tar archive", "unpack it"],
    ["net.npz", "PK\x03\x04\x14\0\0\0\x08\0", "a file of NumPy", "use another one: `last"],
    ["net.keras", "PK\x03\x04\x14\0\0\0\x08\0", "a file of Keras", "use another one: `last"],
    ["net.h5", "\x89HDF\r\n\x1a\n\0\0", "an HDF5 file, as Keras", "use another one"],
    ["page.pth", "<!DOCTYPE html>\n<html>", "a web page", "download the file itself"],
    ["lfs.pth", "version https://git-lfs.github.com/spec/v1\n", "a pointer of Git", "lfs pull"],
    ["net.onnx", "\x08\x0a\x12\x07resnetc", "an ONNX model", "use another one"],
  ])("what another program wrote: %s", async (name, text, what, help) => {
    const path = join(await temporaryFolder(), name);
    await writeFile(path, Buffer.from(text, "latin1"));
    const error = await errorOf(readCheckpoint(path));
    expect(error.message).toContain(`${path} is ${what}`);
    expect(error.help).toContain(help);
  });

  test("but not a file whose header is as long as that one's first bytes", async () => {
    const path = join(await temporaryFolder(), "last.safetensors");
    await writeFile(path, Buffer.from("PK\x03\x04\0\0\0\0{", "latin1"));
    expect((await errorOf(readCheckpoint(path))).message).toContain("it is cut short");
  });

  test("a device", async () => {
    expect((await errorOf(readCheckpoint("/dev/null"))).message).toContain("not a regular file");
  });

  test("a named pipe, which nobody writes to", async () => {
    const path = join(await temporaryFolder(), "last.safetensors");
    execFileSync("mkfifo", [path]);
    expect((await errorOf(readCheckpoint(path))).message).toContain("not a regular file");
  });

  test.each([
    ["an empty file", ""],
    ["a picture", "\x89PNG\r\n\x1a\n and more"],
    ["JSON", '{"format": "resnetc-graph"}'],
  ])("%s", async (_, text) => {
    const path = join(await temporaryFolder(), "other.safetensors");
    await writeFile(path, text, "latin1");
    expect((await errorOf(readCheckpoint(path))).message).toContain("is not a whole checkpoint");
  });

  test("a file cut short in its length, its header, between tensors and in one", async () => {
    const path = join(await temporaryFolder(), "last.safetensors");
    await writeCheckpoint(path, smallCheckpoint(1));
    const bytes = await readFile(path);
    const header = 8 + Number(bytes.readBigUInt64LE(0));
    const cuts = [0, 1, 7, 8, 9, 100, header - 1, header, header + 2, header + 4];
    for (const length of [...cuts, bytes.length - 12, bytes.length - 1]) {
      await writeFile(path, bytes);
      await truncate(path, length);
      expect((await errorOf(readCheckpoint(path))).message).toMatch(/cut short|it ends after/);
    }
  });

  test("another program's safetensors file", async () => {
    const path = join(await temporaryFolder(), "model.safetensors");
    const metadata = new Map([["format", "pt"]]);
    await writeFile(path, Buffer.concat(encodeSafetensors({ metadata, tensors: new Map() })));
    expect((await errorOf(readCheckpoint(path))).message).toContain("not a checkpoint of resnetc");
  });

  test.each<[string, string, string, string]>([
    ["a newer format", "format_version", "2", "format 2, and this resnetc reads 1"],
    ["a damaged recipe", "recipe", "{", "its recipe is not readable"],
    ["a damaged graph", "graph", "{}", "its graph is not readable"],
    ["classes that are no names", "classes", "[1]", "its classes is not readable"],
    ["a step that is no number", "step", "-1", "its step is not readable"],
    ["damaged progress", "progress", '{"epoch": null}', "its progress is not readable"],
  ])("%s", async (_, key, value, message) => {
    const path = join(await temporaryFolder(), "last.safetensors");
    const { graph, recipe, classes, progress, version } = smallCheckpoint(1);
    const metadata = new Map([
      ["format", "resnetc-checkpoint"],
      ["format_version", "1"],
      ["resnetc_version", version],
      ["engine", "cpu"],
      ["graph", JSON.stringify(graph)],
      ["recipe", JSON.stringify(recipe)],
      ["classes", JSON.stringify(classes)],
      ["step", "6"],
      ["progress", JSON.stringify(progress)],
      [key, value],
    ]);
    await writeFile(path, Buffer.concat(encodeSafetensors({ metadata, tensors: new Map() })));
    expect((await errorOf(readCheckpoint(path))).message).toContain(message);
    metadata.delete(key);
    await writeFile(path, Buffer.concat(encodeSafetensors({ metadata, tensors: new Map() })));
    expect((await errorOf(readCheckpoint(path))).message).toMatch(/missing|undefined/);
  });
});

describe("a checkpoint whose metadata were changed is refused before they are used:", () => {
  /** The place of a value in the metadata: the entry, then keys. */
  type Place = readonly [entry: "graph" | "recipe" | "progress", ...keys: (string | number)[]];

  /** The small checkpoint with one value changed; the key is taken out where it is undefined. */
  function changed([entry, ...keys]: Place, value: unknown): Checkpoint {
    const whole = structuredClone(smallCheckpoint(1)) as unknown as Record<string, unknown>;
    let at = whole[entry] as Record<string | number, unknown>;
    for (const key of keys.slice(0, -1)) at = at[key] as typeof at;
    at[keys.at(-1) ?? ""] = value;
    return whole as unknown as Checkpoint;
  }

  test.each<[Place, unknown]>([
    [["graph", "name"], 1],
    [["graph", "domains"], [{ symbol: "H", conditions: [{ kind: "remainder", modulus: 0 }] }]],
    [["graph", "nodes", 0, "type"], undefined],
    [["graph", "nodes", 0, "type", "spatial"], [4]],
    [["graph", "nodes", 0, "type", "spatial", 0], { symbol: "H" }],
    [["graph", "nodes", 1, "name"], undefined],
    [["graph", "nodes", 1, "op"], "constructor"],
    [["graph", "nodes", 1, "inputs"], ["classify.flatten"]],
    [["graph", "nodes", 1, "inputs"], [1e9]],
    [["graph", "nodes", 1, "type", "channels"], 47],
    [["graph", "nodes", 2, "attributes"], undefined],
    [["graph", "nodes", 2, "attributes", "channels"], 1e308],
    [["graph", "nodes", 2, "attributes", "channels"], 4],
    [["graph", "nodes"], []],
    [["graph", "outputs", 0, "node"], "nobody"],
    [["graph", "regions"], [null]],
    [["recipe", "data", "options", "size"], {}],
    [["recipe", "preprocess", 0], "normalize"],
    [["recipe", "preprocess", 0, "kind"], "constructor"],
    [["recipe", "preprocess", 0, "std"], [0]],
    [["recipe", "preprocess", 0, "mean"], []],
    [["recipe", "optimizer", "rate"], "0.1"],
    [["recipe", "schedule", "warmup"], undefined],
    [["recipe", "stop"], [[]]],
    [["recipe", "batch"], 0],
    [["recipe", "seed"], null],
    [["progress", "history", 0], null],
    [["progress", "history", 0, "trainLoss"], undefined],
    [["progress", "best", "measure"], "luck"],
  ])("%j as %j", async (place, value) => {
    const path = join(await temporaryFolder(), "last.safetensors");
    await writeCheckpoint(path, changed(place, value));
    const { message } = await errorOf(readCheckpoint(path));
    expect(message).toBe(`${path} is damaged: its ${place[0]} is not readable`);
  });
});

describe("a checkpoint of another network", () => {
  const refusal = (graph: Graph): { readonly message: string; readonly help: string } => {
    try {
      checkArchitecture("last.safetensors", smallCheckpoint(1), graph);
    } catch (error) {
      if (error instanceof CheckpointError) return error;
      throw error;
    }
    return { message: "", help: "" };
  };
  const differences = (graph: Graph): string => refusal(graph).message;
  const changed = (change: (node: Graph["nodes"][number]) => unknown): Graph => {
    const graph = smallGraph(4, 3);
    return { ...graph, nodes: graph.nodes.map(change) as Graph["nodes"] };
  };

  test("is not one of the same network under another name", () => {
    expect(differences({ ...smallGraph(4, 3), name: "Renamed" })).toBe("");
  });

  test("is told by the shapes of its tensors", () => {
    const { message, help } = refusal(smallGraph(4, 5));
    expect(message).toBe(
      "last.safetensors is a checkpoint of another network than Small: 0 of 2 tensors match; " +
        "classify.dense.kernel is [48, 3] where the network has [48, 5]; " +
        "classify.dense.bias is [3] where the network has [5]",
    );
    expect(help).toContain("start a new run from its weights with `--weights last.safetensors`");
    expect(refusal(smallGraph(2, 3)).help).not.toContain("--weights");
  });

  test("is told by tensors that are missing or too many", () => {
    const message = differences(
      changed((node) => (node.op === "dense" ? { ...node, name: "classify.other" } : node)),
    );
    expect(message).toContain("classify.other.kernel, classify.other.bias are missing");
    expect(message).toContain("classify.dense.bias, classify.dense.kernel are not in the network");
  });

  test("is told by an operation that has no tensors", () => {
    const message = differences(
      changed((node) => (node.op === "flatten" ? { ...node, op: "relu" } : node)),
    );
    expect(message).toContain("all 2 tensors match; classify.flatten is flatten() of input there");
  });
});

describe("writing where that fails", () => {
  test("into a folder that is not there", async () => {
    const path = join(await temporaryFolder(), "none", "last.safetensors");
    const error = await errorOf(writeCheckpoint(path, smallCheckpoint(1)));
    expect(error.message).toContain("its folder does not exist");
  });

  test("into a path through a file", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "file"), "");
    const path = join(folder, "file", "last.safetensors");
    const error = await errorOf(writeCheckpoint(path, smallCheckpoint(1)));
    expect(error.message).toContain("a part of its path is a file");
  });

  test("onto a folder, and leaves nothing beside it", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "last.safetensors"));
    const path = join(folder, "last.safetensors");
    const error = await errorOf(writeCheckpoint(path, smallCheckpoint(1)));
    expect(error.message).toContain("there is a folder of that name");
    expect(await readdir(folder)).toEqual(["last.safetensors"]);
  });

  test.skipIf(process.platform !== "linux")("into a folder that takes no files", async () => {
    const error = await errorOf(writeCheckpoint("/proc/last.safetensors", smallCheckpoint(1)));
    expect(error.message).toContain("cannot write /proc/last.safetensors");
  });

  test("on a full disk: the checkpoint before it stays whole, and nothing is left beside it", async ({
    skip,
  }) => {
    const folder = await temporaryFolder();
    const script = await bundle("checkpoint-writer.ts", folder);
    // A file system of 1 MB in a namespace of its own; one checkpoint of side 200 has 1.4 MB.
    const inside = [
      'mount -t tmpfs -o size=1m none "$1"',
      'node "$2" "$1/last.safetensors" 4 1',
      'node "$2" "$1/last.safetensors" 200 1',
      'ls "$1"',
      'cp "$1/last.safetensors" "$3"',
    ].join("; ");
    const disk = join(folder, "disk");
    const saved = join(folder, "saved.safetensors");
    await mkdir(disk);
    const run = ["-rm", "sh", "-c", inside, "sh", disk, script, saved];
    const probe = await start("unshare", ["-rm", "mount", "-t", "tmpfs", "none", disk]).end.catch(
      (error: unknown) => ({ code: 1, stderr: String(error) }),
    );
    if (probe.code !== 0) {
      console.warn(`no test of a full disk: this machine mounts none (${probe.stderr.trim()})`);
      skip();
    }
    const { stdout, stderr } = await start("unshare", run).end;
    expect(stderr).toBe("");
    expect(stdout).toContain("the disk is full");
    expect(stdout.trim().split("\n").at(-1)).toBe("last.safetensors");
    expect(await readCheckpoint(saved)).toEqual(smallCheckpoint(1));
  });

  test("killed in the middle: the file always reads whole", async () => {
    const folder = await temporaryFolder();
    const script = await bundle("checkpoint-writer.ts", folder);
    const path = join(folder, "last.safetensors");
    const side = 300;
    await writeCheckpoint(path, smallCheckpoint(0, side));
    const partials = async () =>
      (await readdir(folder)).filter((name) => name.endsWith(".partial"));
    // Twenty kills, and on until one has hit a write half done.
    for (let round = 0; round < 20 || (await partials()).length === 0; round++) {
      const { child, end } = start(process.execPath, [script, path, String(side)]);
      await new Promise((resolve) => child.stdout?.once("data", resolve));
      await sleep((round % 10) * 3);
      child.kill("SIGKILL");
      expect((await end).signal).toBe("SIGKILL");
      const { state } = await readCheckpoint(path);
      const values = new Set([...state.tensors.values()].flatMap(({ data }) => [...new Set(data)]));
      expect(values.size).toBe(1);
    }
  });
});
