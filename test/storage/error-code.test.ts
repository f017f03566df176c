/** Errors of Node's are known in any context of code: those of a test in Jest are another context's. */
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { faultOfSurroundings } from "../../src/cli/surroundings.js";
import { errorCode, textOfError } from "../../src/storage/error-code.js";

/** An error of a context that is not this one. */
const foreign = (more: object): unknown =>
  runInNewContext("Object.assign(new Error('no such file'), more)", { more });

test("an error of another context has its code", () => {
  const error = foreign({ code: "ENOENT" });
  expect(error).not.toBeInstanceOf(Error);
  expect(errorCode(error)).toBe("ENOENT");
  expect(textOfError(error)).toBe("no such file");
});

test("what carries no code of the system has none", () => {
  for (const thrown of [undefined, null, "ENOENT", new Error("x"), foreign({ code: 5 })]) {
    expect(errorCode(thrown)).toBeUndefined();
  }
  expect(textOfError("a text")).toBe("a text");
});

test("the surroundings are at fault in any context", () => {
  expect(faultOfSurroundings(foreign({ code: "EMFILE" }))?.help).toContain("ulimit");
  expect(faultOfSurroundings(foreign({ syscall: "uv_cwd" }))?.message).toContain("folder");
  expect(faultOfSurroundings("EMFILE")).toBeUndefined();
});
