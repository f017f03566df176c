/**
 * `npm run pack -- -o FILE`: one archive with all that resnetc needs to run on a machine without network, Node
 * among it; it is unpacked and tried, with nothing else in reach, before it counts as made.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { closureOf, filesOf } from "./closure.js";
import { tryOut } from "./try-out.js";

const usage = `usage: npm run pack -- -o FILE.tar.xz [--data FOLDER] [--with-onnx] [--limit MB]
FILE      .tar.xz, or .tar.zst, which is larger and quicker
--data    a data set that goes along as data/
--with-onnx  the engine onnx too, 12 MB more
--limit   the most that the archive may take (64)`;

const root = fileURLToPath(new URL("../..", import.meta.url));
const platform = `${process.platform}-${process.arch}`;
const top = "resnetc";

class UsageError extends Error {}

/** Started by its whole path or through a link to nothing else; needs no PATH. */
const launcher = (script: string): string => `#!/bin/sh
here=\${0%/*}
exec "$here/node" "$here/${script}" "$@"
`;

interface Part {
  readonly name: string;
  readonly bytes: number;
}

async function main(): Promise<void> {
  const { output, data, withOnnx, limit } = parse(process.argv.slice(2));
  const work = mkdtempSync(join(tmpdir(), "resnetc-pack-"));
  try {
    const parts = await gather(join(work, top), data, withOnnx);
    const packed = compress(work, output);
    const rows = [...parts, { name: "archive", bytes: packed }];
    for (const { name, bytes } of rows) {
      console.log(`${name.padEnd(32)}${(bytes / 1e6).toFixed(1).padStart(8)} MB`);
    }
    if (packed > limit * 1e6) {
      throw new Error(
        `${output} is larger than ${limit} MB: leave out --with-onnx, or take less data`,
      );
    }
    tryOut(output, top, console.log);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function parse(given: readonly string[]): {
  readonly output: string;
  readonly data: string | undefined;
  readonly withOnnx: boolean;
  readonly limit: number;
} {
  const { values } = parseArgs({
    args: [...given],
    options: {
      output: { type: "string", short: "o" },
      data: { type: "string" },
      "with-onnx": { type: "boolean", default: false },
      limit: { type: "string", default: "64" },
    },
  });
  const { output, data } = values;
  const limit = Number(values.limit);
  if (output === undefined || !/\.tar\.(xz|zst)$/.test(output) || !(limit > 0)) {
    throw new UsageError(usage);
  }
  return { output: resolve(output), data, withOnnx: values["with-onnx"], limit };
}

/** Puts everything into `folder`. @returns what takes how much, before it is compressed. */
async function gather(
  folder: string,
  data: string | undefined,
  withOnnx: boolean,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  const copy = (from: string, to: string): number => {
    const target = join(folder, to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(from, target, { recursive: true, dereference: true });
    return statSync(target).size;
  };
  execFileSync(process.execPath, [join(root, "scripts/build.mjs"), folder, "--no-types"], {
    stdio: "inherit",
  });
  rmSync(join(folder, "node_modules"));
  for (const each of ["specs", "LICENSE", "README.md", "scripts/bench/train/odd-channels.resnet"]) {
    copy(join(root, each), each);
  }
  await build({
    entryPoints: {
      gpu: join(root, "scripts/gpu/index.ts"),
      // What a run starts and reads lies beside the bundle.
      "data-worker": join(root, "src/train/data/worker.ts"),
      "page-script": join(root, "src/report/page-script.js"),
    },
    outdir: join(folder, "dist", "scripts"),
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  parts.push({ name: "node", bytes: copy(process.execPath, "node") });
  for (const [name, script] of [
    ["run", "bin/resnetc.cjs"],
    ["gpu", "dist/scripts/gpu.js"],
  ] as const) {
    writeFileSync(join(folder, name), launcher(script));
    chmodSync(join(folder, name), 0o755);
  }
  const left = ["@tensorflow/tfjs-node", "@tensorflow/tfjs-node-gpu"];
  if (!withOnnx) left.push("onnxruntime-node");
  for (const each of closureOf(root, new Set(left))) {
    let bytes = 0;
    for (const file of filesOf(each, platform)) {
      bytes += copy(join(each.folder, file), join("node_modules", each.path, file));
    }
    if (bytes > 1e6) parts.push({ name: each.path, bytes });
  }
  if (data !== undefined)
    cpSync(data, join(folder, "data"), { recursive: true, dereference: true });
  return parts;
}

/** @returns the archive's bytes. */
function compress(work: string, output: string): number {
  const how = output.endsWith(".xz") ? "xz -T0 -6" : "zstd -q -T0 -19 --long=27";
  const given = ["--sort=name", "-C", work, "-I", how, "-cf", output, top];
  const { status, error } = spawnSync("tar", given, { stdio: "inherit" });
  if (status !== 0) throw new Error(`tar ended with ${error?.message ?? status}`);
  return statSync(output).size;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
