/**
 * `npm run pack -- -o FILE`: one archive with all that resnetc needs to run on a machine without network, Node
 * among it; it is unpacked and tried, with nothing else in reach, before it counts as made.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import {
  amountOf,
  parsedWords,
  refuseWords,
  runScript,
  ScriptError,
  WrongWords,
} from "../command-line.js";
import { isFolder } from "../../src/host/folders.js";
import { gather } from "./gather.js";
import { tryOut } from "./try-out.js";

const usage = `usage: npm run pack -- -o FILE.tar.xz [--data FOLDER] [--with-onnx] [--limit MB]
-o           the archive: .tar.xz, or .tar.zst, which is larger and quicker
--data       a data set that goes along as data/
--with-onnx  the engine onnx too, 12 MB more
--limit      the most that the archive may take (64)`;

const top = "resnetc";

async function main(given: readonly string[]): Promise<void> {
  const { output, data, withOnnx, limit } = parse(given);
  const work = mkdtempSync(join(tmpdir(), "resnetc-pack-"));
  try {
    const parts = await gather(join(work, top), data, withOnnx);
    const archive = join(work, basename(output));
    const packed = compress(work, archive);
    const rows = [...parts, { name: "archive", bytes: packed }];
    for (const { name, bytes } of rows) {
      console.log(`${name.padEnd(32)}${(bytes / 1e6).toFixed(1).padStart(8)} MB`);
    }
    if (packed > limit * 1e6) {
      throw new ScriptError(
        `the archive is larger than ${limit} MB`,
        "leave out --with-onnx, take less data, or allow more by --limit",
      );
    }
    tryOut(archive, top, console.log);
    copyFileSync(archive, output);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

interface Request {
  readonly output: string;
  readonly data: string | undefined;
  readonly withOnnx: boolean;
  /** In MB. */
  readonly limit: number;
}

function parse(given: readonly string[]): Request {
  const { values, positionals } = parsedWords({
    args: [...given],
    allowPositionals: true,
    options: {
      output: { type: "string", short: "o" },
      data: { type: "string" },
      "with-onnx": { type: "boolean", default: false },
      limit: { type: "string", default: "64" },
    },
  });
  refuseWords(positionals);
  const { output, data } = values;
  if (output === undefined) throw new WrongWords("-o FILE.tar.xz is missing");
  if (!/\.tar\.(xz|zst)$/.test(output)) {
    throw new WrongWords(`${output} ends neither in .tar.xz nor in .tar.zst`);
  }
  const limit = amountOf("--limit", values.limit);
  if (!isFolder(dirname(resolve(output)))) {
    throw new WrongWords(`there is no folder ${dirname(output)} for the archive`);
  }
  if (data !== undefined && !isFolder(data)) {
    throw new WrongWords(`--data ${data}: there is no such folder`);
  }
  return { output: resolve(output), data, withOnnx: values["with-onnx"], limit };
}

/** @returns the archive's bytes. */
function compress(work: string, output: string): number {
  const how = output.endsWith(".xz") ? "xz -T0 -6" : "zstd -q -T0 -19 --long=27";
  const given = ["--sort=name", "-C", work, "-I", how, "-cf", output, top];
  const { status, error } = spawnSync("tar", given, { stdio: "inherit" });
  if (status !== 0) {
    throw new ScriptError(
      `the archive cannot be made: ${error?.message ?? `tar ended with ${status}`}`,
      `it takes GNU tar and ${how.split(" ", 1)[0]}`,
    );
  }
  return statSync(output).size;
}

await runScript(usage, main);
