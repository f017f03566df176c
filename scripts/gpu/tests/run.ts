/**
 * Runs a file of tests that was bundled for a machine without vitest: `node run.js FILE.js` prints what failed, and
 * a closing line; 1 where a test failed.
 */
import { startTests, type Task, type VitestRunner } from "@vitest/runner";
import { pathToFileURL } from "node:url";
import { closingLine } from "./closing-line.js";

const [file = ""] = process.argv.slice(2);
/** As in vitest.config.ts. */
const timeout = 120_000;

const runner: VitestRunner = {
  config: {
    root: process.cwd(),
    setupFiles: [],
    name: undefined,
    passWithNoTests: false,
    testNamePattern: undefined,
    allowOnly: false,
    sequence: { seed: 1, hooks: "stack", setupFiles: "list" },
    chaiConfig: undefined,
    maxConcurrency: 1,
    testTimeout: timeout,
    hookTimeout: timeout,
    retry: 0,
    includeTaskLocation: undefined,
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
  },
  importFile: (path) => import(pathToFileURL(path).href),
};

/** Every test of a file or suite, with the names that lead to it. */
function* testsOf(task: Task, above: readonly string[] = []): Iterable<readonly [string, Task]> {
  const isFile = "filepath" in task;
  const names = isFile ? above : [...above, task.name];
  if (task.type === "test") yield [names.join(" > "), task];
  else for (const each of task.tasks) yield* testsOf(each, names);
}

function tellErrors(name: string, task: Task): void {
  for (const { message, stack } of task.result?.errors ?? []) {
    console.log(`FAILED ${name}: ${message}\n${stack ?? ""}`);
  }
}

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const each of await startTests([{ filepath: file }], runner)) {
  // A hook, or the file itself.
  if (each.result?.errors?.length) counts.failed++;
  tellErrors(file, each);
  for (const [name, task] of testsOf(each)) {
    const state = task.result?.state;
    if (state === "pass") counts.passed++;
    else if (state === "fail") counts.failed++;
    else counts.skipped++;
    tellErrors(name, task);
  }
}
console.log(closingLine(counts));
// What a test that failed has left open keeps no one waiting.
process.exit(counts.failed > 0 ? 1 : 0);
