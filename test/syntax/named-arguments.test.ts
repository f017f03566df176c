import { expect, test } from "vitest";
import { operations } from "../../src/ops/registry.js";
import { read } from "./reading.js";

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
