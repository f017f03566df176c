/** Completion of imports: paths, the names behind them, and the import that a name needs which is not imported yet. */
import { posix } from "node:path";
import type { TextEdit } from "vscode-languageserver";
import { importEdit as editOfImport } from "../../../check/imports.js";
import type { NamedDeclaration } from "../../../check/program.js";
import { rangeOf } from "../../project/positions.js";
import type { CompletionContext } from "./context.js";
import { CompletionItemKind, type Offer } from "./items.js";

/** A declaration of another file, and the path by which it is imported. */
export interface Importable {
  readonly declaration: NamedDeclaration;
  readonly specifier: string;
}

/** The import paths that can be written in a file: what ships with the compiler, then the project's own. */
function importPaths({ project, unit, standard }: CompletionContext): readonly string[] {
  const own = unit.file.path;
  const shipped = new Set(standard.map((specifier) => project.host.resolve(specifier, own)));
  const others = project.paths.filter((path) => path !== own && !shipped.has(path) && isFile(path));
  return [...standard, ...(isFile(own) ? others.map((path) => relativePath(own, path)) : [])];
}

function isFile(path: string): boolean {
  return !/^[A-Za-z][A-Za-z0-9+.-]+:/.test(path);
}

function relativePath(from: string, to: string): string {
  const slashes = (path: string): string => path.replaceAll("\\", "/");
  const path = posix.relative(posix.dirname(slashes(from)), slashes(to)).replace(/\.resnet$/, "");
  return path.startsWith(".") ? path : `./${path}`;
}

/** Blocks and networks of other files that the file does not see yet. */
export function importable(context: CompletionContext): readonly Importable[] {
  const { project, unit } = context;
  const found = new Map<string, Importable>();
  for (const specifier of importPaths(context)) {
    const other = project.unit(project.host.resolve(specifier, unit.file.path));
    for (const declaration of other?.declarations ?? []) {
      if (declaration.kind === "import" || declaration.kind === "train") continue;
      const name = declaration.name.text;
      if (unit.names.has(name) || found.has(name)) continue;
      found.set(name, { declaration, specifier });
    }
  }
  return [...found.values()];
}

/** The edit that imports a name. */
export function importEdit(
  { project, unit }: CompletionContext,
  name: string,
  specifier: string,
): TextEdit {
  const resolve = project.host.resolve.bind(project.host);
  const { span, text } = editOfImport(unit, name, specifier, resolve);
  return { range: rangeOf(span), newText: text };
}

/** Paths, inside the quotes. */
export function offerPaths(context: CompletionContext): readonly Offer[] {
  const { path } = context.cursor;
  return importPaths(context).map((label) => ({
    label,
    kind: CompletionItemKind.File,
    ...(path && { from: path.start }),
    ...(!path && { plain: `"${label}"` }),
    rank: label.startsWith("std/") ? 1 : 2,
  }));
}

/** Names, in the braces of an import: of the file that its path means, or of every file while it has none. */
export function offerImportedNames(context: CompletionContext): readonly Offer[] {
  const { project, unit, offset } = context;
  const rest = /^[^{}\n]*\}\s*from\s*"([^"\r\n]*)"/.exec(unit.file.text.slice(offset));
  const specifier = rest?.[1];
  if (specifier === undefined) {
    return importable(context).map(({ declaration, specifier: from }) => ({
      ...offerDeclaration(declaration),
      detail: `from "${from}"`,
    }));
  }
  const target = project.unit(project.host.resolve(specifier, unit.file.path));
  return (target?.declarations ?? []).flatMap((declaration) =>
    declaration.kind === "import" || declaration.kind === "train"
      ? []
      : [offerDeclaration(declaration)],
  );
}

function offerDeclaration({ kind, name, docs }: NamedDeclaration): Offer {
  const isBlock = kind === "block";
  const item = isBlock ? CompletionItemKind.Function : CompletionItemKind.Class;
  return { label: name.text, kind: item, docs };
}
