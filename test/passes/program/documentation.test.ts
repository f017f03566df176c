import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { primitives } from "../../../src/passes/program/registry.js";

describe("docs/differentiation.md", () => {
  it("has the row of every primitive as its definition says it", async () => {
    const page = await readFile(
      new URL("../../../docs/differentiation.md", import.meta.url),
      "utf8",
    );
    const rows = page.split("\n").map((line) => line.replace(/\s+/g, " ").trim());
    for (const [name, { meaning, onnx, stablehlo }] of Object.entries(primitives)) {
      expect(rows).toContain(`| \`${name}\` | ${meaning} | ${onnx} | ${stablehlo} |`);
    }
    const listed = rows.filter((row) => /^\| `\w+` \|/.test(row) && row.split("|").length === 6);
    expect(listed.length).toBe(Object.keys(primitives).length);
  });
});
