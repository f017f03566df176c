/** A git repository in a folder of its own, gone after the test: a network of two files, and commits of it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../train/temporary-folder.js";

export class SmallRepository {
  private constructor(readonly folder: string) {}

  /** Begins it, with `files` as its first commit. */
  static async with(files: Readonly<Record<string, string>>): Promise<SmallRepository> {
    const repository = new SmallRepository(await temporaryFolder());
    repository.git("init", "--quiet", "--initial-branch=main");
    repository.commit(files);
    return repository;
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  commit(files: Readonly<Record<string, string>>): void {
    this.write(files);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "a commit");
  }

  git(...given: readonly string[]): string {
    const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    return execFileSync("git", [...who, ...given], { cwd: this.folder, encoding: "utf8" });
  }
}

export const thinBlock = `block Thin(width, stride = 1) {
  residual {
    conv 3x3, width, /stride -> batchnorm -> relu
    conv 3x3, width -> batchnorm
  }
  shortcut project
  relu
}
`;

export const smallNet = `import { Thin } from "./parts/thin"

network Net(classes = 10) {
  input 32x32x3
  stem { conv 3x3, 16 -> batchnorm -> relu }
  stage conv2: 3 x Thin(16)
  stage conv3: 3 x Thin(32), /2
  head classify { globalavgpool -> dense classes }
}

train quick for Net {
  data cifar10("data")
  augment { flip }
  optimizer sgd(0.1, momentum: 0.9)
  batch 64
  epochs 2
}
`;
