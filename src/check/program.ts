/**
 * Loads a file and all that it imports, each file once, and gives every file the names that it can
 * see. Circles of imports are reported and cut.
 */
import { Collector, diagnostic } from "../diagnostics/diagnostic.js";
import { isWrittenOperation } from "../ops/registry.js";
import type { SourceFile, Span } from "../source/source.js";
import type {
  BlockDeclaration,
  Declaration,
  ImportDeclaration,
  InstanceDeclaration,
  Name,
  NetworkDeclaration,
  SourceComment,
  TrainDeclaration,
} from "../syntax/ast.js";
import { lex, spanOf } from "../syntax/lexer.js";
import { parse, type Parsed } from "../syntax/parse.js";
import type { SourceHost } from "./host.js";
import { shippedInstead } from "./imports.js";
import { meantDeclarations, misspeltForImport } from "./misspelt-declarations.js";
import { nearest } from "../diagnostics/nearest.js";
import { suggestion } from "./suggestion.js";

export type NamedDeclaration = BlockDeclaration | NetworkDeclaration | InstanceDeclaration;

/** A declaration and the file whose names it sees. */
export interface Binding {
  readonly declaration: NamedDeclaration;
  readonly unit: Unit;
  /** Where the file imports it, if it does. */
  readonly imported?: Span;
}

/** One file of the program. */
export interface Unit {
  readonly file: SourceFile;
  readonly declarations: readonly Declaration[];
  readonly comments: readonly SourceComment[];
  /** Blocks and networks by the name that this file calls them. */
  readonly names: ReadonlyMap<string, Binding>;
  /** Names that are known to be missing: asking for them is no further mistake. */
  readonly lost: ReadonlySet<string>;
}

export interface Program {
  readonly entry: Unit;
  /** Every file once, imported ones before those that import them. */
  readonly units: readonly Unit[];
}

const whereImportsAre =
  "a path is relative to the file that it stands in; what begins with `std/` ships with the compiler";

/** How deep files may import files. */
export const importDepthLimit = 200;

/** Reads the syntax of one file. */
export type ParseFile = (file: SourceFile) => Parsed;

/** Loads `path`. @returns undefined where the file itself cannot be read. */
export function loadProgram(
  path: string,
  host: SourceHost,
  found: Collector,
  parseFile: ParseFile = parse,
): Program | undefined {
  const read = host.read(path);
  if (read.problem) {
    found.add(read.problem);
    return undefined;
  }
  const loader = new Loader(host, found, parseFile);
  const entry = loader.load(path, read.file, []);
  return { entry, units: loader.order };
}

class Loader {
  readonly order: Unit[] = [];
  readonly #units = new Map<string, Unit>();

  constructor(
    private readonly host: SourceHost,
    private readonly found: Collector,
    private readonly parseFile: ParseFile,
  ) {}

  load(path: string, file: SourceFile, importers: readonly string[]): Unit {
    const known = this.#units.get(path);
    if (known) return known;
    const { unit, diagnostics, lost } = this.parseFile(file);
    for (const problem of diagnostics) this.found.add(problem);
    const names = new Map<string, Binding>();
    const missing = new Set([...lost, ...gluedNames(file, lost)]);
    const meant = new Map<string, Binding>();
    const declarations: Declaration[] = [];
    const { comments } = unit;
    const loaded: Unit = { file, declarations, comments, names, lost: missing };
    for (const declaration of unit.declarations) {
      if (declaration.kind !== "import") continue;
      this.#import(declaration, { path, loaded, names, missing, meant, importers });
    }
    const texts = this.order.map((each) => each.file.text);
    const reading = meantDeclarations(file, unit.declarations, missing, texts);
    for (const problem of reading.findings) this.found.add(problem);
    for (const [index, declaration] of reading.declarations.entries()) {
      declarations.push(declaration);
      if (declaration.kind === "import") meantAliases(names, unit.declarations[index], declaration);
      if (declaration.kind !== "import" && declaration.kind !== "train") {
        this.#declare(names, declaration.name, { declaration, unit: loaded });
      }
    }
    for (const [name, binding] of meant) if (!names.has(name)) names.set(name, binding);
    this.#checkTrainNames(declarations);
    this.#units.set(path, loaded);
    this.order.push(loaded);
    return loaded;
  }

  #declare(names: Map<string, Binding>, name: Name, binding: Binding): void {
    if (isWrittenOperation(name.text)) {
      const help = `give it another name, such as \`${name.text[0]?.toUpperCase()}${name.text.slice(1)}\``;
      this.found.add(diagnostic("R0216", name.span, { name: name.text }, { help }));
    }
    const first = names.get(name.text);
    if (first === undefined) {
      names.set(name.text, binding);
      return;
    }
    const related = [
      first.imported
        ? { span: first.imported, text: "imported here first" }
        : { span: first.declaration.name.span, text: "declared here first" },
    ];
    this.found.add(diagnostic("R0202", name.span, { name: name.text }, { related }));
  }

  #checkTrainNames(declarations: readonly Declaration[]): void {
    const seen = new Map<string, TrainDeclaration>();
    for (const declaration of declarations) {
      if (declaration.kind !== "train") continue;
      const { name } = declaration;
      const first = seen.get(name.text);
      if (first) {
        const related = [{ span: first.name.span, text: "declared here first" }];
        this.found.add(diagnostic("R0202", name.span, { name: name.text }, { related }));
      } else seen.set(name.text, declaration);
    }
  }

  #import(declaration: ImportDeclaration, into: Importing): void {
    const target = this.host.resolve(declaration.from.value, into.path);
    const path = [...into.importers, into.path];
    const lose = (): void => {
      for (const { name, alias } of declaration.names) into.missing.add((alias ?? name).text);
    };
    if (path.includes(target)) {
      const circle = [...path.slice(path.indexOf(target)), target].join(" -> ");
      this.found.add(diagnostic("R0203", declaration.from.span, { path: circle }));
      return lose();
    }
    if (path.length > importDepthLimit) {
      const holes = { what: "the depth of imports", value: path.length, limit: importDepthLimit };
      this.found.add(diagnostic("R0602", declaration.from.span, holes));
      return lose();
    }
    const imported = this.#fetch(target, declaration, path);
    if (imported === undefined) return lose();
    for (const { name, alias } of declaration.names) {
      const binding = imported.names.get(name.text);
      const own = alias ?? name;
      if (binding) this.#declare(into.names, own, { ...binding, imported: own.span });
      else if (imported.lost.has(name.text)) into.missing.add(own.text);
      else this.#notDeclared({ name, own, imported, into });
    }
  }

  /** A name that the file does not declare; what was meant is taken, so that its use says no more. */
  #notDeclared({ name, own, imported, into }: Misspelt): void {
    const holes = { name: name.text, path: imported.file.path };
    const known = this.found.isFlooded ? [] : [...imported.names.keys()];
    const help = suggestion(name, known);
    const meant = nearest(name.text, known);
    const binding = meant === undefined ? undefined : imported.names.get(meant);
    if (meant === undefined || binding === undefined || help === undefined) {
      into.missing.add(own.text);
      this.found.add(diagnostic("R0204", name.span, holes, help ? { help } : {}));
      return;
    }
    // With an alias it is called by that; else every use has the name that is wrong.
    const spans = own === name ? usesIn(into.loaded.file, name) : [name.span];
    const edits = spans.map((span) => ({ span, text: meant }));
    const { declaration, unit } = binding;
    const inIts =
      unit === imported && misspeltForImport(declaration, name.text, spans, unit.declarations);
    const found = diagnostic("R0204", name.span, holes, { help: { ...help, edits } });
    this.found.add(inIts || found);
    for (const each of [own.text, ...(own === name ? [meant] : [])]) {
      into.meant.set(each, { ...binding, imported: own.span });
    }
  }

  #fetch(
    target: string,
    declaration: ImportDeclaration,
    path: readonly string[],
  ): Unit | undefined {
    const known = this.#units.get(target);
    if (known) return known;
    const { file, problem } = this.host.read(target);
    if (file) return this.load(target, file, path);
    const missing = problem.code === "R0001";
    const shipped = missing ? shippedInstead(declaration.from) : undefined;
    const help = shipped ?? problem.help ?? (missing ? { text: whereImportsAre } : undefined);
    this.found.add({ ...problem, span: declaration.from.span, ...(help && { help }) });
    return undefined;
  }
}

interface Misspelt {
  readonly name: Name;
  readonly own: Name;
  readonly imported: Unit;
  readonly into: Importing;
}

interface Importing {
  readonly path: string;
  readonly loaded: Unit;
  readonly names: Map<string, Binding>;
  readonly missing: Set<string>;
  /** What misspelt imports meant, for names that nothing else declares. */
  readonly meant: Map<string, Binding>;
  readonly importers: readonly string[];
}

/** What is imported under a misspelt alias is called by the one that was meant as well. */
function meantAliases(
  names: Map<string, Binding>,
  written: Declaration | undefined,
  meant: ImportDeclaration,
): void {
  if (written?.kind !== "import") return;
  for (const [index, { alias }] of written.names.entries()) {
    const binding = alias && names.get(alias.text);
    const own = meant.names[index]?.alias;
    if (binding && own && !names.has(own.text)) names.set(own.text, binding);
  }
}

/** Every place of a file where a name stands. */
function usesIn(file: SourceFile, { text }: Name): readonly Span[] {
  const { tokens } = lex(file);
  return tokens.filter(({ image }) => image === text).map((token) => spanOf(file, token));
}

/** Names that run into others in what could not be read, as where the bracket between them is gone. */
function gluedNames({ text }: SourceFile, lost: ReadonlySet<string>): readonly string[] {
  if (lost.size === 0) return [];
  const words = new Set(Array.from(text.matchAll(/\b[A-Z]\w*/g), ([word]) => word));
  return [...words].filter((word) => [...lost].some((each) => each.startsWith(word)));
}
