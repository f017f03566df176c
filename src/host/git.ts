/** What git says, asked through its own command; nothing is changed by it. */
import { spawnSync } from "node:child_process";
import { relative, resolve } from "node:path";
import { nearestFolder } from "./folders.js";

/** Git cannot answer: it is not there, there is no repository, or it does not know a revision. */
export class GitError extends Error {
  override readonly name = "GitError";
  /** @param help what to do about it. */
  constructor(
    message: string,
    readonly help?: string,
  ) {
    super(message);
  }
}

/** More than any spec, and than the list of the paths of a large repository. */
const answerLimit = 256 * 1024 * 1024;

/** How many files are asked for at once; each may be as large as a spec may be, and all fit into one answer. */
const filesAtOnce = 24;

/** What a person may have set for their own eyes, and would leave out what lies beside the folder. */
const ownSettings = ["-c", "diff.relative=false"];

/** What became of one file; `before` is its path at the first of two revisions, where it was there. */
export interface GitChange {
  readonly before?: string;
  readonly after?: string;
}

/** The repository around a folder. */
export class Repository {
  private constructor(private readonly folder: string) {}

  /**
   * @param folder one inside of it, absolute; where it is gone since a revision, the nearest above that is there.
   * @throws GitError where git is missing, or the folder is in no repository.
   */
  static around(folder: string): Repository {
    const there = nearestFolder(folder);
    const repository = new Repository(there);
    const { status, words } = repository.#ask(["rev-parse", "--is-inside-work-tree"]);
    if (status !== 0) {
      throw new GitError(
        `${there} is in no git repository${words === "" ? "" : ` (git: ${words})`}`,
        "name two files instead: `resnetc diff A.resnet B.resnet`",
      );
    }
    return repository;
  }

  /** The full name of the commit that a revision means. @throws GitError where there is none. */
  commit(revision: string): string {
    const isOption = revision.startsWith("-");
    const found = isOption
      ? undefined
      : this.#ask(["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]);
    if (found?.status === 0) return found.bytes.toString("utf8").trim();
    const shallow = this.#ask(["rev-parse", "--is-shallow-repository"]).bytes.toString("utf8");
    throw new GitError(
      `git knows no revision ${revision}`,
      shallow.trim() === "true"
        ? "this clone is shallow: `git fetch --unshallow` brings the older revisions"
        : "name a commit, a branch or a tag: `git log --oneline` and `git branch --all` list them",
    );
  }

  /** The commit at which two revisions parted. @throws GitError where they have none in common. */
  mergeBase(first: string, second: string): string {
    const { status, bytes } = this.#ask(["merge-base", this.commit(first), this.commit(second)]);
    if (status === 0) return bytes.toString("utf8").trim();
    throw new GitError(
      `${first} and ${second} have no commit in common`,
      `write \`${first}..${second}\` to compare the two as they are`,
    );
  }

  /** What a commit has at an absolute path, if anything. */
  entry(commit: string, path: string): { readonly mode: string; readonly id: string } | undefined {
    const there = relative(this.folder, path);
    const given = ["--literal-pathspecs", "ls-tree", "-z", commit, "--", there];
    const { status, bytes, words } = this.#ask(given);
    // Git refuses a path outside of the repository, at which it has nothing.
    if (status !== 0) {
      if (words.includes("outside repository")) return undefined;
      throw new GitError(`git cannot list ${path} at ${commit}: ${words}`);
    }
    const [, mode, id] = /^(\d+) \w+ ([0-9a-f]+)\t/.exec(bytes.toString("utf8")) ?? [];
    return mode === undefined || id === undefined ? undefined : { mode, id };
  }

  /**
   * The files that two commits differ in, or a commit and the files as they are now, those among them that git does not
   * know yet and is not told to ignore. A file that was moved is one change.
   *
   * @param suffix how their names end. @returns absolute paths.
   */
  changes(before: string, after: string | undefined, suffix: string): readonly GitChange[] {
    if (after === undefined) this.#requireFiles();
    const top = this.#top();
    const commits = after === undefined ? [before] : [before, after];
    const options = ["--name-status", "-z", "--find-renames", "--no-ext-diff"];
    const words = this.#list(["diff", ...options, ...commits, "--", `:(top)*${suffix}`]);
    const found: GitChange[] = [];
    for (let at = 0; at + 1 < words.length; at += 2) {
      const [kind = "", path = ""] = words.slice(at, at + 2);
      const own = resolve(top, path);
      if (kind.startsWith("R")) {
        found.push({ before: own, after: resolve(top, words[at + 2] ?? "") });
        at++;
      } else if (kind === "A") found.push({ after: own });
      else if (kind === "D") found.push({ before: own });
      // A file in conflict is listed twice.
      else if (found.at(-1)?.after !== own) found.push({ before: own, after: own });
    }
    if (after === undefined) {
      for (const path of this.#untracked(suffix)) {
        // What was taken out of the index and left in its folder is not gone.
        const gone = found.findIndex((each) => each.before === path && each.after === undefined);
        if (gone >= 0) found.splice(gone, 1, { before: path, after: path });
        else found.push({ after: path });
      }
    }
    return found;
  }

  /** The files of a commit by their absolute paths, each with its id. @param suffix how their names end. */
  filesAt(commit: string, suffix: string): ReadonlyMap<string, string> {
    const top = this.#top();
    const entries = this.#list(["ls-tree", "-r", "-z", "--full-tree", commit]);
    return new Map(
      entries.flatMap((entry) => {
        const [, id, path] = /^100\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
        if (id === undefined || !path?.endsWith(suffix)) return [];
        return [[resolve(top, path), id] as const];
      }),
    );
  }

  /** The files as they are now that git knows, or does not know and is not told to ignore; absolute, in order. */
  filesNow(suffix: string): readonly string[] {
    const tracked = this.#list([
      "ls-files",
      "-z",
      "--cached",
      "--full-name",
      "--",
      `:(top)*${suffix}`,
    ]);
    const top = this.#top();
    const known = tracked.map((path) => resolve(top, path));
    return [...new Set([...known, ...this.#untracked(suffix)])].sort();
  }

  /** @throws GitError where the repository has no files beside its commits. */
  #requireFiles(): void {
    const { bytes } = this.#ask(["rev-parse", "--is-inside-work-tree"]);
    if (bytes.toString("utf8").trim() === "true") return;
    throw new GitError(
      `${this.folder} has no files of its own: its repository is bare`,
      "name two revisions: `resnetc diff --git A..B`",
    );
  }

  #untracked(suffix: string): readonly string[] {
    const given = ["--others", "--exclude-standard", "--full-name", "--", `:(top)*${suffix}`];
    const top = this.#top();
    return this.#list(["ls-files", "-z", ...given]).map((path) => resolve(top, path));
  }

  /** The folder of the repository, as the path to the folder inside of it has it. */
  #top(): string {
    const { status, bytes, words } = this.#ask(["rev-parse", "--show-cdup"]);
    if (status !== 0) throw new GitError(`git cannot say where its repository begins: ${words}`);
    return resolve(this.folder, bytes.toString("utf8").replace(/\n$/, ""));
  }

  /** The parts of an answer that `-z` divides. */
  #list(given: readonly string[]): readonly string[] {
    const { status, bytes, words } = this.#ask(given);
    if (status !== 0) throw new GitError(`git ${given[0] ?? ""} does not answer: ${words}`);
    return bytes
      .toString("utf8")
      .split("\0")
      .filter((part) => part !== "");
  }

  /** The bytes of several files by their ids. @throws GitError where git does not have one. */
  files(ids: readonly string[]): ReadonlyMap<string, Uint8Array> {
    const found = new Map<string, Uint8Array>();
    for (let from = 0; from < ids.length; from += filesAtOnce) {
      const some = ids.slice(from, from + filesAtOnce);
      const { status, bytes, words } = this.#ask(["cat-file", "--batch"], `${some.join("\n")}\n`);
      if (status !== 0) throw new GitError(`git does not have the files: ${words}`);
      for (let at = 0; at < bytes.length;) {
        const lineEnd = bytes.indexOf(10, at);
        const [id = "", kind, size] = bytes.subarray(at, lineEnd).toString("utf8").split(" ");
        if (kind !== "blob") throw new GitError(`git does not have the file ${id}`);
        const start = lineEnd + 1;
        found.set(id, bytes.subarray(start, start + Number(size)));
        at = start + Number(size) + 1;
      }
    }
    return found;
  }

  /** The bytes of a file by its id. @throws GitError where git does not have them. */
  file(id: string): Uint8Array {
    const { status, bytes, words } = this.#ask(["cat-file", "blob", id]);
    if (status === 0) return bytes;
    throw new GitError(`git does not have the file ${id}: ${words}`);
  }

  #ask(
    given: readonly string[],
    input = "",
  ): {
    readonly status: number | null;
    readonly bytes: Buffer;
    readonly words: string;
  } {
    const { error, status, stdout, stderr } = spawnSync(
      "git",
      ["-C", this.folder, ...ownSettings, ...given],
      {
        maxBuffer: answerLimit,
        input,
      },
    );
    if (error === undefined) {
      return {
        status,
        bytes: stdout,
        words: stderr
          .toString("utf8")
          .trim()
          .replace(/^fatal: /, ""),
      };
    }
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw new GitError(`git cannot be run: ${error.message}`);
    }
    throw new GitError(
      "there is no git on this machine, and revisions are read through it",
      "install git, or name two files: `resnetc diff A.resnet B.resnet`",
    );
  }
}
