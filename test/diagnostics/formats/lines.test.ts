/** The formats of one line a finding: what a reader of them splits at stands in none of their parts. */
import { describe, expect, it } from "vitest";
import { compact } from "../../../src/diagnostics/formats/compact.js";
import { github } from "../../../src/diagnostics/formats/github.js";
import { files } from "./found.js";

/** An annotation as actions/runner reads it: properties and message, unescaped. */
function read(line: string): { command: string; properties: Map<string, string>; data: string } {
  const match = /^::(\w+) (.*?)::(.*)$/.exec(line);
  const [, command = "", list = "", data = ""] = match ?? [];
  const plain = (text: string): string =>
    text
      .replaceAll("%0D", "\r")
      .replaceAll("%0A", "\n")
      .replaceAll("%3A", ":")
      .replaceAll("%2C", ",")
      .replaceAll("%25", "%");
  const properties = new Map(
    list.split(",").map((each): [string, string] => {
      const [name = "", value = ""] = each.split("=");
      return [name, plain(value)];
    }),
  );
  return { command, properties, data: plain(data) };
}

describe("GitHub's annotations", () => {
  const lines = github(files).trimEnd().split("\n");
  const annotations = lines.map(read);

  it("are one line for each finding, by its severity", () => {
    expect(annotations.map(({ command }) => command)).toEqual([
      "warning",
      "notice",
      "error",
      "error",
    ]);
  });

  it("say the place, and columns only within one line", () => {
    const [first, , third, fourth] = annotations;
    expect(Object.fromEntries(first?.properties ?? [])).toEqual({
      file: "nets/a, b: 100%/ü#?.resnet",
      line: "2",
      endLine: "2",
      col: "2",
      endColumn: "10",
      title: "some-rule",
    });
    expect([...(third?.properties.keys() ?? [])]).toEqual(["file", "line", "endLine", "title"]);
    expect([...(fourth?.properties.keys() ?? [])]).toEqual(["file", "title"]);
  });

  it("carry the whole message", () => {
    expect(annotations[0]?.data).toContain('a "quoted" <message> & 100%, with: colons');
    expect(annotations[0]?.data).toContain("\nhelp: do otherwise");
  });
});

it("is compact in one line for each finding", () => {
  expect(compact(files).trimEnd().split("\n")).toEqual([
    'nets/a, b: 100%/ü#?.resnet:2:2: warning[some-rule]: a "quoted" <message> & 100%, with: colons␇',
    'nets/a, b: 100%/ü#?.resnet:2:2: info[some-rule]: a "quoted" <message> & 100%, with: colons␇',
    "nets/a, b: 100%/ü#?.resnet:1:5: error[R0301]: over two lines",
    "nets/a, b: 100%/ü#?.resnet:1:1: error[R0001]: of the file as a whole",
  ]);
});
