/** `resnetc diff --git` over a whole repository: which specs it compares, what it says of each, and how it ends. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { resnetc } from "./in-process-command.js";
import { SmallRepository, smallNet, thinBlock } from "./small-repository.js";

const net = "specs/net.resnet";
const blocks = "specs/parts/thin.resnet";
const alone = `network Alone(classes = 10) {
  input 32x32x3
  stem { conv 3x3, 16 -> batchnorm -> relu }
  head classify { globalavgpool -> dense classes }
}
`;
const dropout = thinBlock.replace("width -> batchnorm\n", "width -> batchnorm -> dropout 0.1\n");

const home = process.cwd();
let repo: SmallRepository;
beforeEach(async () => {
  repo = await SmallRepository.with({
    [net]: smallNet,
    [blocks]: thinBlock,
    "alone.resnet": alone,
  });
  process.chdir(repo.folder);
});
afterEach(() => process.chdir(home));

interface Answer {
  readonly same: boolean;
  readonly ok: boolean;
  readonly files: readonly {
    readonly kind: string;
    readonly file: string;
    readonly from?: string;
  }[];
}

async function compared(...given: readonly string[]): Promise<Answer> {
  const { out, err } = await resnetc("diff", "--json", ...given);
  expect(err).toBe("");
  return JSON.parse(out) as Answer;
}

async function kinds(...given: readonly string[]): Promise<readonly string[]> {
  const { files } = await compared(...given);
  return files.map(({ kind, file, from }) => `${kind} ${from ? `${from} -> ` : ""}${file}`);
}

describe("the specs that are compared", () => {
  test("are none where none changed, and that is no difference", async () => {
    repo.write({ "notes.md": "nothing of a spec\n" });
    const { out, status } = await resnetc("diff", "--git", "HEAD", "--exit-code");
    expect(out).toBe("HEAD -> the files as they are now\n\nno spec changed\n");
    expect(status).toBe(0);
  });

  test("are those that changed, were added, deleted or moved, staged or not, or not known to git", async () => {
    repo.commit({
      "old.resnet": alone.replace("Alone", "Old"),
      "from.resnet": `// moved\n${alone}`,
    });
    repo.commit({ ".gitignore": "ignored/\n" });
    rmSync("old.resnet");
    repo.git("mv", "from.resnet", "specs/to.resnet");
    repo.write({ "alone.resnet": alone.replace("= 10", "= 12"), "new.resnet": alone });
    repo.write({ "staged.resnet": smallNet, "ignored/no.resnet": alone });
    repo.git("add", "staged.resnet");
    repo.write({ "staged.resnet": alone.replace("16", "24") });
    expect(await kinds("--git", "HEAD")).toEqual([
      "changed alone.resnet",
      "added new.resnet",
      "deleted old.resnet",
      "renamed from.resnet -> specs/to.resnet",
      "added staged.resnet",
    ]);
  });

  test("are those that import what changed, through others too, and not those that import another", async () => {
    repo.commit({
      "specs/between.resnet":
        'import { Thin } from "./parts/thin"\nblock Two(width) { Thin(width) -> Thin(width) }\n',
      "specs/far.resnet": smallNet
        .replace("Thin }", "Two }")
        .replace("parts/thin", "between")
        .replaceAll("Thin(32), /2", "Two(32)")
        .replaceAll("Thin(", "Two("),
      "specs/std.resnet": smallNet
        .replace("./parts/thin", "std/blocks")
        .replaceAll("Thin", "Basic"),
    });
    repo.commit({ [blocks]: dropout });
    const expected = [
      "imports specs/between.resnet",
      "imports specs/far.resnet",
      `imports ${net}`,
      `changed ${blocks}`,
    ];
    expect(await kinds("--git", "HEAD~1..HEAD")).toEqual(expected);
    repo.commit({ [blocks]: thinBlock });
    repo.write({ [blocks]: dropout });
    expect(await kinds("--git", "HEAD")).toEqual(expected);
  });

  test("are those of the folder that one is in, or of the files, folders and patterns that are named", async () => {
    repo.write({
      [net]: smallNet.replace("= 10", "= 12"),
      "alone.resnet": alone.replace("16", "24"),
    });
    mkdirSync("empty");
    expect(await kinds("--git", "HEAD", "specs")).toEqual([`changed ${net}`]);
    expect(await kinds("--git", "HEAD", "*.resnet")).toEqual(["changed alone.resnet"]);
    expect(await kinds("--git", "HEAD", net, "alone.resnet")).toHaveLength(2);
    expect(await kinds("--git", "HEAD", join(repo.folder, "specs"))).toEqual([`changed ${net}`]);
    process.chdir("specs/parts");
    expect(await kinds("--git", "HEAD")).toEqual([]);
    expect(await kinds("--git", "HEAD", "..")).toEqual(["changed ../net.resnet"]);
  });

  test("are the same where git is set to name paths from the folder that one is in", async () => {
    repo.git("config", "diff.relative", "true");
    repo.write({ [net]: smallNet.replace("= 10", "= 12"), "alone.resnet": `// more\n${alone}` });
    process.chdir("specs");
    expect(await kinds("--git", "HEAD")).toEqual(["changed net.resnet"]);
    expect(await kinds("--git", "HEAD", ".", "..")).toEqual([
      "changed ../alone.resnet",
      "changed net.resnet",
    ]);
  });

  test("fit a pattern whatever signs are in the name of the working folder", async () => {
    repo.write({ "a[b] (c)/deep/one.resnet": alone, "a[b] (c)/two.resnet": alone });
    process.chdir("a[b] (c)");
    expect(await kinds("--git", "HEAD", "*.resnet")).toEqual(["added two.resnet"]);
    expect(await kinds("--git", "HEAD", "./**/one.resnet")).toEqual(["added deep/one.resnet"]);
    expect(await kinds("--git", "HEAD", "deep/../*.resnet")).toEqual(["added two.resnet"]);
    repo.write({ "alone.resnet": alone.replace("16", "24") });
    expect(await kinds("--git", "HEAD", "../*.resnet")).toEqual(["changed ../alone.resnet"]);
  });

  test("are those since two branches parted, with three dots", async () => {
    repo.git("checkout", "--quiet", "-b", "topic");
    repo.commit({ "alone.resnet": alone.replace("16", "24") });
    repo.git("checkout", "--quiet", "main");
    repo.commit({ [net]: smallNet.replace("= 10", "= 12") });
    expect(await kinds("--git", "main...topic")).toEqual(["changed alone.resnet"]);
    expect(await kinds("--git", "main..topic")).toEqual(["changed alone.resnet", `changed ${net}`]);
  });

  test("are named once where a merge has left them in conflict", async () => {
    repo.git("checkout", "--quiet", "-b", "topic");
    repo.commit({ "alone.resnet": alone.replace("16", "24") });
    repo.git("checkout", "--quiet", "main");
    repo.commit({ "alone.resnet": alone.replace("16", "32") });
    expect(() => repo.git("merge", "topic")).toThrow();
    expect(await kinds("--git", "HEAD")).toEqual(["changed alone.resnet"]);
  });

  test("may have spaces and letters of any language in their names", async () => {
    repo.write({ "netze/größer als 1.resnet": alone });
    expect(await kinds("--git", "HEAD")).toEqual(["added netze/größer als 1.resnet"]);
  });
});

test("one spec of a folder that is gone since is compared from where two branches parted", async () => {
  repo.commit({ [blocks]: dropout });
  repo.git("checkout", "--quiet", "-b", "topic");
  repo.git("rm", "--quiet", "-r", "specs");
  repo.commit({});
  const { out, err, status } = await resnetc("diff", "--git", "main~1...main", net);
  expect(err).toBe("");
  expect(out).toContain("dropout 0.1");
  expect(status).toBe(0);
});

describe("what is said of them", () => {
  beforeEach(() => {
    rmSync("alone.resnet");
    repo.write({
      [blocks]: dropout,
      "new.resnet": alone.replace("Alone", "New"),
      "text.resnet": `${alone}// more\n`,
    });
  });

  test("fits into a terminal, file by file, with a summary at the end", async () => {
    const { out, err, status } = await resnetc("diff", "--git", "HEAD");
    expect(err).toBe("");
    expect(status).toBe(0);
    expect(out).toContain("\n+ new.resnet is new\n  New: 634 parameters\n");
    expect(out).toContain("- alone.resnet");
    expect(out).toContain(`\n~ ${net}\nNet\n`);
    expect(out).toContain("+ conv2.block[1-3].residual.dropout  dropout 0.1");
    expect(out).toContain(`with no network of their own: ${blocks}\n`);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("is one Markdown report, with a table of all and a section for each", async () => {
    repo.write({ [net]: smallNet.replace("= 10", "= 12") });
    const { out } = await resnetc("diff", "--git", "HEAD", "--markdown");
    expect(out).toMatch(/^## Specs: `HEAD` → the files as they are now\n\n\d specs? changed, /);
    expect(out).toContain("| `new.resnet` added | `New` | 634 | 443 k |  |");
    expect(out).toContain(`| \`${net}\` | \`Net\` | +66 (+0.1%) | +64 (+0.0%) | ⚠️ load partly |`);
    expect(out).toContain(`\n### \`${net}\`\n\n#### Net\n`);
    const columns = out.split("\n").filter((line) => line.startsWith("| `new"));
    expect(columns[0]?.split("|")).toHaveLength(7);
  });

  test("names a spec whose text alone is another, which is no difference", async () => {
    repo.git("add", "--all");
    repo.commit({});
    repo.write({ "text.resnet": alone });
    const { out, status } = await resnetc("diff", "--git", "HEAD", "--exit-code");
    expect(out).toContain("the same networks as before: text.resnet");
    expect(status).toBe(0);
  });
});

describe("how it ends", () => {
  test("with 1 under --exit-code for a network that changed, and a file that came or went", async () => {
    const ended = async (): Promise<number> =>
      (await resnetc("diff", "--git", "HEAD", "--exit-code")).status;
    repo.write({ "alone.resnet": `${alone}// more\n` });
    expect(await ended()).toBe(0);
    repo.write({ "more.resnet": alone });
    expect(await ended()).toBe(1);
    rmSync("more.resnet");
    repo.write({ [blocks]: dropout });
    expect(await ended()).toBe(1);
    repo.write({ [blocks]: thinBlock });
    expect(await ended()).toBe(0);
    rmSync("alone.resnet");
    expect(await ended()).toBe(1);
  });

  test("with 1 for a spec that is in error now, beside all that can be compared", async () => {
    repo.write({ [blocks]: thinBlock.replace("project", "identity") });
    repo.write({ "specs/too.resnet": smallNet, "alone.resnet": alone.replace("16", "24") });
    const { out, status } = await resnetc("diff", "--git", "HEAD");
    expect(status).toBe(1);
    expect(out.match(/error\[R0301\]/g)).toHaveLength(1);
    expect(out).toContain("specs/too.resnet is in error\n  the same as above\n");
    expect(out).toContain("~ alone.resnet\nAlone\n");
    expect(out).toContain("3 specs changed, 1 added, 2 in error");
    const { out: markdown } = await resnetc("diff", "--git", "HEAD", "--markdown");
    expect(markdown).toContain("| `specs/net.resnet` | ❌ in error |");
    expect(markdown).toContain("- `specs/parts/thin.resnet:6:3` R0301: the shortcut");
    expect(await compared("--git", "HEAD")).toMatchObject({ ok: false, same: false });
  });

  test("with a difference where a spec was in error, and is sound now", async () => {
    repo.commit({ "alone.resnet": alone.replace("conv", "convv") });
    repo.write({ "alone.resnet": alone });
    const { out, status } = await resnetc("diff", "--git", "HEAD", "--exit-code");
    expect(out).toContain("~ alone.resnet\n  was in error, and is sound now\n");
    expect(status).toBe(1);
  });

  test("with 2 for the files as they are now of a repository that has none", async () => {
    repo.git("clone", "--quiet", "--bare", ".", "bare.git");
    process.chdir("bare.git");
    const { err, status } = await resnetc("diff", "--git", "HEAD");
    expect(err).toContain("`resnetc diff --git A..B`");
    expect(status).toBe(2);
    expect((await resnetc("diff", "--git", "HEAD..HEAD", "--markdown")).out).toBe(
      "## Specs: `HEAD` → `HEAD`\n\nNo spec changed.\n",
    );
  });

  test.each([
    [["--git", "HEAD", "nowhere"], "there is no spec nowhere"],
    [["--git", "HEAD", "specs/*.resnett"], "there is no spec specs/*.resnett"],
    [["--git", "nowhere"], "git knows no revision nowhere"],
    [["--git", "HEAD", `${net}#Net`, "alone.resnet"], "is one network of a file"],
    [["--git", "HEAD", "--set", "classes=2"], "--set is for one spec"],
    [["--git", "HEAD", "--checkpoint", "a.safetensors"], "--checkpoint is for one spec"],
    [[], "diff compares two specs, and none is named"],
  ])("with 2 for %j", async (given, words) => {
    const { status, out, err } = await resnetc("diff", ...given);
    expect(err.replace(/\s+/g, " ")).toContain(words);
    expect(out).toBe("");
    expect(status).toBe(2);
  });
});

test("--at is the size of every symbolic network that is for it", async () => {
  const symbolic = smallNet.replace("32x32x3", "[H, W, 3] where H % 4 == 0, W % 4 == 0");
  repo.commit({
    [net]: symbolic,
    "alone.resnet": alone.replace("32x32x3", "[H, W, 3] where H % 7 == 0"),
  });
  repo.write({
    [net]: symbolic.replace("= 10", "= 12"),
    "alone.resnet": alone.replace("32x32x3", "[H, W, 3] where H % 7 == 0").replace("16", "24"),
  });
  const { out, err } = await resnetc("diff", "--git", "HEAD", "--at", "32x32");
  expect(err).toBe("");
  expect(out).toMatch(/~ specs\/net\.resnet[^]*mult-adds +27\.7 M -> 27\.7 M/);
  expect(out).toMatch(/~ alone\.resnet[^]*mult-adds +\? +\?/);
  expect(out).toContain("Not both sides take 32x32: mult-adds and activations are open.\n");
  expect(out).not.toContain("such as --at");
});
