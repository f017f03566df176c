/** What git says, asked through its own command; nothing is changed by it. */
import { spawnSync } from "node:child_process";
import { relative } from "node:path";

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

/** More than any spec, and than any list of one path. */
const answerLimit = 16 * 1024 * 1024;

/** The repository around a folder. */
export class Repository {
  private constructor(private readonly folder: string) {}

  /** @param folder one inside of it, absolute. @throws GitError where git is missing, or the folder is in no repository. */
  static around(folder: string): Repository {
    const repository = new Repository(folder);
    const { status, words } = repository.#ask(["rev-parse", "--is-inside-work-tree"]);
    if (status !== 0) {
      throw new GitError(
        `${folder} is in no git repository${words === "" ? "" : ` (git: ${words})`}`,
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

  /** The bytes of a file by its id. @throws GitError where git does not have them. */
  file(id: string): Buffer {
    const { status, bytes, words } = this.#ask(["cat-file", "blob", id]);
    if (status === 0) return bytes;
    throw new GitError(`git does not have the file ${id}: ${words}`);
  }

  #ask(given: readonly string[]): {
    readonly status: number | null;
    readonly bytes: Buffer;
    readonly words: string;
  } {
    const { error, status, stdout, stderr } = spawnSync("git", ["-C", this.folder, ...given], {
      maxBuffer: answerLimit,
      stdio: ["ignore", "pipe", "pipe"],
    });
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
