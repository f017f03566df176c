/**
 * SARIF 2.1.0 (OASIS), as code scanning reads it: the rules, the results with their places, the places that led to
 * them, the changes that mend them, what comments suppress and why, and fingerprints that survive lines which move.
 */
import type { Severity } from "../catalog.js";
import type { Diagnostic, Edit, SuppressedFinding } from "../diagnostic.js";
import { editsByPath } from "../edits.js";
import type { Span } from "../../source/source.js";
import { wholeText, type CodeFacts, type FoundFile, type ReportedPath } from "./found-file.js";

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  info: "note",
};

export interface SarifTool {
  readonly version: string;
  /** The rules that ran and the codes that were found, in the order of their index. */
  readonly codes: readonly CodeFacts[];
  /** The root of the sources: the working folder, of which nothing is said, where left out. */
  readonly root?: SarifRoot;
}

export interface SarifRoot {
  /** The address of the folder, with a slash at its end. */
  readonly uri: string;
  /** A path from it; one that is elsewhere is absolute. */
  readonly reported: ReportedPath;
}

/** The whole log, as plain data. */
export function sarif(files: readonly FoundFile[], { version, codes, root }: SarifTool): object {
  const reported = root?.reported ?? ((path) => path);
  const index = new Map(codes.map(({ code }, at) => [code, at]));
  const seen = new Map<string, number>();
  const results = files.flatMap((each) =>
    inPlace(each).map(({ found, suppression }) => ({
      ...resultOf(each.file, found, { index, seen, reported }),
      // An empty list says that nothing suppresses it; where there is none, nobody has looked (section 3.27.23).
      suppressions: suppression ? [suppressionOf(suppression, reported)] : [],
    })),
  );
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "resnetc", version, rules: codes.map(descriptorOf) } },
        columnKind: "utf16CodeUnits",
        ...(root && { originalUriBaseIds: { [sourceRoot]: { uri: root.uri } } }),
        artifacts: files.map(({ file }) => ({
          location: artifactOf(file, reported),
          sourceLanguage: "resnet",
        })),
        results,
      },
    ],
  };
}

interface Result {
  readonly found: Diagnostic;
  readonly suppression?: SuppressedFinding;
}

/** All of a file in the order of its text: which finding of its kind one is must not follow from who is suppressed. */
function inPlace({ diagnostics, suppressed = [] }: FoundFile): readonly Result[] {
  const results: Result[] = diagnostics.map((found) => ({ found }));
  for (const suppression of suppressed) {
    const { span } = suppression.finding;
    const at = results.findIndex(
      ({ found }) =>
        span !== undefined && found.span?.file === span.file && found.span.start > span.start,
    );
    const result = { found: suppression.finding, suppression };
    results.splice(at < 0 ? results.length : at, 0, result);
  }
  return results;
}

function suppressionOf({ reason, comment }: SuppressedFinding, reported: ReportedPath): object {
  return {
    kind: "inSource",
    status: "accepted",
    justification: reason,
    location: { physicalLocation: physical(comment, reported) },
  };
}

function descriptorOf({ code, description, severity, group }: CodeFacts): object {
  return {
    id: code,
    shortDescription: { text: description },
    help: { text: `resnetc explain ${code}`, markdown: `\`resnetc explain ${code}\`` },
    defaultConfiguration: {
      enabled: severity !== undefined,
      level: severity === undefined ? "none" : levels[severity],
    },
    ...(group !== undefined && { properties: { tags: [group] } }),
  };
}

/** What all results of a log have to do with. */
interface Log {
  /** Where each code stands among the rules. */
  readonly index: ReadonlyMap<string, number>;
  /** How many findings have had a fingerprint. */
  readonly seen: Map<string, number>;
  readonly reported: ReportedPath;
}

function resultOf(file: string, diagnostic: Diagnostic, { index, seen, reported }: Log): object {
  const ruleIndex = index.get(diagnostic.code);
  const { code, severity, span, related, help, alternatives = [] } = diagnostic;
  const location = span
    ? physical(span, reported)
    : { artifactLocation: artifactOf(file, reported), region: { startLine: 1 } };
  const fixes = [help, ...alternatives].flatMap((each) =>
    each?.edits?.length
      ? [{ description: { text: each.text }, artifactChanges: changes(each.edits, reported) }]
      : [],
  );
  return {
    ruleId: code,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: levels[severity],
    message: { text: wholeText({ ...diagnostic, related: [] }).join("\n") },
    locations: [{ physicalLocation: location }],
    ...(related.length > 0 && {
      relatedLocations: related.map((each, id) => ({
        id,
        message: { text: each.text },
        physicalLocation: physical(each.span, reported),
      })),
    }),
    ...(fixes.length > 0 && { fixes }),
    partialFingerprints: {
      "resnetcFinding/v1": fingerprint(reported(span?.file.path ?? file), diagnostic, seen),
    },
  };
}

function physical(span: Span, reported: ReportedPath): object {
  return { artifactLocation: artifactOf(span.file.path, reported), region: regionOf(span) };
}

function regionOf({ file, start, end }: Span): object {
  const [from, to] = [file.position(start), file.position(end)];
  return {
    startLine: from.line,
    startColumn: from.column,
    endLine: to.line,
    endColumn: to.column,
    charOffset: start,
    charLength: end - start,
  };
}

function changes(edits: readonly Edit[], reported: ReportedPath): readonly object[] {
  return [...editsByPath(edits)].map(([path, own]) => ({
    artifactLocation: artifactOf(path, reported),
    replacements: own.map(({ span, text }) => ({
      deletedRegion: regionOf(span),
      ...(text !== "" && { insertedContent: { text } }),
    })),
  }));
}

/** The name under which SARIF knows the root of the sources. */
const sourceRoot = "%SRCROOT%";

/** A path below the root of the sources is relative to it; another is a URI of its own. */
function artifactOf(path: string, reported: ReportedPath): object {
  const slashed = reported(path).replaceAll("\\", "/");
  const uri = slashed.split("/").map(encodeURIComponent).join("/");
  if (slashed.startsWith("/")) return { uri: `file://${uri}` };
  if (/^[A-Za-z]:/.test(slashed)) return { uri: `file:///${uri.replace("%3A", ":")}` };
  return { uri, uriBaseId: sourceRoot };
}

/** What stays the same when other lines come and go: the rule, the file, the line's text, and which of its kind. */
function fingerprint(path: string, { code, span }: Diagnostic, seen: Map<string, number>): string {
  const line = span ? span.file.line(span.file.position(span.start).line).trim() : "";
  const key = `${code}\n${path}\n${line.replace(/\s+/g, " ")}`;
  const count = (seen.get(key) ?? 0) + 1;
  seen.set(key, count);
  return `${hash(key)}:${count}`;
}

/** FNV-1a over UTF-16 code units, 64 bits, in hexadecimal. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) {
    value = ((value ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return value.toString(16).padStart(16, "0");
}
