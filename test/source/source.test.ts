import { inspect } from "node:util";
import { expect, test } from "vitest";
import { SpecError } from "../../src/api/errors.js";
import { SourceFile } from "../../src/source/source.js";

test("an error that is printed shows the paths of its files, and not their whole texts", () => {
  const file = new SourceFile("net.resnet", "network Net {\n  // a secret\n}\n");
  expect(file.lineStarts).toEqual([0, 14, 28, 30]);
  const span = file.span(0, 7);
  const error = new SpecError([
    { code: "R0101", severity: "error", message: "it is wrong", span, related: [], notes: [] },
  ]);
  const printed = inspect(error, { depth: Infinity, showHidden: false });
  expect(printed).toContain("path: 'net.resnet'");
  expect(printed).not.toContain("a secret");
  expect(JSON.stringify(error)).not.toContain("a secret");
  expect(file.text).toContain("a secret");
});
