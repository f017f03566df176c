/**
 * Runs a file of tests that was bundled for a machine without vitest: `node run.js FILE.js` prints what failed, and
 * a closing line; 1 where a test failed, or none passed.
 */
import { startTests, type Suite, type Task, type VitestRunner } from "@vitest/runner";
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

/** Every suite and test below a task, with the names that lead to it. */
function* below(task: Suite, above: readonly string[] = []): Iterable<readonly [string, Task]> {
  for (const each of task.tasks) {
    const names = [...above, each.name];
    yield [names.join(" > "), each];
    if (each.type === "suite") yield* below(each, names);
  }
}

function tellErrors(name: string, task: Task): void {
  for (const { message, stack } of task.result?.errors ?? []) {
    console.log(`FAILED ${name}: ${message}\n${stack ?? ""}`);
  }
}

const counts = { passed: 0, failed: 0, skipped: 0 };

function count(name: string, task: Task): void {
  const state = task.result?.state;
  const hasErrors = (task.result?.errors?.length ?? 0) > 0;
  // Of a suite or a file, the errors of its hooks; those of its tests are told with them.
  if (task.type === "suite") counts.failed += hasErrors ? 1 : 0;
  else if (state === "pass") counts.passed++;
  else if (state === "fail") counts.failed++;
  else counts.skipped++;
  tellErrors(name, task);
}

for (const each of await startTests([{ filepath: file }], runner)) {
  count(file, each);
  for (const [name, task] of below(each)) count(name, task);
}
console.log(closingLine(counts));
// What a test that failed has left open keeps no one waiting.
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
