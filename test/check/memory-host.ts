/** A host of files in memory, beside the standard blocks as they ship: paths are what they are called. */
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { check, type CheckOptions, type CheckResult } from "../../src/check/check.js";
import type { ReadResult, SourceHost } from "../../src/check/host.js";
import { OverlayHost } from "../../src/check/overlay-host.js";
import { diagnostic, type Diagnostic, type Edit } from "../../src/diagnostics/diagnostic.js";
import type { Texts } from "../../src/diagnostics/edits.js";
import { mend, type MendOptions } from "../../src/diagnostics/mending.js";
import { renderDiagnostics } from "../../src/diagnostics/pretty.js";
import { SourceFile } from "../../src/source/source.js";

const root = new URL("../../", import.meta.url);

export class MemoryHost implements SourceHost {
  readonly #files: ReadonlyMap<string, string>;

  constructor(files: Readonly<Record<string, string>>) {
    this.#files = new Map(Object.entries(files));
  }

  resolve(specifier: string, importer: string): string {
    const file = specifier.endsWith(".resnet") ? specifier : `${specifier}.resnet`;
    if (file.startsWith("std/")) return file;
    return posix.normalize(posix.join(posix.dirname(importer), file));
  }

  locate(path: string): string {
    return posix.join("/located", path);
  }

  read(path: string): ReadResult {
    const text = this.#files.get(path) ?? standard(path);
    if (text === undefined) return { problem: diagnostic("R0001", undefined, { path }) };
    return { file: new SourceFile(path, text) };
  }
}

const cache = new Map<string, string>();

/** `std/` and `specs/` as they are in the repository. */
function standard(path: string): string | undefined {
  if (!/^(std|specs)\/[\w-]+\.resnet$/.test(path)) return undefined;
  const known = cache.get(path);
  if (known !== undefined) return known;
  try {
    const text = readFileSync(new URL(path, root), "utf8");
    cache.set(path, text);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Checks one text, as `spec.resnet`, beside other files that it may import. */
export function checkText(
  text: string,
  options: CheckOptions = {},
  others: Readonly<Record<string, string>> = {},
): CheckResult {
  return check("spec.resnet", new MemoryHost({ ...others, "spec.resnet": text }), options);
}

/** The diagnostics as a terminal of 100 columns shows them, without colour. */
export function render(diagnostics: readonly Diagnostic[]): string {
  return renderDiagnostics(diagnostics, { color: false, width: 100 });
}

/** `R0301:12`: the code and the line of every finding, in order. */
export function codesAndLines(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, span }) =>
    span ? `${code}:${span.file.position(span.start).line}` : code,
  );
}

/** The text of a file with edits made, last first so that offsets stay right. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce(
      (changed, edit) =>
        changed.slice(0, edit.span.start) + edit.text + changed.slice(edit.span.end),
      text,
    );
}

/** What is found in a text. */
export function found(text: string): readonly Diagnostic[] {
  return checkText(text).diagnostics;
}

/** What a text becomes by the mends of all that is found in it. */
export function mended(text: string, options: MendOptions = {}): string {
  const path = "mended.resnet";
  const host = new MemoryHost({ [path]: text });
  const find = (texts: Texts): readonly Diagnostic[] =>
    check(path, new OverlayHost(host, texts)).diagnostics;
  return mend(find, options).texts.get(path) ?? text;
}
