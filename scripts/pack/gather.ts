/** Gathers what resnetc needs to run without anything else in reach, Node among it, into one folder. */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { packageRoot } from "../../src/host/node-host.js";
import { besideTraining, sourceBundle } from "../source-bundle.mjs";
import { closureOf, filesOf } from "./closure.js";
import { bundleTests } from "./tests.js";

const root = packageRoot();
const platform = `${process.platform}-${process.arch}`;

/** Started by its whole path or through a link to nothing else; needs no PATH. */
const launcher = (script: string): string => `#!/bin/sh
here=\${0%/*}
exec "$here/node" "$here/${script}" "$@"
`;

export interface Part {
  readonly name: string;
  readonly bytes: number;
}

/** Puts everything into `folder`. @returns what takes how much, before it is compressed. */
export async function gather(
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
  const measured = ["odd-channels.resnet", "pytorch.py"].map(
    (each) => `scripts/bench/train/${each}`,
  );
  for (const each of ["specs", "LICENSE", "README.md", ...measured]) {
    copy(join(root, each), each);
  }
  await build({
    absWorkingDir: root,
    entryPoints: { gpu: "scripts/gpu/index.ts", ...besideTraining },
    outdir: join(folder, "dist", "scripts"),
    ...sourceBundle,
  });
  await bundleTests(join(folder, "dist", "gpu-tests"));
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
