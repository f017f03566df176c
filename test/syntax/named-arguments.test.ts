import { expect, test } from "vitest";
import { operations } from "../../src/ops/registry.js";
import { onlyFinding, read } from "./reading.js";

/** The help of an argument that lacks its colon. */
const helpOf = (name: string) =>
  read(`network Net {\n  stem { conv 3x3, 16, ${name} 2 }\n}\n`).diagnostics[0]?.help;

test("every name of an operation's argument is known as one, and its colon is sure", () => {
  const written = Object.values(operations).filter(({ written }) => written);
  const names = written.flatMap(({ signature }) => signature.map(({ name }) => name));
  for (const name of names) {
    const help = helpOf(name);
    expect(help?.text).toBe(`a named argument is written with a colon: \`${name}: 2\``);
    expect(help?.applicability).toBeUndefined();
  }
  expect(helpOf("cats")?.applicability).toBe("unsafe");
});

test.each([
  ["block Two(channels) { Unit(channels 2) }\n", "channels", "2"],
  ["block Two(channels, size = 1) {\n  conv(3x3, channels 2) -> relu\n}\n", "channels", "2"],
  ["block Two(width) {\n  conv 3x3, width 2\n}\n", "width", "2"],
])("a parameter before a value may lack its comma: %s", (text, name, value) => {
  const { help, alternatives } = onlyFinding(text);
  expect(help?.text).toBe(`a named argument is written with a colon: \`${name}: ${value}\``);
  expect(help?.applicability).toBe("unsafe");
  const [comma] = alternatives ?? [];
  expect(comma?.text).toBe(`two arguments are parted by a comma: \`${name}, ${value}\``);
  expect(comma?.edits?.map((each) => each.text)).toEqual([", "]);
});

test("the parameter of another declaration is none here", () => {
  const other = "block One(channels) { conv 3x3, channels }\n";
  const { help, alternatives } = onlyFinding(`${other}block Two(c) { conv 3x3, channels 2 }\n`);
  expect(help?.edits).toHaveLength(1);
  expect(help?.applicability).toBeUndefined();
  expect(alternatives).toBeUndefined();
});
