/** The specs that changed in a repository, as Markdown for a pull request: a table of all, then a section for each. */
import type { DiffFilesReport, FileDiff } from "../api/diff-files.js";
import { counted, grouped, scaled } from "../diagnostics/numbers.js";
import { code, details, diffBody, escaped, table } from "./diff-markdown.js";
import {
  difference,
  filesSummary,
  isLibrary,
  isTextAlone,
  namedKind,
  nameText,
  sideNames,
} from "./diff-words.js";

/** The whole report, with a line end. */
export function diffFilesMarkdown(report: DiffFilesReport): string {
  const { files } = report;
  const shown = files.filter((each) => !isLibrary(each) && !isTextAlone(each));
  const parts = [`## Specs: ${sideNames(report).map(nameOfSide).join(" → ")}`];
  const summary = `${filesSummary(report)}.`;
  parts.push(summary.charAt(0).toUpperCase() + summary.slice(1));
  const rows = shown.flatMap(summaryRows);
  const titles = ["spec", "network", "parameters", "mult-adds", "checkpoints"];
  if (rows.length > 0) parts.push(table(titles, rows, "llrrl"));
  const list = (words: string, some: readonly FileDiff[]): void => {
    if (some.length > 0)
      parts.push(`${words}: ${some.map((each) => code(namedKind(each))).join(", ")}.`);
  };
  list("With no network of their own", files.filter(isLibrary));
  list("The same networks as before", files.filter(isTextAlone));
  parts.push(...shown.flatMap(section));
  return `${parts.join("\n\n")}\n`;
}

function nameOfSide(name: string): string {
  return name.includes(" ") ? name : code(name);
}

const fits = { loads: "✅ load", partly: "⚠️ load partly", breaks: "❌ break" } as const;

/** A row for each network that changed. */
function summaryRows({ kind, file, networks = [], errors, diff, mended }: FileDiff): string[][] {
  const spec = code(file);
  if (errors !== undefined) return [[spec, "❌ in error", "", "", ""]];
  if (diff === undefined) {
    const what = mended ? "mended" : kind;
    if (networks.length === 0) return [[`${spec} ${what}`, "", "", "", ""]];
    return networks.map(({ name, parameters, macs }) => [
      `${spec} ${what}`,
      code(name),
      kind === "deleted" ? "" : grouped(parameters),
      kind === "deleted" || macs === undefined ? "" : scaled(macs),
      "",
    ]);
  }
  const changed = diff.networks.filter(({ same, name }) => !same || name.before !== name.after);
  if (changed.length === 0)
    return [[`${spec} ${kind === "renamed" ? "renamed" : ""}`.trim(), "", "", "", ""]];
  return changed.map((network) => {
    const { before, after } = network.whole;
    return [
      spec,
      code(nameText(network)),
      difference(before.parameters, after.parameters, grouped),
      difference(before.macs, after.macs, scaled),
      fits[network.weights.verdict],
    ];
  });
}

function section({ file, from, errors, diff }: FileDiff): readonly string[] {
  const title = from === undefined ? code(file) : `${code(from)} → ${code(file)}`;
  if (errors !== undefined) {
    const lines = errors.map(({ code: own, message, span }) => {
      const { line, column } = span?.file.position(span.start) ?? { line: 1, column: 1 };
      return `- ${code(`${span?.file.path ?? file}:${line}:${column}`)} ${own}: ${escaped(message)}`;
    });
    return [`### ${title}`, details(counted(errors.length, "error"), lines.join("\n"))];
  }
  // What is on one side alone is told in the table.
  if (diff === undefined || (diff.same && from === undefined)) return [];
  return [`### ${title}`, ...(diff.same ? ["Nothing changed in it."] : diffBody(diff))];
}
