/**
 * `npm run mutation`: breaks every sound spec in every way that it knows, and prints by kind how often the
 * first error is where the mistake is. `npm run mutation -- --misses` lists where it is not. Ends with 1 where
 * fewer than 99% of a kind are found at their place, or where one mistake gives more than two errors.
 */
import { table } from "../bench/measure.js";
import { parsedWords, runScript } from "../command-line.js";
import { sources } from "./sources.js";
import {
  isInvalid,
  judge,
  leastLocated,
  mostErrors,
  mutantsOfFile,
  tally,
  type Judged,
  type Row,
} from "./survey.js";

const usage = `usage: npm run mutation [-- --misses]
Breaks every sound spec in every way that it knows, and prints by kind how often
the first error is where the mistake is; --misses lists where it is not.`;

await runScript(usage, (given) => {
  const { values } = parsedWords({ args: [...given], options: { misses: { type: "boolean" } } });
  const judged = sources().flatMap((source) =>
    mutantsOfFile(source).map((mutant) => judge(source, mutant)),
  );
  const rows = tally(judged);
  console.log(table([titles(), ...rows.map(cells)]));
  if (values.misses) for (const each of judged.filter(isMiss)) console.log(missed(each));
  const fails = rows.some((row) => row.few < row.invalid || located(row) < leastLocated);
  if (fails) process.exitCode = 1;
});

function titles(): string[] {
  return [
    "kind",
    ...["mutants", "sound", "only unexpected", "invalid"],
    ...["on the line", "at the merge", "located", "at most 2 errors"],
  ];
}

function cells(row: Row): string[] {
  const { kind, mutants, valid, expectation, invalid, line, merge, few } = row;
  return [
    kind,
    ...[mutants, valid, expectation, invalid, line, merge].map(String),
    `${(100 * located(row)).toFixed(2)}%`,
    `${((100 * few) / invalid).toFixed(2)}%`,
  ];
}

function located({ line, merge, invalid }: Row): number {
  return (line + merge) / invalid;
}

function isMiss(each: Judged): boolean {
  return isInvalid(each) && (each.verdict === "elsewhere" || each.errors.length > mostErrors);
}

function missed({ source, mutant, errors }: Judged): string {
  const lines = [...mutant.lines].join(",");
  const found = errors.slice(0, mostErrors + 1).map(({ code, span, message }) => {
    const place = span ? `${span.file.path}:${span.file.position(span.start).line}` : "";
    return `    ${code} ${place} ${message}`;
  });
  return [`${source.path}:${lines} ${mutant.change}`, ...found].join("\n");
}
