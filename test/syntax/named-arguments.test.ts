import { expect, test } from "vitest";
import { operations } from "../../src/ops/registry.js";
import { argumentNames } from "../../src/syntax/named-arguments.js";

test("every name of an operation's argument is known as one", () => {
  const written = Object.values(operations).filter(({ written }) => written);
  const names = written.flatMap(({ signature }) => signature.map(({ name }) => name));
  expect(new Set(names)).toEqual(argumentNames);
});
