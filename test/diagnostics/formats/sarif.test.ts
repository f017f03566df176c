/** SARIF is valid by the published schema, and its places, changes and fingerprints are right. */
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import { sarif } from "../../../src/diagnostics/formats/sarif.js";
import { finding, type Diagnostic } from "../../../src/diagnostics/diagnostic.js";
import type { FoundFile } from "../../../src/diagnostics/formats/found-file.js";
import { SourceFile } from "../../../src/source/source.js";
import { files, hostile } from "./found.js";

const require = createRequire(import.meta.url);
const published = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json") as object;
// It is of draft 4, of which it uses nothing that draft 7 reads otherwise but the name of its id.
const { id: _id, $schema: _draft, ...schema } = { id: "", $schema: "", ...published };
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
// The module is CommonJS: its function is what it exports by default.
(formats as unknown as (ajv: Ajv) => void)(ajv);
const validate = ajv.compile(schema);

const codes = [
  { code: "R0301", description: "they disagree", severity: "error" as const },
  { code: "some-rule", description: "Something", severity: "warning" as const, group: "speed" },
  { code: "quiet-rule", description: "Something else" },
];
const log = sarif(files, { version: "1.2.3", codes }) as Log;
const [run] = log.runs;
const results = run?.results ?? [];

describe("a SARIF log", () => {
  it("is valid by the schema of SARIF 2.1.0", () => {
    validate(log);
    expect(validate.errors ?? []).toEqual([]);
  });

  it("would not be valid by it with a level that there is not", () => {
    expect(
      validate({ ...log, runs: [{ ...run, results: [{ ...results[0], level: "info" }] }] }),
    ).toBe(false);
  });

  it("describes every rule, with its level, and refers to it by its index", () => {
    const rules = run?.tool.driver.rules ?? [];
    expect(rules.map(({ id }) => id)).toEqual(["R0301", "some-rule", "quiet-rule"]);
    expect(rules[1]?.defaultConfiguration).toEqual({ enabled: true, level: "warning" });
    expect(rules[2]?.defaultConfiguration).toEqual({ enabled: false, level: "none" });
    for (const { ruleId, ruleIndex } of results) {
      if (ruleIndex !== undefined) expect(rules[ruleIndex]?.id).toBe(ruleId);
    }
    expect(results.map(({ level }) => level)).toEqual([
      ...["warning", "warning", "note", "error", "error"],
    ]);
  });

  it("has what a comment suppresses, with the reason, and says of the others that nothing does", () => {
    const suppressed = results.find(({ suppressions }) => suppressions?.length !== 0);
    expect(results.filter(({ suppressions }) => suppressions?.length === 0)).toHaveLength(4);
    expect(suppressed).toMatchObject({ ruleId: "quiet-rule", message: { text: "taken back" } });
    expect(suppressed?.suppressions?.[0]).toMatchObject({
      kind: "inSource",
      status: "accepted",
      justification: 'it is "meant" <so>',
      location: { physicalLocation: { region: { startLine: 1, startColumn: 1, endColumn: 11 } } },
    });
    const kind = { ...suppressed?.suppressions?.[0], kind: "inComment" };
    const wrong = { ...suppressed, suppressions: [kind] };
    expect(validate({ ...log, runs: [{ ...run, results: [wrong] }] })).toBe(false);
  });

  it("says where, in lines, columns and characters, by a relative URI", () => {
    const place = results[1]?.locations?.[0]?.physicalLocation;
    expect(place?.artifactLocation).toEqual({
      uri: "nets/a%2C%20b%3A%20100%25/%C3%BC%23%3F.resnet",
      uriBaseId: "%SRCROOT%",
    });
    expect(place?.region).toMatchObject({ startLine: 2, startColumn: 2, charOffset: 12 });
    const related = results[1]?.relatedLocations?.[0]?.physicalLocation?.artifactLocation;
    expect(related).toEqual({ uri: "file:///elsewhere/std/blocks.resnet" });
  });

  it("carries the changes that mend", () => {
    const change = results[1]?.fixes?.[0]?.artifactChanges[0];
    expect(change?.replacements.map((each) => each.insertedContent?.text)).toEqual([
      undefined,
      "<x>",
    ]);
    const [first] = change?.replacements ?? [];
    expect(first?.deletedRegion).toMatchObject({ charOffset: 0, charLength: 5 });
  });

  it("has fingerprints that stay when lines move, and tell findings of one line apart", () => {
    const print = (source: SourceFile, start: number): unknown[] => {
      const found = finding("some-rule", "warning", "m", source.span(start, start + 5));
      const made = sarif([{ file: source.path, diagnostics: [found, found] }], {
        version: "1",
        codes,
      }) as Log;
      return (made.runs[0]?.results ?? []).map(({ partialFingerprints }) => partialFingerprints);
    };
    const moved = new SourceFile(hostile.path, `// new\n${hostile.text}`);
    expect(print(moved, 7)).toEqual(print(hostile, 0));
    const [one, other] = print(hostile, 0);
    expect(one).not.toEqual(other);
  });

  it("has the same fingerprints once the first of two findings of a line is suppressed", () => {
    const [one, other] = [hostile.span(0, 5), hostile.span(6, 10)].map((span) =>
      finding("some-rule", "warning", "m", span),
    ) as [Diagnostic, Diagnostic];
    const print = (file: Omit<FoundFile, "file">): unknown[] => {
      const made = sarif([{ file: hostile.path, ...file }], { version: "1", codes }) as Log;
      return (made.runs[0]?.results ?? []).map(({ partialFingerprints }) => partialFingerprints);
    };
    const comment = hostile.span(0, 5);
    expect(
      print({ diagnostics: [other], suppressed: [{ finding: one, reason: "r", comment }] }),
    ).toEqual(print({ diagnostics: [one, other] }));
  });
});
