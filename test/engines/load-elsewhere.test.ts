/** A library is loaded in a process of its own, which a signal to all of ours does not reach. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { loadElsewhere } from "../../src/engines/load-elsewhere.js";
import { resolveRuntime } from "../../src/engines/onnx/library.js";
import { RuntimeThread } from "../../src/engines/onnx/thread.js";

const say = (what: string): string => `process.stdout.write("\\n@@" + JSON.stringify(${what}))`;

describe("a process that loads a library", () => {
  test("says what it found, and what was printed meanwhile", async () => {
    const script = `console.error("noise"); ${say('{ entry: process.argv[1], key: process.env["KEY"] }')}`;
    expect(await loadElsewhere(script, "the entry", { KEY: "value" })).toEqual({
      entry: "the entry",
      key: "value",
      printed: "noise\n",
    });
  });

  test("that ends without a word is told by how it ended", async () => {
    expect(await loadElsewhere("process.exit(3)", "")).toEqual({
      error: "loading it ended with status 3",
    });
    expect(await loadElsewhere("process.kill(process.pid, 'SIGSEGV')", "")).toEqual({
      error: "loading it ended with SIGSEGV",
    });
  });

  test.skipIf(process.platform !== "linux")(
    "is in a group of its own: Ctrl-C does not end it",
    async () => {
      const group = (stat: string): string | undefined => stat.split(") ")[1]?.split(" ")[2];
      const script = say("{ stat: require('fs').readFileSync('/proc/self/stat', 'utf8') }");
      const found = await loadElsewhere<{ readonly stat: string }>(script, "");
      expect("stat" in found && group(found.stat)).toMatch(/^\d+$/);
      expect("stat" in found && group(found.stat)).not.toBe(
        group(readFileSync("/proc/self/stat", "utf8")),
      );
    },
  );
});

const library = resolveRuntime();

test.skipIf(library === undefined)(
  "a thread that is ended while it loads ONNX Runtime does not take the process with it",
  async () => {
    for (let time = 0; time < 24; time++) {
      const thread = new RuntimeThread(library ?? "");
      await sleep(time * 4);
      thread.end();
      await expect(thread.ask({ kind: "held" })).rejects.toThrow("the session was disposed of");
    }
    await sleep(200);
  },
);
