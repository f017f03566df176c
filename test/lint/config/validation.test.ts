/** A configuration's mistakes are told where they stand, with what was meant. */
import { describe, expect, it } from "vitest";
import { settingsFor } from "../../../src/lint/config/config.js";
import { readConfig } from "../../../src/lint/config/validation.js";
import { SourceFile } from "../../../src/source/source.js";

/** `LINE:COLUMN CODE: message (help)` of everything that is wrong with a text. */
function faults(text: string): string[] {
  return readConfig(new SourceFile("resnet.config.json", text)).diagnostics.map(
    ({ code, message, span, help }) => {
      const { line, column } = span?.file.position(span.start) ?? { line: 0, column: 0 };
      return `${line}:${column} ${code}: ${message}${help ? ` (${help.text})` : ""}`;
    },
  );
}

describe("a configuration", () => {
  it("may have comments and trailing commas", () => {
    const text = `{
      // why
      "$schema": "./schema.json", /* and */
      "engines": ["onnx", "wasm",],
      "datasets": { "plants": { "classes": 12, "mean": [0.5], "std": [0.2, 0.2, 0.2] } },
      "rules": { "channel-multiple": { "severity": "error", "options": { "multiple": 16 } } },
      "overrides": [{ "files": "old/**", "rules": { "channel-multiple": "off" } }],
    }`;
    expect(faults(text)).toEqual([]);
  });

  it.each([
    ["", "1:1 config-syntax: the file is empty (`{}` will do)"],
    ["{", "1:2 config-syntax: expected a closing brace"],
    ["{ 'a': 1 }", "1:3 config-syntax: this is no value: texts stand in double quotes"],
    ['{\n  "rules": {\n  } "x": 1 }', "3:5 config-syntax: expected a comma"],
    [
      `{ "ignore": ${"[".repeat(100_000)}`,
      "1:76 config-syntax: brackets are nested deeper than 64, which is the limit",
    ],
    ["[]", "1:1 config-setting: `the configuration` must be an object in braces, not []"],
    [
      '{ "ruels": {} }',
      '1:3 config-setting: there is no setting `ruels` here (did you mean "rules"?)',
    ],
    [
      '{ "rules": { "chanel-multiple": "off" } }',
      '1:14 config-rule: there is no rule named `chanel-multiple` (did you mean "channel-multiple"?)',
    ],
    [
      '{ "rules": { "something-else": "off" } }',
      "1:14 config-rule: there is no rule named `something-else` (`resnetc lint --list-rules` lists them)",
    ],
    [
      '{ "rules": { "channel-multiple": "wran" } }',
      '1:34 config-setting: `channel-multiple` must be "off", "info", "warn" or "error", not "wran" (did you mean "warn"?)',
    ],
    [
      '{ "rules": { "channel-multiple": 2 } }',
      '1:34 config-setting: `channel-multiple` must be a text or an object in braces, not 2 (write a level, such as "error", or { "severity": "error", "options": { … } })',
    ],
    [
      '{ "rules": { "R0301": "off" } }',
      "1:14 config-rule: there is no rule named `R0301` (errors of the compiler have no level: they always hold)",
    ],
    [
      '{ "rules": { "channel-multiple": { "severity": 2 } } }',
      '1:48 config-setting: `severity` must be "off", "info", "warn" or "error", not 2',
    ],
    [
      '{ "rules": { "channel-multiple": { "options": { "multiple": 2.5 } } } }',
      "1:61 config-setting: `multiple` must be a whole number, not 2.5",
    ],
    [
      '{ "rules": { "channel-multiple": { "options": { "multiple": 1 } } } }',
      "1:61 config-setting: `multiple` must be a whole number of at least 2, not 1",
    ],
    [
      '{ "overrides": [{ "files": "a", "engines": ["onnx"] }, { "files": "b", "engines": ["onxn"] }] }',
      '1:84 config-setting: `engines` must be "node-gpu", "webgpu", "onnx", "node", "wasm" or "cpu", not "onxn" (did you mean "onnx"?)',
    ],
    ['{ "overrides": [{ "rules": {} }] }', "1:17 config-setting: this has no `files`"],
    ['{ "extends": 3 }', "1:14 config-setting: `extends` must be a text or a list, not 3"],
    [
      '{ "ignore": [""] }',
      '1:14 config-setting: `ignore` must be a text with something in it, not ""',
    ],
    ['{ "ignore": [], "ignore": [] }', "1:17 config-setting: `ignore` is set twice"],
  ])("%j is told as %j", (text, fault) => {
    expect(faults(text)).toEqual([fault]);
  });

  it("tells all that is wrong, in the order of the text", () => {
    const text = '{ "engines": ["x"], "rules": { "channel-multiple": 1, "no-such": 2 } }';
    expect(faults(text).map((each) => each.split(" ")[0])).toEqual(["1:15", "1:52", "1:55"]);
  });
});

describe("settings for a file", () => {
  const matches = (path: string, pattern: string): boolean => path.startsWith(pattern);
  const base = { rules: { a: "warn", b: { severity: "error", options: { x: 1, y: 2 } } } } as const;
  const own = {
    engines: ["onnx"],
    rules: { b: { options: { y: 3 } } },
    overrides: [
      { files: ["old", "older"], rules: { b: "off" }, engines: [] },
      { files: "old/new", rules: { b: "info" } },
    ],
  } as const;

  it("are those of all layers, option by option", () => {
    expect(settingsFor([base, own], "spec.resnet", matches)).toEqual({
      rules: { a: { level: "warn" }, b: { level: "error", options: { x: 1, y: 3 } } },
      project: { engines: ["onnx"], datasets: {} },
    });
  });

  it("are changed by every override that speaks of the file, in order", () => {
    const level = (path: string) => settingsFor([base, own], path, matches).rules["b"]?.level;
    expect(level("old/spec.resnet")).toBe("off");
    expect(level("old/new/spec.resnet")).toBe("info");
    expect(settingsFor([own], "old/x", matches).project.engines).toEqual([]);
  });
});
