import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage, repository, spec, start, type Ended } from "./built-command.js";

const built = buildPackage({ types: false });
const run = (given: readonly string[], options = {}): Promise<Ended> =>
  start(built, given, options).ended;
const relative = (name: string): string => join("specs", name);

const broken = `network Broken {
  input 32x32x3
  stem { conv 3x3, 16 }
  head classify { globalavgpool -> dense 10 }
  expect { params == 1 }
}
`;

async function brokenSpec(): Promise<string> {
  const file = join(await temporaryFolder(), "broken.resnet");
  await writeFile(file, broken);
  return file;
}

describe("values on the command line", () => {
  test.each([
    [["train", relative("quickstart.resnet"), "--batch", "0"], "--batch 0"],
    [["summary", relative("quickstart.resnet"), "--set", "nope=3"], "--set nope=3"],
    [["train", relative("quickstart.resnet"), "--with", "optimizer.rat=1"], "optimizer.rat=1"],
  ])("what they alone get wrong is wrong use: %j", async (given, shown) => {
    const { status, stdout, stderr } = await run(given);
    expect(stderr).toContain(shown);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe("a pattern that fits no spec is wrong use, and not a file that is missing", () => {
  test.each([
    [["check", "nets/*.resnet"]],
    [["check", "--fix", "nets/*.resnet#Net"]],
    [["fmt", "--check", relative("quickstart.resnet"), "nets/*.resnet"]],
    [["docs", "nets/{a,b}.resnet", "-o", "nowhere"]],
  ])("%j", async (given) => {
    const { status, stdout, stderr } = await run(given);
    expect(stderr).toContain("error: no spec fits the pattern nets/");
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe("asking what there is", () => {
  const commands = [
    ...["check", "explain", "summary", "diff", "compile", "export"],
    ...["train", "eval", "predict", "engines"],
  ];

  test("without arguments: an overview of the commands", async () => {
    const { status, stdout, stderr } = await run([]);
    expect(status).toBe(0);
    expect(stderr).toBe("");
    for (const name of commands) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    }
    expect(stdout).toContain("Examples:");
  });

  test.each(commands)("%s --help shows its options within 80 columns", async (name) => {
    const { status, stdout } = await run([name, "--help"], { env: { COLUMNS: "80" } });
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: resnetc ${name}`);
    expect(stdout).toContain("--json");
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test.each(commands)("help %s is its --help", async (name) => {
    const { status, stdout } = await run(["help", name]);
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: resnetc ${name}`);
  });

  test("every command has examples, within 80 columns", async () => {
    const { stdout } = await run([]);
    const listed = /^Commands:\n((?: {2}.*\n)+)/m.exec(stdout)?.[1] ?? "";
    const names = Array.from(listed.matchAll(/^ {2}(\w+)/gm), ([, name = ""]) => name);
    expect(names).toEqual(expect.arrayContaining([...commands, "lsp", "completion"]));
    for (const name of names) {
      const { stdout: help } = await run([name, "--help"], { env: { COLUMNS: "80" } });
      expect(help, name).toContain("\nExamples:\n");
      for (const line of help.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  }, 60_000);

  test("help of what is no command says so", async () => {
    const { status, stderr } = await run(["help", "trian"]);
    expect(status).toBe(2);
    expect(stderr).toContain("unknown command trian");
  });

  test("--version is that of the package", async () => {
    const manifest = await readFile(join(repository, "package.json"), "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    expect((await run(["--version"])).stdout).toBe(`${version}\n`);
  });
});

describe("wrong use ends with 2 and says what was meant", () => {
  test.each([
    [["chekc", "x.resnet"], "did you mean check?"],
    [["check", "--jsno", "x.resnet"], "did you mean --json?"],
    [["train", relative("quickstart.resnet"), "--engine", "gpu"], "onnx, node, wasm, cpu"],
    [["summary"], "summary lacks <spec>"],
    [["train"], "there is no spec to train"],
    [["predict", "cat.png"], "name the spec that was trained, or a `checkpoint`"],
    [["predict", relative("quickstart.resnet")], "there is no image to look at"],
    [["predict", "net.resnt", "cat.png"], "did you mean net.resnet?"],
    [["compile", relative("quickstart.resnet"), "--seed", "x"], "it must be a whole number"],
    [["export", relative("quickstart.resnet"), "--to", "onxx"], "did you mean onnx?"],
    [["export", relative("quickstart.resnet"), "--to", "tflite"], "it takes onnx, safetensors"],
    [["export", relative("quickstart.resnet")], "name one: `--to onnx`"],
    [["summary", relative("quickstart.resnet"), "--set", "classes"], "--set takes NAME=VALUE"],
    [["summary", relative("quickstart.resnet"), "--at", "big"], "--at takes a size in pixels"],
    [["summary", relative("quickstart.resnet"), "--at", "64"], "input is 32, not 64"],
    [["summary", relative("resnet.resnet#ResNet5O")], "did you mean ResNet50?"],
    [["summary", relative("resnet.resnet")], "such as specs/resnet.resnet#ResNet50"],
    [["summary", relative("resnet.resnet#ResNet")], "--set Block=… --set depths=…"],
    [["train", relative("resnet50.resnet")], "has no recipe"],
    [["train", relative("resnet-cifar10.resnet")], "--recipe resnet20"],
    [["train", relative("quickstart.resnet"), "--data", "nowhere"], "no file or folder nowhere"],
    [["train", relative("quickstart.resnet"), "--with", "a.b.c=1"], "no value of a recipe"],
  ])("%j", async (given, words) => {
    const { status, stdout, stderr } = await run(given);
    // Long lines wrap.
    expect(stderr.replace(/\s+/g, " ")).toContain(words);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe("check", () => {
  test("one line for a sound network", async () => {
    const { status, stdout, stderr } = await run(["check", relative("resnet50.resnet")]);
    expect(stdout).toBe(
      "specs/resnet50.resnet: ResNet50 is sound: 25,557,032 parameters, 4.09 G multiply-adds\n",
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  test("diagnostics go to the error stream, with how many there are", async () => {
    const file = await brokenSpec();
    const { status, stdout, stderr } = await run(["check", file, relative("resnet18.resnet")]);
    expect(stderr).toContain("error[R0401]: expected params == 1, found ");
    expect(stderr.trimEnd().split("\n").slice(-2)).toEqual([
      "1 error in 1 file",
      "for more, `resnetc explain R0401`",
    ]);
    expect(stdout).toMatch(/^specs\/resnet18\.resnet: ResNet18 is sound/);
    expect(status).toBe(1);
  });

  test("a missing file, a folder and a file of something else", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "zeros.resnet"), Buffer.alloc(100));
    const { status, stderr } = await run(["check", "none.resnet", "."], { cwd: folder });
    expect(stderr).toContain("error[R0001]: there is no file none.resnet");
    expect(stderr).toContain("zeros.resnet:1:1");
    expect(status).toBe(1);
    const summary = await run(["summary", "."], { cwd: folder });
    expect(summary.stderr).toContain("error[R0002]");
    expect(summary.stderr).toMatch(/help: name one in it, such as `\S*zeros\.resnet`/);
  });

  test("a folder stands for the specs below it, and the working folder for nothing", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "nets", "deep"), { recursive: true });
    const none = await run(["check"], { cwd: folder });
    expect(none.stderr).toContain("error: there is no spec to check below this folder");
    expect(none.status).toBe(2);
    const small = "network Small {\n  input 8x8x3\n  head h { globalavgpool -> dense 2 }\n}\n";
    await writeFile(join(folder, "nets", "deep", "small.resnet"), small);
    for (const given of [["nets"], [], ["nets", "nets/deep/small.resnet"]]) {
      const { status, stdout } = await run(["check", ...given], { cwd: folder });
      expect(stdout).toMatch(/^nets\/deep\/small\.resnet: Small is sound.*\n$/);
      expect(status).toBe(0);
    }
  });

  test("FILE#Name checks one network, with the values of --set", async () => {
    const one = await run([
      "check",
      relative("resnet.resnet#ResNet"),
      ...["--set", "Block=Basic", "--set", "depths=[2, 2, 2, 2]"],
    ]);
    expect(one.stdout).toContain("ResNet is sound: 11,689,512 parameters");
    expect(one.stdout).not.toContain("ResNet50");
    expect(one.status).toBe(0);
  });

  test("what --set gives is shown where it is wrong", async () => {
    const { status, stderr } = await run([
      ...["check", relative("quickstart.resnet"), "--set", "classes=[1, 2"],
    ]);
    expect(stderr).toContain("--set classes=[1, 2");
    expect(status).toBe(2);
  });

  test("--sizes: for which images, and for which it could be", async () => {
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, "pyramid.resnet"),
      `network Pyramid {
  input [H, W, 3] where H % 64 == 0, W % 32 == 0, W >= 60, W != 96
  stem { conv 3x3, 8, /2 }
  branches sum {
    { conv 3x3, 8, /2, pad: 0 -> conv 3x3, 8, /4, pad: 1 -> upsample 8 }
    { conv 1x1, 8 }
  }
  head { globalavgpool -> dense 10 }
}
network Any {
  input [S, S, 3]
  head { conv 1x1, 8 -> globalavgpool -> dense 10 }
}
network One {
  input 8x9x3
  head { conv 1x1, 8 -> globalavgpool -> dense 10 }
}
`,
    );
    const options = { cwd: folder, env: { COLUMNS: "80" } };
    const { status, stdout, stderr } = await run(["check", "pyramid.resnet", "--sizes"], options);
    expect(stderr).toBe("");
    expect(stdout).toBe(`pyramid.resnet: Pyramid is sound: 1,522 parameters
  input  H x W x 3
  H      H ≡ 0 (mod 64): 64, 128, 192, 256, …
         as declared: H % 64 == 0
         it would be sound for H ≡ 0 or 15 (mod 16)
  W      W ≡ 0 (mod 32), W >= 64 but 96: 64, 128, 160, 192, …
         as declared: W % 32 == 0, W >= 60, W != 96
         it would be sound for W ≡ 0 or 15 (mod 16)
pyramid.resnet: Any is sound: 114 parameters
  input  S x S x 3
  S      any S: 1, 2, 3, 4, …
         the network is sound for every size
pyramid.resnet: One is sound: 114 parameters, 1.81 k multiply-adds
  input  8x9x3, and no other size
`);
    expect(status).toBe(0);
    const { stdout: json } = await run(["check", "pyramid.resnet", "--json"], options);
    expect(JSON.parse(json)).toMatchObject({
      files: [
        {
          networks: [
            {
              name: "Pyramid",
              admissible: [
                {
                  symbol: "H",
                  declared: "H % 64 == 0",
                  text: "H ≡ 0 (mod 64)",
                  admitted: {
                    from: 64,
                    modulus: 64,
                    residues: [{ first: 0, last: 0 }],
                    except: [],
                  },
                  first: [64, 128, 192, 256],
                },
                { symbol: "W", declared: "W % 32 == 0, W >= 60, W != 96" },
              ],
            },
            { name: "Any", admissible: [{ symbol: "S", text: "any S" }] },
            { name: "One", admissible: [] },
          ],
        },
      ],
    });
  });

  test("--json: the same, for a program", async () => {
    const file = await brokenSpec();
    const { status, stdout, stderr } = await run([
      ...["check", "--json", file, relative("quickstart.resnet")],
    ]);
    const answer = JSON.parse(stdout) as Record<string, unknown>;
    expect(answer).toMatchObject({
      ok: false,
      files: [
        { file, ok: false, diagnostics: [{ code: "R0401", severity: "error" }] },
        {
          file: "specs/quickstart.resnet",
          ok: true,
          networks: [{ name: "Quick", parameters: 77652, macs: 3125504, sizes: [] }],
          recipes: [{ name: "quickstart", network: "Quick" }],
          diagnostics: [],
        },
      ],
    });
    expect(stderr).toBe("");
    expect(status).toBe(1);
  });
});

describe("colour", () => {
  const escapes = /\u001b\[/;

  test("is left out of pipes, and given where it is forced", async () => {
    const file = await brokenSpec();
    expect((await run(["check", file])).stderr).not.toMatch(escapes);
    expect((await run(["check", file], { env: { FORCE_COLOR: "1" } })).stderr).toMatch(escapes);
    expect((await run(["check", file], { env: { NO_COLOR: "1" } })).stderr).not.toMatch(escapes);
  });
});

test("a reader that stops reading is no error", () => {
  const command = `"${process.execPath}" "${join(built, "bin", "resnetc.cjs")}" summary --layers`;
  const line = `${command} "${spec("resnet-cifar10.resnet")}#ResNet1202" | head -1`;
  const { status, stdout, stderr } = spawnSync("bash", ["-o", "pipefail", "-c", line], {
    encoding: "utf8",
  });
  expect(stdout).toBe("ResNet1202, input 32x32x3\n");
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

describe("whoever reads the answer", () => {
  const pipe = (words: string): ReturnType<typeof spawnSync> => {
    const line = words.replace(
      "resnetc",
      `"${process.execPath}" "${join(built, "bin", "resnetc.cjs")}"`,
    );
    return spawnSync("bash", ["-o", "pipefail", "-c", line], { encoding: "utf8" });
  };

  test("may stop reading: the status is that of what was found", async () => {
    const file = await brokenSpec();
    expect(pipe(`resnetc check "${file}" --json | true`).status).toBe(1);
    expect(pipe(`resnetc check "${file}" 2>&1 >/dev/null | true`).status).toBe(1);
  });

  test("need not read what is said beside it", async () => {
    const file = await brokenSpec();
    const sound = spec("resnet50.resnet");
    const words = `resnetc check "${file}" "${sound}"`;
    const { stdout, status } = pipe(`{ sleep 0.5; ${words}; } 2> >(true)`);
    expect(stdout).toContain("ResNet50 is sound");
    expect(status).toBe(1);
  });

  test.skipIf(!existsSync("/dev/full"))("is told where there is no room for it", () => {
    const { stderr, status } = pipe(
      `resnetc check "${spec("resnet50.resnet")}" --json > /dev/full`,
    );
    expect(stderr).toBe("error: the answer cannot be written: the disk is full\n");
    expect(status).toBe(2);
  });
});

describe("a bug that is thrown where nothing awaits it", () => {
  const stray = 'setTimeout(()=>{throw new Error("stray")})';
  const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(stray)}` };

  test("is told as one, with its own status", async () => {
    const { status, stdout, stderr } = await run(["engines"], { env });
    expect(stderr).toContain("error: internal error: stray\n  = help: this is a bug in resnetc");
    expect(stderr).not.toContain("    at ");
    expect(stdout).toBe("");
    expect(status).toBe(70);
  });

  test("is told as JSON", async () => {
    const { status, stdout, stderr } = await run(["engines", "--json"], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { message: "internal error: stray" },
    });
    expect(stderr).toBe("");
    expect(status).toBe(70);
  });
});

describe("what cannot be had on this machine is no finding", () => {
  test("a port for the live page", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const folder = join(await temporaryFolder(), "run");
    const given = ["train", relative("quickstart.resnet"), "--json", "--ui", String(port)];
    const { status, stdout } = await run([...given, "-o", folder]);
    server.close();
    const last = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as object;
    expect(last).toMatchObject({
      ok: false,
      error: { message: `the live page cannot have port ${port}: it is in use` },
    });
    expect(status).toBe(2);
  });

  test("an engine, or a device of it", async () => {
    const given = ["profile", relative("quickstart.resnet"), "--json"];
    const absent = await run([...given, "--device", "no such GPU"]);
    expect(JSON.parse(absent.stdout)).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/^the engine webgpu cannot run: /) as unknown },
    });
    expect(absent.status).toBe(2);
    const none = await run([...given, "--engine", "cpu", "--device", "RTX"]);
    expect(none.stdout).toContain("the engine cpu has no devices to choose from");
    expect(none.status).toBe(2);
  });
});

describe("summary", () => {
  test("reads like Table 1, within 80 columns", async () => {
    const { stdout, status } = await run(["summary", relative("resnet50.resnet")]);
    expect(status).toBe(0);
    const lines = stdout.split("\n");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines.find((line) => line.startsWith("conv3"))).toMatch(
      /^conv3 +28x28x512 +\[ conv 1x1, 128 \] +1,219,584 +1\.03 G +91$/,
    );
    expect(stdout).toContain("[ conv 3x3, 128 ] x 4, /2");
    expect(lines.find((line) => line.startsWith("total"))).toMatch(
      /^total +25,557,032 +4\.09 G +427$/,
    );
  });

  test("rows and layers add up to the totals", async () => {
    const { stdout } = await run(["summary", relative("resnet34.resnet"), "--json"]);
    interface Row {
      readonly parameters: number;
      readonly macs: number;
    }
    const summary = JSON.parse(stdout) as Row & { rows: readonly Row[]; layers: readonly Row[] };
    for (const rows of [summary.rows, summary.layers]) {
      const sum = (of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0);
      expect(sum(({ parameters }) => parameters)).toBe(summary.parameters);
      expect(sum(({ macs }) => macs)).toBe(summary.macs);
    }
    expect(summary.parameters).toBe(21_797_672);
  });

  test("of a symbolic input has exact shapes, and numbers --at a size", async () => {
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, "any.resnet"),
      `network Any {
  input [H, W, 3] where H % 32 == 0, W % 32 == 0
  stem { conv 7x7, 8, /2 -> maxpool 3x3, /2 }
  head classify { globalavgpool -> dense 10 }
}
`,
    );
    const symbolic = await run(["summary", "any.resnet"], { cwd: folder });
    expect(symbolic.stdout).toContain("for every H % 32 == 0, W % 32 == 0");
    expect(symbolic.stdout).toMatch(/H \/ 4/);
    const sized = await run(["summary", "any.resnet", "--at", "64x32"], { cwd: folder });
    expect(sized.stdout).toMatch(/^stem +16x8x8 /m);
    const wrong = await run(["summary", "any.resnet", "--at", "33"], { cwd: folder });
    expect(wrong.stderr).toContain("it takes HxWx3 for H ≡ 0 (mod 32), W ≡ 0 (mod 32); ");
    expect(wrong.status).toBe(2);
  });
});

describe("compile", () => {
  test("writes the graph and a model with its weights, and nothing else", async () => {
    const cwd = await temporaryFolder();
    const given = ["compile", spec("quickstart.resnet"), "-o", "out"];
    const { status, stdout } = await run(given, { cwd });
    expect(status).toBe(0);
    const names = ["graph.json", "group1-shard1of1.bin", "model.json"];
    expect((await readdir(join(cwd, "out"))).sort()).toEqual(names);
    for (const name of names) expect(stdout).toContain(join("out", name));
    const read = async (name: string): Promise<Record<string, unknown>> =>
      JSON.parse(await readFile(join(cwd, "out", name), "utf8")) as Record<string, unknown>;
    expect(await read("graph.json")).toMatchObject({ format: "resnetc-graph", name: "Quick" });
    expect(await read("model.json")).toHaveProperty("modelTopology");
    const weights = await readFile(join(cwd, "out", "group1-shard1of1.bin"));
    // 77,652 trainable numbers and two moving statistics for each of the 336 normalised channels.
    expect(weights.length).toBe(4 * (77_652 + 2 * 336));
  });

  test("shards of large weights are all written, and told as one", async () => {
    const cwd = await temporaryFolder();
    const { stdout } = await run(["compile", spec("resnet18.resnet"), "-o", "out"], { cwd });
    expect(stdout).toContain("shard*of12.bin (12 files)  46.8 MB");
    const names = await readdir(join(cwd, "out"));
    expect(names.filter((name) => name.endsWith(".bin"))).toHaveLength(12);
  });

  test("two runs of one seed are equal, and of another are not", async () => {
    const cwd = await temporaryFolder();
    const weights = async (folder: string, seed: string): Promise<Buffer> => {
      await run(["compile", spec("quickstart.resnet"), "-o", folder, "--seed", seed], { cwd });
      return readFile(join(cwd, folder, "group1-shard1of1.bin"));
    };
    const first = await weights("a", "7");
    expect((await weights("b", "7")).equals(first)).toBe(true);
    expect((await weights("c", "8")).equals(first)).toBe(false);
  });

  test("leaves nothing behind where it fails", async () => {
    const cwd = await temporaryFolder();
    const given = [...["compile", spec("quickstart.resnet"), "-o", "deep/out"]];
    const { status, stderr } = await run([...given, "--checkpoint", "none.safetensors"], { cwd });
    expect(stderr).toContain("there is no checkpoint none.safetensors");
    expect(status).toBe(1);
    expect(await readdir(cwd)).toEqual([]);
  });

  test("a file in the folder's place is said", async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, "taken"), "");
    const { status, stderr } = await run(
      ["compile", spec("quickstart.resnet"), "-o", "taken", "--graph-only"],
      { cwd },
    );
    expect(stderr).toContain("cannot write taken");
    expect(status).toBe(2);
  });
});

test("engines lists every engine and the one that auto takes", async () => {
  const { status, stdout } = await run(["engines", "--json"]);
  expect(status).toBe(0);
  const report = JSON.parse(stdout) as {
    engines: readonly { name: string; available: boolean; remedy?: string; passedBy?: string }[];
    auto: { name: string };
  };
  expect(report.engines.map(({ name }) => name)).toEqual([
    "node-gpu",
    "webgpu",
    "onnx",
    "node",
    "wasm",
    "cpu",
  ]);
  for (const { available, remedy } of report.engines) {
    expect(available || remedy !== undefined).toBe(true);
  }
  const best = report.engines.find(({ available, passedBy }) => available && !passedBy);
  expect(report.auto.name).toBe(best?.name);
  const people = await run(["engines"], { env: { COLUMNS: "80" } });
  expect(people.stdout).toContain(`takes ${best?.name}`);
  for (const line of people.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

describe("data on the command line", () => {
  test("a folder's kind is told from what lies in it", async () => {
    const cwd = await temporaryFolder();
    await mkdir(join(cwd, "cifar-10-batches-bin"));
    await mkdir(join(cwd, "empty"));
    await writeFile(join(cwd, "data.tar.gz"), "");
    const train = (data: string): Promise<Ended> =>
      run(["train", spec("quickstart.resnet"), "--data", data, "--set", "classes=10"], { cwd });
    expect((await train(".")).stderr).toContain("holds no cifar10 files");
    const packed = await train("data.tar.gz");
    expect(packed.stderr).toContain("unpack it first");
    expect(packed.status).toBe(2);
    const empty = await train("empty");
    expect(empty.stderr).toContain("empty");
    expect(empty.status).toBe(1);
    const unknown = await train("shape(train: 10)");
    expect(unknown.stderr).toContain("did you mean `shapes`?");
    expect(unknown.status).toBe(2);
  });
});
