/** Which specs differ between two git revisions, or between one and now: in their own text, or in what they import. */
import { existsSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { Repository, type GitChange } from "../host/git.js";
import { NodeHost, sourceOf } from "../host/node-host.js";
import { partsOf } from "../host/spec-files.js";
import type { SourceFile } from "../source/source.js";
import { parse } from "../syntax/parse.js";
import { asUsage, revisionsOf, type Revisions } from "./diff-side.js";
import { requireTexts, UsageError } from "./errors.js";

/** A spec that differs. Paths are as messages show them. */
export interface ChangedSpec {
  readonly kind: "added" | "deleted" | "renamed" | "changed" | "imports";
  /** Where it is, or was where it is deleted. */
  readonly file: string;
  /** Where it was, if that was elsewhere. */
  readonly from?: string;
}

export interface ChangedSpecs {
  readonly revisions: Revisions;
  readonly specs: readonly ChangedSpec[];
}

const suffix = ".resnet";

/**
 * The specs that differ, in the order of their paths; a spec whose own text is the same, and that imports one that
 * differs, is of the kind `imports`.
 *
 * @param range `A..B`, `A...B`, or `A` against the files as they are now.
 * @param patterns files, folders and patterns; the working folder where there are none.
 * @throws UsageError where git cannot answer, or a pattern fits no spec of either side.
 */
export async function changedSpecs(
  range: string,
  patterns: readonly string[],
): Promise<ChangedSpecs> {
  requireTexts("specs", patterns);
  const folder = folderOf(patterns[0]);
  const revisions = revisionsOf(range, folder);
  const { changes, all } = asUsage(() => read(Repository.around(folder), revisions));
  const isMeant = await matcherOf(patterns, [
    ...all,
    ...changes.flatMap(({ before }) => before ?? []),
  ]);
  const host = new NodeHost();
  const specs = changes.flatMap((change): ChangedSpec[] => {
    const { before, after, ...rest } = change;
    const path = pathOf(change);
    if (!isMeant(path) && !(before !== undefined && isMeant(before))) return [];
    const kind = rest.imports ? "imports" : kindOf(change);
    const from = kind === "renamed" && before !== undefined && { from: host.shown(before) };
    return [{ kind, file: host.shown(path), ...from }];
  });
  return { revisions, specs };
}

function kindOf({ before, after }: GitChange): Exclude<ChangedSpec["kind"], "imports"> {
  if (before === undefined) return "added";
  if (after === undefined) return "deleted";
  return before === after ? "changed" : "renamed";
}

interface Change extends GitChange {
  readonly imports?: boolean;
}

/** What differs, and every spec of the second side. */
function read(
  repository: Repository,
  { before, after }: Revisions,
): { readonly changes: readonly Change[]; readonly all: readonly string[] } {
  const to = after === undefined ? undefined : repository.commit(after);
  const changes = repository.changes(repository.commit(before), to, suffix).filter(isOwn);
  const texts = to === undefined ? textsNow(repository) : textsAt(repository, to);
  const paths = changes.flatMap((each) => [each.before ?? [], each.after ?? []].flat());
  const reached = importersOf(new Set(paths), texts);
  const imports = [...reached].map((path) => ({ before: path, after: path, imports: true }));
  return {
    changes: [...changes, ...imports].sort((one, other) => (pathOf(one) < pathOf(other) ? -1 : 1)),
    all: [...texts.keys()],
  };
}

/** Where a file is, or was where it is deleted. */
function pathOf({ before, after }: GitChange): string {
  return after ?? before ?? "";
}

function isOwn(change: GitChange): boolean {
  return !pathOf(change).split(sep).includes("node_modules");
}

/** What a file holds, read when it is asked for. */
type Texts = ReadonlyMap<string, () => SourceFile | undefined>;

function textsNow(repository: Repository): Texts {
  const host = new NodeHost();
  // A file may be gone from the folder and still be in the index.
  const paths = repository.filesNow(suffix).filter((path) => existsSync(path));
  return new Map(paths.map((path) => [path, () => host.read(path).file]));
}

function textsAt(repository: Repository, commit: string): Texts {
  const files = repository.filesAt(commit, suffix);
  let bytes: ReadonlyMap<string, Uint8Array> | undefined;
  const textOf = (path: string, id: string): SourceFile | undefined => {
    bytes ??= repository.files([...new Set(files.values())]);
    const own = bytes.get(id);
    return own && sourceOf(own, path).file;
  };
  return new Map([...files].map(([path, id]) => [path, () => textOf(path, id)]));
}

/** The specs that import one of some, or one that does; the others themselves are not among them. */
function importersOf(changed: ReadonlySet<string>, texts: Texts): ReadonlySet<string> {
  const reached = new Set<string>();
  if (changed.size === 0) return reached;
  const host = new NodeHost();
  const importers = new Map<string, string[]>();
  for (const [path, read] of texts) {
    if (changed.has(path)) continue;
    const file = read();
    if (file === undefined || !file.text.includes("import")) continue;
    for (const declaration of parse(file).unit.declarations) {
      if (declaration.kind !== "import") continue;
      const target = resolve(host.resolve(declaration.from.value, path));
      importers.set(target, [...(importers.get(target) ?? []), path]);
    }
  }
  const open = [...changed];
  for (let target = open.pop(); target !== undefined; target = open.pop()) {
    for (const path of importers.get(target) ?? []) {
      if (reached.has(path)) continue;
      reached.add(path);
      open.push(path);
    }
  }
  return reached;
}

/** A path in whose repository the first pattern lies; it need not be there. */
function folderOf(pattern = "."): string {
  return resolve(/^[^*?[\]{}]*(?=[*?[\]{}])/.exec(pattern)?.[0] ?? pattern);
}

/** Whether an absolute path is one of those that are meant. @param known every spec of either side. */
async function matcherOf(
  patterns: readonly string[],
  known: readonly string[],
): Promise<(path: string) => boolean> {
  const { default: picomatch } = await import("picomatch");
  const matchers = (patterns.length === 0 ? ["."] : patterns).map((pattern) => {
    if (partsOf(pattern).network !== undefined) {
      throw new UsageError(
        `${pattern} is one network of a file, and several files are compared`,
        "name it alone, or leave the network out",
      );
    }
    const whole = resolve(pattern);
    // From the working folder, whose own name may have the signs of a pattern in it.
    const fits = picomatch(fromHere(whole), { dot: true });
    const below = whole.endsWith(sep) ? whole : whole + sep;
    const matches = (path: string): boolean =>
      path === whole || path.startsWith(below) || fits(fromHere(path));
    if (patterns.length > 0 && !known.some(matches)) {
      throw new UsageError(
        `there is no spec ${pattern}, at neither of the two revisions`,
        "files, folders and patterns are from the working folder, and specs end in .resnet",
      );
    }
    return matches;
  });
  return (path) => matchers.some((matches) => matches(path));
}

/** An absolute path from the working folder, with slashes. */
function fromHere(path: string): string {
  return relative(process.cwd(), path).split(sep).join("/") || ".";
}
