import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bestOf, latestRun, resumedRun, runIn } from "../../src/api/run-finder.js";
import { chooseRunFolder, runFiles } from "../../src/train/run-folder.js";
import { temporaryFolder } from "../train/temporary-folder.js";

/** A folder of two runs, the second of them the later one, and `mine-3`, which came to nothing. */
async function twoRuns(): Promise<string> {
  const base = join(await temporaryFolder(), "mine");
  for (const [minute, folder] of [base, `${base}-2`].entries()) {
    await mkdir(folder);
    for (const name of ["best.safetensors", "last.safetensors"]) {
      await writeFile(join(folder, name), "");
      await utimes(join(folder, name), 60 * minute, 60 * minute);
    }
  }
  await mkdir(`${base}-3`);
  return base;
}

describe("a run", () => {
  test("is the latest of a recipe", async () => {
    const base = await twoRuns();
    expect(latestRun(base)).toBe(`${base}-2`);
    expect(bestOf(latestRun(base))).toBe(join(`${base}-2`, "best.safetensors"));
    expect(resumedRun(base, true)).toBe(`${base}-2`);
  });

  test("is the one whose folder is named, later ones or not", async () => {
    const base = await twoRuns();
    expect(runIn(base)).toBe(base);
    expect(runIn(`${base}-2`)).toBe(`${base}-2`);
    expect(resumedRun("elsewhere", base)).toBe(base);
    expect(() => runIn(`${base}-3`)).toThrow(`there is no run in ${base}-3`);
  });

  test("goes on where its last checkpoint is named, and not from another", async () => {
    const base = await twoRuns();
    expect(resumedRun("elsewhere", join(base, "last.safetensors"))).toBe(base);
    const best = join(base, "best.safetensors");
    const help = expect.stringContaining(`\`--weights ${best}\` starts a new run`) as string;
    expect(() => resumedRun("elsewhere", best)).toThrow(expect.objectContaining({ help }));
  });

  test("that came to no checkpoint cannot go on, and its folder is taken again", async () => {
    const base = join(await temporaryFolder(), "mine");
    await mkdir(base);
    const { history, best } = runFiles(base);
    await writeFile(history, "");
    const refused = (named: string | true): unknown => {
      try {
        return resumedRun(base, named);
      } catch (error) {
        return error;
      }
    };
    const message = `the run in ${base} has come to no checkpoint`;
    expect(refused(true)).toMatchObject({
      message,
      help: "leave out `--resume` to train from the start, in the same folder",
    });
    expect(refused(base)).toMatchObject({
      message,
      help: `\`-o ${base}\` instead of \`--resume\` trains from the start in it`,
    });
    expect(await chooseRunFolder(base, false)).toBe(base);
    await writeFile(history, '{"epoch":1}\n');
    expect(refused(true)).toMatchObject({
      message: `${base} has the history of a run, and none of its checkpoints is there`,
    });
    expect(await chooseRunFolder(base, false)).toBe(`${base}-2`);
    // Killed between its first two checkpoints: there is something to go on from, and to evaluate.
    await writeFile(best, "");
    expect(refused(true)).toBe(base);
    expect(bestOf(runIn(base))).toBe(best);
  });

  test.each([true, "nowhere"] as const)("that is not there cannot go on: %s", (named) => {
    const help = expect.stringContaining("leave out `--resume`") as string;
    expect(() => resumedRun("nowhere", named)).toThrow(
      expect.objectContaining({ message: "there is no run in nowhere", help }),
    );
  });
});
