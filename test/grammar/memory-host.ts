/** A host whose files are in memory, but for the standard blocks, which are read from `std/`. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SourceHost } from "../../src/check/host.js";
import { diagnostic } from "../../src/diagnostics/diagnostic.js";
import { SourceFile } from "../../src/source/source.js";

export function memoryHost(files: ReadonlyMap<string, string>): SourceHost {
  return {
    resolve: (specifier) =>
      specifier.endsWith(".resnet") ? specifier : `${specifier.replace(/^\.\//, "")}.resnet`,
    locate: (path) => path,
    read(path) {
      const text = path.startsWith("std/") ? standard(path) : files.get(path);
      if (text === undefined) return { problem: diagnostic("R0001", undefined, { path }) };
      return { file: new SourceFile(path, text) };
    },
  };
}

function standard(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
}
