/** Errors of Node's are known in any context of code: those of a test in Jest are another context's. */
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { isExpected } from "../../src/cli/status.js";
import { faultOfSurroundings } from "../../src/cli/surroundings.js";
import { isConfigError } from "../../src/cli/watch/round.js";
import { errorCode, nameOfError, textOfError } from "../../src/storage/error-code.js";
import { resnetcWith } from "../cli/in-process-command.js";

/** An error of a context that is not this one. */
const foreign = (more: object): unknown =>
  runInNewContext("Object.assign(new Error('no such file'), more)", { more });

test("an error of another context has its code", () => {
  const error = foreign({ code: "ENOENT" });
  expect(error).not.toBeInstanceOf(Error);
  expect(errorCode(error)).toBe("ENOENT");
  expect(textOfError(error)).toBe("no such file");
  expect(nameOfError(error)).toBe("Error");
});

test("what carries no code of the system has none", () => {
  for (const thrown of [undefined, null, "ENOENT", new Error("x"), foreign({ code: 5 })]) {
    expect(errorCode(thrown)).toBeUndefined();
  }
  for (const thrown of [undefined, null, "Error", { name: 5 }, {}]) {
    expect(nameOfError(thrown)).toBeUndefined();
  }
  expect(textOfError("a text")).toBe("a text");
});

test("messages for the user are known in any context, and configurations", () => {
  expect(isExpected(foreign({ name: "DataError" }))).toBe(true);
  expect(isExpected(foreign({}))).toBe(false);
  expect(isConfigError(foreign({ name: "ConfigError" }))).toBe(true);
  expect(isConfigError(foreign({ name: "DataError" }))).toBe(false);
});

test("the command ends with what an error of another context says, and no bug of its own", async () => {
  const ended = (more: object) =>
    resnetcWith({ tool: () => Promise.reject(foreign(more) as Error) }, "fmt", "x.resnet");
  const known = await ended({ name: "GitError", help: "look" });
  expect([known.status, known.err]).toEqual([1, "error: no such file\n  = help: look\n"]);
  expect(await ended({ name: "ConfigError", diagnostics: [] })).toMatchObject({ status: 2 });
  const bug = await ended({});
  expect([bug.status, bug.err]).toEqual([70, expect.stringContaining("internal error: no such")]);
});

test("the surroundings are at fault in any context", () => {
  expect(faultOfSurroundings(foreign({ code: "EMFILE" }))?.help).toContain("ulimit");
  expect(faultOfSurroundings(foreign({ syscall: "uv_cwd" }))?.message).toContain("folder");
  expect(faultOfSurroundings("EMFILE")).toBeUndefined();
});
