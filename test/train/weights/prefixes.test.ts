import { expect, test } from "vitest";
import { withoutPrefix } from "../../../src/train/weights/prefixes.js";

const isWanted = (name: string): boolean => /^(conv|fc)\./.test(name);

/** The names that are left of these. */
function left(...names: readonly string[]): readonly string[] {
  return [...withoutPrefix(new Map(names.map((name) => [name, name])), isWanted).keys()];
}

test.each([
  ["none", ["conv.weight", "fc.bias"], ["conv.weight", "fc.bias"]],
  ["one", ["module.conv.weight", "module.fc.bias"], ["conv.weight", "fc.bias"]],
  ["several", ["model.net.conv.weight", "model.net.fc.bias"], ["conv.weight", "fc.bias"]],
  ["one that is not known", ["trunk.conv.weight"], ["trunk.conv.weight"]],
  ["one that leads to nothing", ["model.embedding"], ["model.embedding"]],
  ["one with a name beside it", ["encoder.conv.weight", "fc.bias"], ["conv.weight", "fc.bias"]],
  [
    "that of more of them",
    ["net.conv.weight", "model.conv.weight", "model.fc.bias"],
    ["net.conv.weight", "conv.weight", "fc.bias"],
  ],
  ["of two that would be one", ["conv.weight", "model.conv.weight", "model.fc.bias"], undefined],
])("a prefix: %s", (_, names, expected = names) => {
  expect(left(...names)).toEqual(expected);
});
