/** A formatted spec is the same network: its checked graphs, printed, are those of what was formatted. */
import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { expect, test } from "vitest";
import { checkReport } from "../../src/api/check.js";
import { OverlayHost } from "../../src/check/overlay-host.js";
import { printGraph } from "../../src/graph/print.js";
import { NodeHost } from "../../src/host/node-host.js";
import { formatted } from "./formatting.js";

const files = globSync(["specs/*.resnet", "test/**/fixtures/**/*.resnet"]).sort();

/** The graphs of a file's networks, if it is sound. */
function graphs(file: string, text: string): readonly string[] | undefined {
  const host = new OverlayHost(new NodeHost(), new Map([[file, text]]));
  const { ok, networks } = checkReport(file, { host });
  if (!ok) return undefined;
  return networks.map(({ graph }) => (graph === undefined ? "" : printGraph(graph)));
}

const sound = files.flatMap((file) => {
  const text = readFileSync(file, "utf8");
  const before = graphs(file, text);
  return before && before.length > 0 ? [{ file, text, before }] : [];
});

test("there are networks to compare", () => {
  expect(sound.length).toBeGreaterThan(10);
});

test.each(sound)("$file", async ({ file, text, before }) => {
  const flat = text.replaceAll(/^[ \t]+/gm, "").replaceAll(/ +-> +/g, "->");
  for (const printWidth of [100, 30]) {
    expect(graphs(file, await formatted(flat, { printWidth }))).toEqual(before);
  }
});
