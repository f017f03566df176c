/** The data that a recipe names reaches whoever opens it as it was written: nothing is filled in. */
import { expect, test } from "vitest";
import { check } from "../../src/check/check.js";
import { MemoryHost } from "./memory-host.js";

function dataOf(data: string): unknown {
  const host = new MemoryHost({
    "a.resnet": `network N { input 8x8x3
      head h { globalavgpool -> dense 2 } }
      train t for N {
        data ${data}
        optimizer adam(0.1)
        batch 1
        epochs 1
      }`,
  });
  const { diagnostics, recipes } = check("a.resnet", host, { fit: false });
  expect(diagnostics).toEqual([]);
  return recipes[0]?.data;
}

test("options that are left out stay out", () => {
  expect(dataOf('folder("images")')).toMatchObject({ kind: "folder", options: {} });
  expect(dataOf("shapes")).toEqual({ kind: "shapes", options: {} });
});

test("options that are written are kept", () => {
  expect(dataOf('folder("images", validation: 0.2)')).toMatchObject({
    options: { validation: 0.2 },
  });
  expect(dataOf("shapes(size: 32, classes: 3)")).toEqual({
    kind: "shapes",
    options: { size: 32, classes: 3 },
  });
});
