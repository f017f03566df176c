/**
 * The checker's files as they were at a revision: a spec and what it imports are read through git, and nothing is
 * checked out. What begins with `std/` ships with the compiler and is this compiler's.
 */
import { dirname, resolve } from "node:path";
import type { ReadResult, SourceHost } from "../check/host.js";
import { diagnostic } from "../diagnostics/diagnostic.js";
import { Repository } from "./git.js";
import { NodeHost, sourceOf } from "./node-host.js";

export class GitHost implements SourceHost {
  readonly #files: NodeHost;
  readonly #repository: Repository;
  readonly #commit: string;
  readonly #suffix: string;
  /** The bytes of specs by their absolute paths, where they were read at once. */
  #specs: ReadonlyMap<string, Uint8Array> = new Map();

  /**
   * @param file a file of the repository; the others may lie anywhere in it.
   * @param revision a commit, a branch, a tag, or what git writes as `HEAD~1`.
   * @throws GitError where git is missing, there is no repository, or it does not know the revision.
   */
  constructor(file: string, revision: string, workingDirectory: string = process.cwd()) {
    this.#files = new NodeHost(workingDirectory);
    this.#repository = Repository.around(dirname(resolve(workingDirectory, file)));
    this.#commit = this.#repository.commit(revision);
    // A `#` would be taken for the name of a network.
    this.#suffix = `@${revision.replaceAll("#", "%23")}`;
  }

  /** Reads every spec of the revision at once: one by one, git has to be started for each. */
  readAll(): void {
    const ids = this.#repository.filesAt(this.#commit, ".resnet");
    const bytes = this.#repository.files([...new Set(ids.values())]);
    this.#specs = new Map(
      [...ids].flatMap(([path, id]) => {
        const own = bytes.get(id);
        return own ? [[path, own] as const] : [];
      }),
    );
  }

  /** A path at the revision, as messages show it: `specs/net.resnet@HEAD~1`. */
  at(path: string): string {
    return path + this.#suffix;
  }

  resolve(specifier: string, importer: string): string {
    const found = this.#files.resolve(specifier, this.#plain(importer));
    return specifier.startsWith("std/") ? found : this.at(found);
  }

  locate(path: string, from: string): string {
    return this.#files.locate(path, this.#plain(from));
  }

  read(path: string): ReadResult {
    const plain = this.#plain(path);
    if (plain === path) return this.#files.read(path);
    const absolute = this.#files.absolute(plain);
    const known = this.#specs.get(absolute);
    if (known) return sourceOf(known, path);
    const entry = this.#repository.entry(this.#commit, absolute);
    if (entry === undefined) return { problem: diagnostic("R0001", undefined, { path }) };
    if (entry.mode.startsWith("04")) return { problem: diagnostic("R0002", undefined, { path }) };
    if (!entry.mode.startsWith("100")) {
      const reason = "it is a link or a submodule, which is not followed at a revision";
      return { problem: diagnostic("R0003", undefined, { path, reason }) };
    }
    return sourceOf(this.#repository.file(entry.id), path);
  }

  /** The path without its revision; a path of the file system as it is. */
  #plain(path: string): string {
    return path.endsWith(this.#suffix) ? path.slice(0, -this.#suffix.length) : path;
  }
}
