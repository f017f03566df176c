import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { exportModel } from "../../src/index.js";
import { buildPackage, repository, spec } from "../cli/built-command.js";
import { temporaryFolder } from "../train/temporary-folder.js";

const built = buildPackage({ types: true });

/** A project of its own that has the package installed. */
async function consumer(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "node_modules"));
  await symlink(built, join(folder, "node_modules", "resnetc"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  return folder;
}

const program = (quickstart: string): string => `
import {
  check, compile, diagram, docs, engines, evaluate, exportModel, predict, SpecError, summary, train,
  UsageError, type CheckReport, type Docs, type EpochRecord, type RunEvent, type Summary,
} from "resnetc";

const quick: string = ${JSON.stringify(quickstart)};
const report: CheckReport = check(quick);
const table: Summary = summary(quick);
const picture: string = diagram(quick, { format: "dot" });
const { pages, notes }: Docs = await docs([quick], { folder: "pages" });
const files = await compile(quick, { folder: "out", seed: 1 });
const model = await exportModel(quick, { path: "out/quick.onnx", layout: "nhwc" });
const epochs: EpochRecord[] = [];
const data = "shapes(size: 32, classes: 4, train: 64, validation: 16)";
const result = await train(quick, {
  data,
  recipe: { epochs: 1, batch: 16, "optimizer.rate": 0.05 },
  folder: "run",
  engine: "wasm",
  onEvent: (event: RunEvent) => { if (event.kind === "epoch") epochs.push(event.record); },
});
const evaluation = await evaluate(quick, { folder: "run" });
const predictions: string[] = [];
for await (const { file, error } of predict(["none.png"], { folder: "run" })) {
  predictions.push(\`\${file}: \${error?.name}\`);
}
const text = \`network Wrong {
  input 8x8x3
  stem { conv 3x3, 4 }
  stage body: 1 x Block(8)
  head classify { globalavgpool -> dense 2 }
}
block Block(width) { residual { conv 3x3, width } shortcut identity }\`;
const { SourceFile, NodeHost } = await import("resnetc");
const real = new NodeHost();
const host = {
  resolve: (specifier: string, importer: string) => real.resolve(specifier, importer),
  read: () => ({ file: new SourceFile("wrong.resnet", text) }),
  locate: (path: string) => path,
};
const errors: string[] = [];
try {
  summary("wrong.resnet", { host });
} catch (error) {
  if (error instanceof SpecError) errors.push(...error.diagnostics.map(({ code }) => code));
}
try {
  summary(\`\${quick}#Quack\`);
} catch (error) {
  if (error instanceof UsageError) errors.push(error.help ?? "");
}
const { auto } = await engines();
console.log(JSON.stringify({
  ok: report.ok,
  networks: report.networks.map(({ name, parameters }) => ({ name, parameters })),
  rows: table.rows.map(({ name }) => name),
  picture: picture.split(" ")[0],
  pages: pages.map(({ name }) => name),
  notes,
  files: files.files.map(({ path }) => path),
  inputs: model.inputs,
  outcome: result.outcome,
  epochs: epochs.length,
  images: evaluation.images,
  predictions,
  errors,
  auto: typeof auto.name,
}));
`;

const require = createRequire(import.meta.url);

/** Type-checks TypeScript files of a folder, strictly, and writes their JavaScript beside them. */
function compileTypeScript(folder: string, ...files: string[]): void {
  const types = join(require.resolve("@types/node/package.json"), "..", "..");
  typescript(folder, "--skipLibCheck", "--types", "node", "--typeRoots", types, ...files);
}

function typescript(folder: string, ...given: string[]): void {
  const compiler = require.resolve("typescript/bin/tsc");
  const options = ["--module", "NodeNext", "--target", "ES2022", "--strict"];
  execFileSync(process.execPath, [compiler, ...options, ...given], {
    cwd: folder,
    stdio: "inherit",
  });
}

test("its types name nothing that a program must install types for", async () => {
  const folder = await consumer();
  await writeFile(join(folder, "types.ts"), 'export * from "resnetc";\n');
  // As installed, not beside the types that the package is made with.
  typescript(folder, "--noEmit", "--preserveSymlinks", "--lib", "es2023,dom", "types.ts");
});

/**
 * The types of the package that its functions are called with, in their parameters and in the options there, and that
 * its entry does not export.
 */
function typesKeptBack(entry: string): readonly string[] {
  const program = ts.createProgram([entry], { module: ts.ModuleKind.NodeNext, strict: true });
  const checker = program.getTypeChecker();
  const meant = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  const given = new Set((module ? checker.getExportsOfModule(module) : []).map(meant));
  const kept = new Set<string>();
  const looked = new Set<ts.Symbol>();
  const look = (node: ts.Node): void => {
    ts.forEachChild(node, look);
    const isBase = ts.isExpressionWithTypeArguments(node);
    if (!isBase && !ts.isTypeReferenceNode(node)) return;
    const symbol = checker.getSymbolAtLocation(isBase ? node.expression : node.typeName);
    if (symbol === undefined) return;
    const type = meant(symbol);
    const own = (type.declarations ?? []).filter(
      (each) =>
        each.getSourceFile().fileName.startsWith(dirname(entry)) &&
        !ts.isTypeParameterDeclaration(each),
    );
    if (own.length > 0 && !isBase && !given.has(type)) kept.add(type.name);
    if (looked.has(type) || !(isBase || type.name.endsWith("Options"))) return;
    looked.add(type);
    for (const each of own) ts.forEachChild(each, look);
  };
  const functions = [...given].flatMap(({ declarations = [] }) =>
    declarations.filter(ts.isFunctionDeclaration),
  );
  expect(functions.length).toBeGreaterThan(20);
  for (const { parameters } of functions) parameters.forEach(look);
  return [...kept];
}

test("every type that its functions are called with has a name to import", () => {
  expect(typesKeptBack(join(realpathSync(built), "dist", "types", "index.d.ts"))).toEqual([]);
});

test("a program that has the package installed type-checks and runs", async () => {
  const folder = await consumer();
  const source = program(spec("quickstart.resnet"));
  await writeFile(join(folder, "program.ts"), source);
  compileTypeScript(folder, "program.ts");
  const output = execFileSync(process.execPath, ["program.js"], { cwd: folder, encoding: "utf8" });
  expect(JSON.parse(output)).toEqual({
    ok: true,
    networks: [{ name: "Quick", parameters: 77_652 }],
    rows: ["input", "stem", "conv2", "conv3", "conv4", "classify"],
    picture: "digraph",
    pages: ["index.html", "quickstart.html", "std-blocks.html"],
    notes: [],
    files: ["group1-shard1of1.bin", "graph.json", "model.json"].map((name) => join("out", name)),
    inputs: [{ name: "images", dims: ["N", 32, 32, 3] }],
    outcome: "finished",
    epochs: 1,
    images: 16,
    predictions: ["none.png: DataError"],
    errors: ["R0301", "did you mean Quick?"],
    auto: "string",
  });
  expect(await readFile(join(folder, "pages", "quickstart.html"), "utf8")).toContain("Quick");
});

/** The programs that the README and the page of pictures show. */
async function readmePrograms(): Promise<string[]> {
  const pages = ["README.md", join("docs", "diagram.md")];
  const texts = pages.map((page) => readFile(join(repository, page), "utf8"));
  const text = (await Promise.all(texts)).join("\n");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, program = ""]) => program);
}

test("the programs of the README type-check, and the one that asks a network runs", async () => {
  const folder = await consumer();
  const programs = await readmePrograms();
  const names = programs.map((_, index) => `readme${index}.ts`);
  for (const [index, name] of names.entries()) {
    await writeFile(join(folder, name), programs[index] ?? "");
  }
  compileTypeScript(folder, ...names);
  await symlink(join(repository, "specs"), join(folder, "specs"));
  const weights = join(folder, "resnet50.safetensors");
  const resnet50 = spec("resnet50.resnet");
  await exportModel(resnet50, { to: "safetensors", names: "torchvision", path: weights });
  const asking = programs.findIndex((program) => program.includes("loadNetwork"));
  const output = execFileSync(process.execPath, [`readme${asking}.js`], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(output).toMatch(/^\[ 1, 1000 \] Float32Array\(1000\) \[/);
});
