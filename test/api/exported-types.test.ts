/** Whatever a call of the API takes or gives has a name that a program can import. */
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Types that are reached from what the entry exports and that it does not export, each with what leads there. */
function unnamed(entry: string): readonly string[] {
  const { config } = ts.readConfigFile(
    join(root, "tsconfig.json"),
    ts.sys.readFile.bind(ts.sys),
  ) as {
    readonly config: { readonly compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([entry], { ...options, noEmit: true, types: ["node"] });
  const checker = program.getTypeChecker();
  const original = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const file = program.getSourceFile(entry);
  const entrySymbol = file && checker.getSymbolAtLocation(file);
  if (entrySymbol === undefined) throw new Error(`${entry} is no module`);
  const exported = new Set(checker.getExportsOfModule(entrySymbol).map(original));
  const found = new Set<string>();
  for (const symbol of exported) {
    for (const [type, of] of referred(symbol, checker)) {
      const target = original(type);
      if (!exported.has(target) && isNameable(target, checker))
        found.add(`${target.name} of ${of}`);
    }
  }
  return [...found];
}

/** What the signature of a declaration refers to. Bodies, values and private members are its own affair. */
function referred(symbol: ts.Symbol, checker: ts.TypeChecker): readonly [ts.Symbol, string][] {
  const found: [ts.Symbol, string][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node) || ts.isHeritageClause(node) || isPrivate(node)) return;
    if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) {
      if (node.type) visit(node.type);
      return;
    }
    if (ts.isTypeReferenceNode(node)) {
      const type = checker.getSymbolAtLocation(node.typeName);
      if (type) found.push([type, symbol.name]);
    }
    ts.forEachChild(node, visit);
  };
  for (const declaration of symbol.declarations ?? []) visit(declaration);
  return found;
}

function isPrivate(node: ts.Node): boolean {
  if (!ts.isClassElement(node)) return false;
  if (node.name && ts.isPrivateIdentifier(node.name)) return true;
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0;
}

/** Whether a type is one that a file of the project offers to others. */
function isNameable(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const file = symbol.declarations?.[0]?.getSourceFile();
  if (file === undefined || !file.fileName.startsWith(join(root, "src"))) return false;
  const module = checker.getSymbolAtLocation(file);
  return module !== undefined && checker.getExportsOfModule(module).includes(symbol);
}

test("every type that the API speaks of is exported", () => {
  expect(unnamed(join(root, "src/index.ts"))).toEqual([]);
}, 60_000);
