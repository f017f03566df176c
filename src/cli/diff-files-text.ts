/** The specs that changed in a repository, for a person at a terminal: what became of each, then what changed in it. */
import type { DiffFilesReport, FileDiff, LoneNetwork } from "../api/diff-files.js";
import { wrap } from "../diagnostics/display-width.js";
import { counted } from "../diagnostics/numbers.js";
import { renderDiagnostics } from "../diagnostics/pretty.js";
import { diffLines } from "./diff-text.js";
import { filesSummary, isLibrary, isTextAlone, namedKind, sideNames } from "./diff-words.js";
import { colorsFor, type Colors } from "./terminal.js";

interface Style {
  readonly color: boolean;
  readonly width: number;
  /** The size that is given for symbolic inputs. */
  readonly at?: readonly [number, number] | undefined;
}

/** The whole report, with a line end. */
export function diffFilesText(report: DiffFilesReport, style: Style): string {
  const { color, width } = style;
  const colors = colorsFor(color);
  const { files } = report;
  const told = new Set<string>();
  const lines = [...wrap(sideNames(report).join(" -> "), width).map(colors.dim)];
  for (const file of files.filter((each) => !isLibrary(each) && !isTextAlone(each))) {
    lines.push("", ...fileLines(file, told, colors, style));
  }
  const others: string[] = [];
  const list = (words: string, some: readonly FileDiff[]): void => {
    if (some.length === 0) return;
    const names = some.map(namedKind).join(", ");
    others.push(...wrap(`${words}: ${names}`, width).map(colors.dim));
  };
  list("with no network of their own", files.filter(isLibrary));
  list("the same networks as before", files.filter(isTextAlone));
  if (others.length > 0) lines.push("", ...others);
  lines.push("", ...wrap(filesSummary(report), width).map(colors.bold));
  return `${lines.join("\n")}\n`;
}

function fileLines(
  file: FileDiff,
  told: Set<string>,
  colors: Colors,
  style: Style,
): readonly string[] {
  const { kind, networks = [], errors, diff, mended = false } = file;
  if (errors !== undefined) {
    // An error in a file that several import is shown once.
    const fresh = errors.filter(({ code, span, message }) => {
      const key = `${code} ${span?.file.path ?? ""} ${span?.start ?? ""} ${message}`;
      return !told.has(key) && told.add(key);
    });
    const shown = fresh.length === 0 ? [] : renderDiagnostics(fresh, style).trimEnd().split("\n");
    const head = `${file.file} is in error`;
    const again = fresh.length === 0 ? [`  the same as above`] : [];
    return [
      ...wrap(head, style.width).map((line) => colors.bold(colors.red(line))),
      ...again,
      ...shown,
    ];
  }
  const lines = networks.flatMap((each) =>
    wrap(networkWords(each), style.width - 2).map((line) => `  ${line}`),
  );
  if (kind === "deleted")
    return [...head(`- ${file.file} is deleted`, colors.red, style), ...lines];
  if (kind === "added") return [...head(`+ ${file.file} is new`, colors.green, style), ...lines];
  const from = file.from === undefined ? "" : `${file.from} -> `;
  const title = head(`~ ${from}${file.file}`, colors.bold, style);
  if (mended) return [...title, "  was in error, and is sound now", ...lines];
  if (diff === undefined) return title;
  const body = diff.same
    ? ["", "nothing changed in it"]
    : diffLines(diff, colors, style.width, style.at);
  return [...title, ...(body[0] === "" ? body.slice(1) : body)];
}

function head(words: string, paint: (text: string) => string, { width }: Style): readonly string[] {
  return wrap(words, width).map(paint);
}

function networkWords({ name, parameters }: LoneNetwork): string {
  return `${name}: ${counted(parameters, "parameter")}`;
}
