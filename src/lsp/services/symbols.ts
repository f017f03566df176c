/** The outline of a document, and the declarations of the whole project by name. */
import {
  SymbolKind,
  type DocumentSymbol,
  type SymbolInformation,
  type WorkspaceSymbol,
} from "vscode-languageserver";
import { printedIn } from "./shape-text.js";
import { textOf, type Span } from "../../source/source.js";
import type { Declaration, NetworkItem, Setting } from "../../syntax/ast.js";
import type { Locations } from "../project/locations.js";
import { rangeOf } from "../project/positions.js";
import type { Project } from "../project/project.js";

/** How many symbols of the project are listed. */
const symbolsShown = 500;

const kinds = {
  block: SymbolKind.Function,
  network: SymbolKind.Class,
  instance: SymbolKind.Class,
  train: SymbolKind.Event,
} as const;

/** The outline: declarations with their stages, heads and settings. */
export function documentSymbols(project: Project, path: string): readonly DocumentSymbol[] {
  const unit = project.unit(path);
  if (unit === undefined) return [];
  return unit.declarations.flatMap((declaration) => {
    if (declaration.kind === "import") return [];
    const { name, kind, span } = declaration;
    const children = childrenOf(project, declaration);
    const detail = detailOf(declaration);
    return [symbol(name.text, kinds[kind], span, name.span, detail, children)];
  });
}

function symbol(
  name: string,
  kind: SymbolKind,
  span: Span,
  selection: Span,
  detail: string,
  children: DocumentSymbol[] = [],
): DocumentSymbol {
  const ranges = { range: rangeOf(span), selectionRange: rangeOf(selection) };
  return { name, kind, detail, ...ranges, ...(children.length > 0 && { children }) };
}

function oneLine(span: Span): string {
  const text = textOf(span).replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function detailOf(declaration: Exclude<Declaration, { kind: "import" }>): string {
  switch (declaration.kind) {
    case "instance":
      return oneLine(declaration.call.span);
    case "train":
      return `for ${declaration.network.text}`;
    default:
      return declaration.parameters.map(({ name }) => name.text).join(", ");
  }
}

function childrenOf(project: Project, declaration: Declaration): DocumentSymbol[] {
  if (declaration.kind === "network") {
    return declaration.items.flatMap((item) => itemSymbol(project, item) ?? []);
  }
  return declaration.kind === "train" ? declaration.settings.map(settingSymbol) : [];
}

function itemSymbol(project: Project, item: NetworkItem): DocumentSymbol | undefined {
  const { span } = item;
  const shape = (at: Span): string => {
    if (!project.isQuick(at.file.path)) return "";
    const [first] = project.passages(at);
    return first ? printedIn(first, first.passage.after) : "";
  };
  const word = (length: number): Span => span.file.span(span.start, span.start + length);
  switch (item.kind) {
    case "input":
      return symbol(
        "input",
        SymbolKind.Field,
        span,
        word("input".length),
        oneLine(item.shape.span),
      );
    case "stem":
      return symbol("stem", SymbolKind.Field, span, word("stem".length), shape(item.chain.span));
    case "stage": {
      const detail = [oneLine(item.step.span), shape(span)].filter((each) => each !== "");
      return symbol(item.name.text, SymbolKind.Field, span, item.name.span, detail.join(": "));
    }
    case "head": {
      const name = item.name?.text ?? "head";
      const at = item.name?.span ?? word("head".length);
      return symbol(name, SymbolKind.Field, span, at, shape(item.chain.span));
    }
    case "step": {
      const { label } = item.step;
      return label && symbol(label.text, SymbolKind.Field, span, label.span, shape(span));
    }
    case "expect":
      return undefined;
  }
}

function settingSymbol({ key, value, span }: Setting): DocumentSymbol {
  return symbol(key.text, SymbolKind.Property, span, key.span, oneLine(value.span));
}

/** The outline without levels, for editors that show none. */
export function flatSymbols(
  symbols: readonly DocumentSymbol[],
  uri: string,
  container?: string,
): SymbolInformation[] {
  return symbols.flatMap(({ name, kind, range, children }) => [
    {
      name,
      kind,
      location: { uri, range },
      ...(container !== undefined && { containerName: container }),
    },
    ...flatSymbols(children ?? [], uri, name),
  ]);
}

/** The declarations of the project whose names have the letters of a query, in order. */
export function workspaceSymbols(
  project: Project,
  locations: Locations,
  query: string,
): readonly WorkspaceSymbol[] {
  const found: WorkspaceSymbol[] = [];
  for (const path of project.paths) {
    for (const declaration of project.unit(path)?.declarations ?? []) {
      if (declaration.kind === "import" || !hasLetters(declaration.name.text, query)) continue;
      const { name, kind } = declaration;
      const location = { uri: locations.uriOf(path), range: rangeOf(name.span) };
      found.push({ name: name.text, kind: kinds[kind], location, containerName: path });
      if (found.length >= symbolsShown) return found;
    }
  }
  return found;
}

function hasLetters(name: string, query: string): boolean {
  let next = 0;
  for (const letter of name.toLowerCase()) {
    if (letter === query.charAt(next).toLowerCase()) next++;
  }
  return next >= query.length;
}
