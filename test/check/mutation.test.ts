/**
 * A sound spec that is broken in one place gets its first error at that place, or at the merge that breaks,
 * and never more than two errors. A sample of what `npm run mutation` does to the whole.
 */
import { describe, expect, test } from "vitest";
import { mutantsOf } from "../../scripts/mutation/mutants.js";
import { sources } from "../../scripts/mutation/sources.js";
import {
  isInvalid,
  judge,
  mostErrors,
  mutantsOfFile,
  tally,
} from "../../scripts/mutation/survey.js";

/** One of so many mutants is judged; a prime, so that the sample takes turns among what is done to a place. */
const one = 17;

const all = sources().flatMap((source) =>
  mutantsOfFile(source).map((mutant) => ({ source, mutant })),
);
const judged = all
  .filter((_each, index) => index % one === 0)
  .map(({ source, mutant }) => judge(source, mutant));

describe("a spec that is broken in one place", () => {
  const rows = tally(judged);
  const [total] = rows.slice(-1);
  const invalid = judged.filter(isInvalid);

  test("is broken in every way, thousands of times", () => {
    expect(all.length).toBeGreaterThan(7500);
    for (const { kind, mutants } of rows) expect(mutants, kind).toBeGreaterThan(0);
    expect(total?.invalid).toBeGreaterThan(350);
  });

  test("gets its first error there, or at the merge that breaks", () => {
    console.table(rows, [...["kind", "mutants", "invalid", "line", "merge", "few"]]);
    const elsewhere = invalid.filter(({ verdict }) => verdict === "elsewhere");
    // Of the whole it is one in a hundred at most, to which `npm run mutation` holds; a sample wanders.
    expect(elsewhere.length / invalid.length).toBeLessThanOrEqual(0.02);
  });

  test("gets two errors at most", () => {
    const many = invalid.filter(({ errors }) => errors.length > mostErrors);
    expect(many.map(({ source, mutant }) => `${source.path} ${mutant.change}`)).toEqual([]);
  });
});

describe("the mutants", () => {
  const text = `block B(width) {
  residual { conv 3x3, width, /2 }
  shortcut pad
}
`;
  const made = mutantsOf(text);

  test("differ from the text and from each other", () => {
    expect(new Set([text, ...made.map((each) => each.text)]).size).toBe(made.length + 1);
  });

  test.each([
    ["channel count", "  residual { conv 3x3, width + 1, /2 }", [2]],
    ["stride", "  residual { conv 3x3, width }", [2]],
    ["kernel", "  residual { conv 2x2, width, /2 }", [2]],
    ["dropped shortcut", "  shortcut identity", [3]],
    ["misspelt name", "  residual { ocnv 3x3, width, /2 }", [2]],
    ["misspelt word", "  ersidual { conv 3x3, width, /2 }", [2]],
    ["missing brace", "  residual  conv 3x3, width, /2 }", [2]],
    ["wrong kind of argument", '  residual { conv 3x3, "text", /2 }', [2]],
  ])("change a %s: %s", (kind, line, lines) => {
    const mutant = made.find((each) => each.text.split("\n").includes(line));
    expect(mutant?.kind).toBe(kind);
    expect([...(mutant?.lines ?? [])]).toEqual(lines);
  });

  test("drop a shortcut with its line, which was between two others", () => {
    const mutant = made.find((each) => !each.text.includes("shortcut"));
    expect([...(mutant?.lines ?? [])].sort()).toEqual([2, 3]);
  });
});
