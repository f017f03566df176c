/** `resnetc diff` as it ships, on real git repositories: what it says for a person, a pull request and a program. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DiffReport } from "../../src/api/diff.js";
import { temporaryFolder } from "../train/temporary-folder.js";
import { buildPackage, start, type Ended } from "./built-command.js";
import { SmallRepository, smallNet, thinBlock } from "./small-repository.js";

const built = buildPackage({ types: false });
const run = (given: readonly string[], cwd: string, env = {}): Promise<Ended> =>
  start(built, ["diff", ...given], { cwd, env: { COLUMNS: "80", ...env } }).ended;

const net = "specs/net.resnet";

function repository(): Promise<SmallRepository> {
  return SmallRepository.with({ [net]: smallNet, "specs/parts/thin.resnet": thinBlock });
}

const dropout = thinBlock.replace("width -> batchnorm\n", "width -> batchnorm -> dropout 0.1\n");

describe("a file at two revisions", () => {
  test("is read with its imports as they were, and nothing is checked out", async () => {
    const repo = await repository();
    repo.commit({ "specs/parts/thin.resnet": dropout });
    const { status, stdout, stderr } = await run([`${net}@HEAD~1`, `${net}@HEAD`], repo.folder);
    expect(stderr).toBe("");
    expect(stdout).toContain("specs/net.resnet@HEAD~1 -> specs/net.resnet@HEAD");
    expect(stdout).toContain("+ conv2.block[1-3].residual.dropout  dropout 0.1");
    expect(status).toBe(0);
    expect(repo.git("status", "--porcelain")).toBe("");
  });

  test("may be a range, one revision, or from where two branches parted", async () => {
    const repo = await repository();
    repo.git("checkout", "--quiet", "-b", "wider");
    repo.commit({ [net]: smallNet.replace("Thin(32)", "Thin(64)") });
    repo.git("checkout", "--quiet", "main");
    repo.commit({ [net]: smallNet.replace("epochs 2", "epochs 20") });
    const [two, three] = await Promise.all(
      ["wider..main", "wider...main"].map((range) => run(["--git", range, net], repo.folder)),
    );
    expect(two?.stdout).toContain("~ stage conv3  3 x Thin(64), /2 -> 3 x Thin(32), /2");
    expect(three?.stdout).not.toContain("Thin(64)");
    expect(three?.stdout).toContain("~ epochs  2 -> 20");
    repo.write({ [net]: smallNet.replace("32x32x3", "64x64x3") });
    const now = await run(["--git", "HEAD", `${net}#Net`], join(repo.folder, "specs", "..", "."));
    expect(now.stdout).toMatch(/input +32x32x3 +64x64x3/);
  });

  test("is found from a folder inside of the repository", async () => {
    const repo = await repository();
    const { stdout, stderr } = await run(
      ["--git", "HEAD", "../net.resnet"],
      join(repo.folder, "specs", "parts"),
    );
    expect(stderr).toBe("");
    expect(stdout).toContain("nothing changed");
  });

  test("that are in error are shown as check shows them, with the revision", async () => {
    const repo = await repository();
    repo.commit({ "specs/parts/thin.resnet": thinBlock.replace("project", "identity") });
    const { status, stdout, stderr } = await run(["--git", "HEAD~1..HEAD", net], repo.folder);
    expect(stdout).toBe("");
    expect(stderr).toContain("error[R0301]: the shortcut and the residual disagree");
    expect(stderr).toContain("--> specs/parts/thin.resnet@HEAD:6:3");
    expect(stderr.trimEnd().split("\n").at(-1)).toBe("for more, `resnetc explain R0301`");
    expect(status).toBe(1);
  });
});

describe("what cannot be compared", () => {
  test.each([
    [["--git", "nowhere..HEAD", net], "git knows no revision nowhere"],
    [["--git", "--all", net], "--all"],
    [["--git", "HEAD", "specs/other.resnet"], "there is no file specs/other.resnet at HEAD"],
    [[`${net}@HEAD#Nett`, net], "did you mean Net?"],
    [[net], "diff compares two specs, and specs/net.resnet is one"],
    [[net, net, net], "diff compares two specs, and 3 are given"],
    [[net, net, "--at", "wide"], "--at takes a size in pixels"],
  ])("%j", async (given, words) => {
    const repo = await repository();
    const { status, stdout, stderr } = await run(given, repo.folder);
    expect(stderr.replace(/\s+/g, " ")).toContain(words);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  test("without a repository, or without git", async () => {
    const folder = await temporaryFolder();
    const outside = await run(["--git", "HEAD", "net.resnet"], folder, {
      GIT_CEILING_DIRECTORIES: join(folder, ".."),
    });
    expect(outside.stderr).toContain("is in no git repository");
    expect(outside.status).toBe(2);
    const repo = await repository();
    const missing = await run(["--git", "HEAD", net], repo.folder, { PATH: folder });
    expect(missing.stderr).toContain("there is no git on this machine");
    expect(missing.status).toBe(2);
  });

  test("an older revision of a shallow clone", async () => {
    const repo = await repository();
    repo.commit({ [net]: smallNet.replace("epochs 2", "epochs 3") });
    const clone = join(await temporaryFolder(), "clone");
    repo.git("clone", "--quiet", "--depth=1", `file://${repo.folder}`, clone);
    const { stderr, status } = await run(["--git", "HEAD~1", net], clone);
    expect(stderr).toContain("`git fetch --unshallow`");
    expect(status).toBe(2);
  });
});

describe("the forms of the answer", () => {
  test("for a terminal of 80 columns no line is wider, also with symbolic shapes", async () => {
    const repo = await repository();
    const symbolic = "input [H, W, 3] where H % 4 == 0, W % 4 == 0, H >= 64, W >= 64";
    repo.write({
      [net]: smallNet.replace("input 32x32x3", symbolic).replace("3 x Thin(16)", "Thin(16)"),
    });
    const { stdout } = await run(["--git", "HEAD", net], repo.folder);
    expect(stdout).toContain("H x W x 3");
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("Markdown has tables, and folds what is long", async () => {
    const repo = await repository();
    repo.write({ [net]: smallNet.replace("classes = 10", "classes = 12") });
    const { stdout } = await run(["--git", "HEAD", net, "--markdown"], repo.folder);
    expect(stdout).toContain("| head classify | 10 | **12** | changed |");
    expect(stdout).toContain("<details>\n<summary>1 part changed</summary>\n\n| part |");
    expect(stdout).toContain("⚠️ A checkpoint of Net loads partly");
    const opened = stdout.split("<details>").length;
    expect(stdout.split("</details>")).toHaveLength(opened);
  });

  test("JSON has everything, and --exit-code tells CI", async () => {
    const repo = await repository();
    const unchanged = await run(["--git", "HEAD", net, "--exit-code", "--json"], repo.folder);
    expect(JSON.parse(unchanged.stdout)).toMatchObject({ same: true });
    expect(unchanged.status).toBe(0);
    repo.write({ [net]: smallNet.replace("momentum: 0.9", "momentum: 0.8") });
    const changed = await run(["--git", "HEAD", net, "--exit-code", "--json"], repo.folder);
    const report = JSON.parse(changed.stdout) as DiffReport;
    expect(report.recipes).toEqual([
      {
        name: "quick",
        kind: "changed",
        settings: [{ setting: "optimizer.momentum", before: "0.9", after: "0.8" }],
      },
    ]);
    expect(report.networks[0]?.same).toBe(true);
    expect(changed.status).toBe(1);
  });
});

test("explain reads its pages in the package as it is installed", async () => {
  const folder = await temporaryFolder();
  const explain = (...given: string[]): Promise<Ended> =>
    start(built, ["explain", ...given], { cwd: folder, env: { COLUMNS: "80" } }).ended;
  const [page, list, json, unknown] = await Promise.all([
    explain("r301"),
    explain(),
    explain("bias-before-batchnorm", "--json"),
    explain("R0391"),
  ]);
  expect(page.stdout).toMatch(/^error\[R0301\]: /);
  for (const line of `${page.stdout}${list.stdout}`.split("\n")) {
    expect(line.length).toBeLessThanOrEqual(80);
  }
  expect(list.stdout).toContain("R0603");
  expect(JSON.parse(json.stdout)).toMatchObject({ kind: "rule", name: "bias-before-batchnorm" });
  expect(unknown.stderr).toContain("did you mean R0301?");
  expect(unknown.status).toBe(2);
});
