/** Reads a configuration with comments, and says what is wrong with it, each at its line and column. */
import { enumerated } from "../../diagnostics/lists.js";
import { Ajv, type ErrorObject } from "ajv";
import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from "jsonc-parser";
import { nearest } from "../../diagnostics/nearest.js";
import { counted } from "../../diagnostics/numbers.js";
import { finding, type Details, type Diagnostic } from "../../diagnostics/diagnostic.js";
import type { SourceFile, Span } from "../../source/source.js";
import type { ConfigCode } from "./codes.js";
import type { WrittenConfig } from "./config.js";
import { configSchema } from "./schema.js";

export type ConfigReading =
  | { readonly config: WrittenConfig; readonly root: Node; readonly diagnostics: readonly [] }
  | { readonly config?: undefined; readonly diagnostics: readonly Diagnostic[] };

const validate = new Ajv({
  allErrors: true,
  strict: true,
  verbose: true,
  keywords: ["allowTrailingCommas"],
}).compile(configSchema());

/** The configuration that a file's text is, or everything that is wrong with it. */
export function readConfig(file: SourceFile): ConfigReading {
  const deep = tooDeep(file);
  if (deep) return { diagnostics: [deep] };
  const faults: ParseError[] = [];
  const root = parseTree(file.text, faults, { allowTrailingComma: true });
  const [fault] = faults;
  if (root === undefined || fault) return { diagnostics: [syntaxFault(file, fault)] };
  const twice = repeatedKeys(file, root);
  const value: unknown = getNodeValue(root);
  if (!validate(value)) {
    const told = meant(validate.errors ?? []).map((error) => describe(file, root, error));
    return { diagnostics: [...twice, ...told].sort(byPlace) };
  }
  if (twice.length > 0) return { diagnostics: twice };
  return { config: value as WrittenConfig, root, diagnostics: [] };
}

/** How deep braces and brackets may be nested: deeper than any setting, and no deeper than they can be read. */
const nestingLimit = 64;

function tooDeep(file: SourceFile): Diagnostic | undefined {
  const scanner = createScanner(file.text, true);
  let depth = 0;
  // The token at the end is empty.
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const start = scanner.getTokenOffset();
    const sign = file.text.charAt(start);
    if (sign === "{" || sign === "[") depth++;
    if (sign === "}" || sign === "]") depth--;
    if (depth <= nestingLimit) continue;
    const message = `brackets are nested deeper than ${nestingLimit}, which is the limit`;
    return configFault("config-syntax", message, file.span(start, start + 1));
  }
  return undefined;
}

/** The place of a value in a configuration that has been read. */
export function spanAt(file: SourceFile, root: Node, path: readonly (string | number)[]): Span {
  return spanOf(file, findNodeAtLocation(root, [...path]) ?? root);
}

/** Something wrong with a configuration. */
export function configFault(
  code: ConfigCode,
  message: string,
  span: Span,
  details: Details = {},
): Diagnostic {
  return finding(code, "error", message, span, details);
}

const parseFaults: Readonly<Record<string, string>> = {
  InvalidSymbol: "this is no value: texts stand in double quotes",
  InvalidNumberFormat: "this is no number",
  PropertyNameExpected: "expected the name of a setting, in double quotes",
  ValueExpected: "expected a value",
  ColonExpected: "expected a colon",
  CommaExpected: "expected a comma",
  CloseBraceExpected: "expected a closing brace",
  CloseBracketExpected: "expected a closing bracket",
  EndOfFileExpected: "expected the end of the file",
  InvalidCommentToken: "this is no comment",
  UnexpectedEndOfComment: "this comment is never closed",
  UnexpectedEndOfString: "this text is not closed: its line ends before a second quote",
  InvalidUnicode: "this escape names no character",
  InvalidEscapeCharacter: "there is no such escape in a text",
  InvalidCharacter: "this character cannot stand in a text as it is",
};

function syntaxFault(file: SourceFile, fault: ParseError | undefined): Diagnostic {
  if (fault === undefined || file.text.trim() === "") {
    return configFault("config-syntax", "the file is empty", file.span(0, 0), {
      help: "`{}` will do",
    });
  }
  const { error, offset, length } = fault;
  const name = printParseErrorCode(error);
  const start = Math.min(offset, file.text.length);
  return configFault("config-syntax", parseFaults[name] ?? name, file.span(start, start + length));
}

/** Settings that stand twice in one object: the second would silently win. */
function repeatedKeys(file: SourceFile, node: Node): readonly Diagnostic[] {
  const inner = (node.children ?? []).flatMap((each) => repeatedKeys(file, each));
  if (node.type !== "object") return inner;
  const seen = new Map<string, Node>();
  const twice = (node.children ?? []).flatMap(({ children: [key] = [] }): Diagnostic[] => {
    if (key === undefined) return [];
    const first = seen.get(String(key.value));
    if (first === undefined) {
      seen.set(String(key.value), key);
      return [];
    }
    const related = [{ span: spanOf(file, first), text: "set here first" }];
    const message = `\`${String(key.value)}\` is set twice`;
    return [configFault("config-setting", message, spanOf(file, key), { related })];
  });
  return [...twice, ...inner];
}

/** Ajv tells of every branch of an alternative; what counts is the branch that the value is of. */
function meant(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const alternatives = errors.filter(({ keyword }) => keyword === "anyOf");
  const branchesOf = (error: ErrorObject) =>
    alternatives.flatMap((alternative) => {
      const { schemaPath, instancePath } = alternative;
      if (!error.schemaPath.startsWith(`${schemaPath}/`)) return [];
      if (!error.instancePath.startsWith(instancePath)) return [];
      const [number = ""] = error.schemaPath.slice(schemaPath.length + 1).split("/");
      return [{ alternative, branch: `${schemaPath}/${number}/` }];
    });
  const isOther = (error: ErrorObject): boolean =>
    branchesOf(error).some(({ alternative, branch }) =>
      errors.some(
        ({ keyword, schemaPath, instancePath }) =>
          keyword === "type" &&
          schemaPath === `${branch}type` &&
          instancePath === alternative.instancePath,
      ),
    );
  const ofBranches = errors.filter((error) => error.keyword !== "anyOf" && !isOther(error));
  // Which words there are says more than that it must be a text.
  const hasWords = ({ instancePath }: ErrorObject): boolean =>
    ofBranches.some((each) => each.keyword === "enum" && each.instancePath === instancePath);
  return errors.filter((error) => {
    if (error.keyword === "type" && hasWords(error)) return false;
    if (error.keyword !== "anyOf") return ofBranches.includes(error);
    // The alternative itself is told of only where no branch is of the value's kind.
    return !ofBranches.some((each) =>
      branchesOf(each).some(({ alternative }) => alternative === error),
    );
  });
}

function describe(file: SourceFile, root: Node, error: ErrorObject): Diagnostic {
  const path = pathOf(error.instancePath);
  const node = findNodeAtLocation(root, path) ?? root;
  if (error.keyword === "additionalProperties") return unknownKey(file, node, path, error);
  const name = path.findLast((part) => typeof part === "string") ?? "the configuration";
  const span = spanOf(file, node);
  if (error.keyword === "required") {
    const { missingProperty } = error.params as { missingProperty: string };
    return configFault("config-setting", `this has no \`${missingProperty}\``, span);
  }
  const expected = expectation(error);
  const written = file.text.slice(span.start, span.end).replace(/\s+/g, " ");
  const shown = written.length > 30 ? `${written.slice(0, 29)}…` : written;
  const message = `\`${name}\` must be ${expected}, not ${shown}`;
  const words = (error.params as { allowedValues?: readonly string[] }).allowedValues;
  const near = words && typeof node.value === "string" ? nearest(node.value, words) : undefined;
  const isRule = error.keyword === "anyOf" && path.at(-2) === "rules";
  const help = near !== undefined ? correction(span, near) : isRule ? ruleForms : undefined;
  return configFault("config-setting", message, span, help ? { help } : {});
}

/** What a rule may be set to, for those who know it otherwise from other linters. */
const ruleForms = {
  text: 'write a level, such as "error", or { "severity": "error", "options": { … } }',
};

function correction(span: Span, near: string) {
  return { text: `did you mean "${near}"?`, edits: [{ span, text: JSON.stringify(near) }] };
}

function unknownKey(
  file: SourceFile,
  node: Node,
  path: readonly (string | number)[],
  { params, parentSchema }: ErrorObject,
): Diagnostic {
  const name = String((params as { additionalProperty: string }).additionalProperty);
  const property = node.children?.find(({ children: [key] = [] }) => key?.value === name);
  const span = spanOf(file, property?.children?.[0] ?? node);
  const known = Object.keys((parentSchema as { properties?: object }).properties ?? {});
  const isRule = path.at(-1) === "rules";
  const near = nearest(name, known);
  const all = `there ${known.length === 1 ? "is" : "are"} ${known.map((each) => `\`${each}\``).join(", ")}`;
  const rules = /^R\d{4}$/.test(name)
    ? "errors of the compiler have no level: they always hold"
    : "`resnetc lint --list-rules` lists them";
  const help = near !== undefined ? correction(span, near) : { text: isRule ? rules : all };
  return isRule
    ? configFault("config-rule", `there is no rule named \`${name}\``, span, { help })
    : configFault("config-setting", `there is no setting \`${name}\` here`, span, { help });
}

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object in braces",
};

function expectation({ keyword, params, schema, parentSchema }: ErrorObject): string {
  const kind = kinds[String((parentSchema as { type?: string }).type)] ?? "a value";
  switch (keyword) {
    case "type":
      return kinds[String((params as { type: unknown }).type)] ?? String(schema);
    case "enum":
      return oneOf((params as { allowedValues: readonly string[] }).allowedValues);
    case "minimum":
      return `${kind} of at least ${String(schema)}`;
    case "maximum":
      return `${kind} of at most ${String(schema)}`;
    case "minItems":
      return `a list of at least ${counted(Number(schema), "item")}`;
    case "minLength":
      return "a text with something in it";
    case "uniqueItems":
      return "a list in which nothing stands twice";
    case "anyOf":
      return alternativesOf(schema as readonly { type: string }[]);
    default:
      return `valid by the schema (${keyword})`;
  }
}

function alternativesOf(branches: readonly { readonly type: string }[]): string {
  return branches.map(({ type }) => kinds[type] ?? type).join(" or ");
}

function oneOf(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return enumerated(quoted, "or");
}

/** A JSON pointer as the steps of a path. */
function pathOf(pointer: string): (string | number)[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function spanOf(file: SourceFile, { offset, length }: Node): Span {
  return file.span(offset, offset + length);
}

function byPlace(one: Diagnostic, other: Diagnostic): number {
  return (one.span?.start ?? 0) - (other.span?.start ?? 0);
}
