import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  CancellationTokenSource,
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  DocumentFormattingRequest,
  DocumentRangeFormattingRequest,
  DocumentSymbolRequest,
  HoverRequest,
  InlayHintRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SemanticTokensRequest,
  SignatureHelpRequest,
  WorkspaceSymbolRequest,
  type CodeAction,
  type CompletionItem,
  type Diagnostic,
  type MarkupContent,
  type Position,
  type PublishDiagnosticsParams,
  type WorkspaceFoldersChangeEvent,
} from "vscode-languageserver-protocol";
import { buildPackage, repository } from "../cli/built-command.js";
import { applyTextEdits } from "./applied.js";
import { commandIn, Editor, type EditorOptions } from "./editor.js";

let command = "";
const editors: Editor[] = [];
const folders: string[] = [];

beforeAll(() => {
  command = commandIn(buildPackage({ types: false }));
});
afterEach(() => {
  for (const editor of editors.splice(0)) {
    editor.connection.dispose();
    editor.child.kill();
  }
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function start(options: EditorOptions = {}): Promise<Editor> {
  const editor = new Editor(command, options);
  editors.push(editor);
  await editor.initialize();
  return editor;
}

function workspace(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "resnetc-lsp-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function uriIn(folder: string, name: string): string {
  return pathToFileURL(join(folder, name)).href;
}

async function hoverAt(editor: Editor, uri: string, position: Position): Promise<string> {
  const found = await editor.connection.sendRequest(HoverRequest.type, {
    textDocument: { uri },
    position,
  });
  return (found?.contents as MarkupContent | undefined)?.value ?? "";
}

/** The errors alone: rules of the linter may have something to say of any text. */
function errorsOf({ diagnostics }: PublishDiagnosticsParams): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 1);
}

const broken = `block Basic(width, stride = 1) {
  residual {
    conv 3x3, width, /stride -> batchnorm -> relu
    conv 3x3, width -> batchnorm
  }
  shortcut identity
  relu
}

network Net {
  input 32x32x3
  stem { conv 3x3, 16 -> batchnorm -> relu }
  stage conv2: 2 x Basic(16)
  stage conv3: 2 x Basic(32), /2
  head classify { globalavgpool -> dense 10 }
}
`;
const mended = broken.replace("shortcut identity", "shortcut project");

test("diagnostics come with their version and places, and clear when it is mended", async () => {
  const folder = workspace({ "net.resnet": broken });
  const editor = await start({ folder });
  const uri = uriIn(folder, "net.resnet");
  await editor.open(uri, broken, 1);
  const found = await editor.until(uri, (found) => errorsOf(found).length > 0);
  expect(found.version).toBe(1);
  expect(errorsOf(found)).toHaveLength(1);
  const [first] = errorsOf(found);
  expect(first).toMatchObject({
    code: "R0301",
    severity: 1,
    source: "resnetc",
    range: { start: { line: 5, character: 2 }, end: { line: 5, character: 19 } },
  });
  expect(first?.message).toContain("32x32x16 cannot be added to 16x16x32");
  expect(first?.message).toContain("help: `shortcut project`");
  const related = first?.relatedInformation ?? [];
  expect(related.map(({ message }) => message).join("\n")).toContain("halves 32x32 to 16x16");
  const called = related.find(({ message }) => message.includes("block 1 of 2 of stage conv3"));
  expect(called?.location).toMatchObject({ uri, range: { start: { line: 13 } } });
  await editor.change(uri, mended, 2);
  const after = await editor.until(uri, ({ version }) => version === 2);
  expect(errorsOf(after)).toEqual([]);
  expect(await editor.quit()).toBe(0);
});

test("hover tells the shape, the blocks before it and the receptive field", async () => {
  const editor = await start();
  const uri = "untitled:Untitled-1";
  await editor.open(uri, mended);
  const line = mended.split("\n").findIndex((each) => each.includes("stage conv3"));
  const text = await hoverAt(editor, uri, { line, character: 3 });
  expect(text).toContain("32x32x16 → **16x16x32**, after 4 blocks, receptive field 25");
});

test("an error in an imported file is shown in both, and a change there checks its importers", async () => {
  const [block = "", network = ""] = broken.split(/(?=network Net)/);
  const folder = workspace({ "blocks.resnet": block });
  const editor = await start({ folder });
  const [blocks, net] = [uriIn(folder, "blocks.resnet"), uriIn(folder, "net.resnet")];
  await editor.open(net, `import { Basic } from "./blocks"\n\n${network}`);
  const inBlocks = await editor.until(blocks, (found) => errorsOf(found).length > 0);
  expect(errorsOf(inBlocks)[0]).toMatchObject({ code: "R0301", range: { start: { line: 5 } } });
  const inNet = await editor.until(net, (found) => errorsOf(found).length > 0);
  expect(errorsOf(inNet)[0]).toMatchObject({ code: "R0301", range: { start: { line: 6 } } });
  expect(errorsOf(inNet)[0]?.relatedInformation?.[0]?.location.uri).toBe(blocks);
  // Mended in an open document that is not saved.
  await editor.open(blocks, block.replace("shortcut identity", "shortcut project"));
  await editor.until(net, (found) => errorsOf(found).length === 0);
  await editor.until(blocks, (found) => errorsOf(found).length === 0);
  // Closed without saving: the file itself counts again.
  await editor.close(blocks);
  await editor.until(net, (found) => errorsOf(found).length > 0);
  await editor.until(blocks, (found) => errorsOf(found).length > 0);
});

test("positions are those of the protocol in files with CRLF and signs beyond UTF-16's first plane", async () => {
  const editor = await start();
  const uri = "untitled:Untitled-2";
  const text = `// 𝛼𝛽\r\nnetwork Net { // 𝛾\r\n  input 8x8x3 // 𝛿\r\n  convv 3x3, 4\r\n  head h { globalavgpool }\r\n}\r\n`;
  await editor.open(uri, text);
  const found = await editor.until(uri, (found) => errorsOf(found).length > 0);
  expect(errorsOf(found)[0]).toMatchObject({
    code: "R0201",
    range: { start: { line: 3, character: 2 }, end: { line: 3, character: 7 } },
  });
});

test("one session: completion, signature, definition, rename over files, code action, symbols", async () => {
  const blocks = "/// A part.\nblock Part(width) { conv 3x3, width }\n";
  const folder = workspace({ "blocks.resnet": blocks });
  const editor = await start({ folder });
  const { connection } = editor;
  const [blocksUri, uri] = [uriIn(folder, "blocks.resnet"), uriIn(folder, "net.resnet")];
  const text = `import { Part } from "./blocks"

network Net {
  input 32x32x3
  stage a: 2 x Part(16)
  convv 3x3, 4
  head classify { globalavgpool -> dense 10 }
}
`;
  await editor.open(uri, text);
  const textDocument = { uri };
  const at = (line: number, character: number) => ({ textDocument, position: { line, character } });

  const completed = await connection.sendRequest(CompletionRequest.type, at(4, 15));
  expect((completed as CompletionItem[]).map(({ label }) => label)).toContain("Part");
  const signature = await connection.sendRequest(SignatureHelpRequest.type, at(4, 20));
  expect(signature?.signatures[0]?.label).toBe("Part(width)");
  const defined = await connection.sendRequest(DefinitionRequest.type, at(4, 17));
  expect(defined).toMatchObject([{ uri: blocksUri, range: { start: { line: 1, character: 6 } } }]);
  const standard = await connection.sendRequest(ReferencesRequest.type, {
    ...at(4, 17),
    context: { includeDeclaration: true },
  });
  expect(standard).toHaveLength(3);

  expect(await connection.sendRequest(PrepareRenameRequest.type, at(4, 17))).toMatchObject({
    placeholder: "Part",
  });
  const renamed = await connection.sendRequest(RenameRequest.type, {
    ...at(4, 17),
    newName: "Bit",
  });
  expect(Object.keys(renamed?.changes ?? {}).sort()).toEqual([blocksUri, uri].sort());
  await expect(
    connection.sendRequest(RenameRequest.type, { ...at(4, 17), newName: "conv" }),
  ).rejects.toThrow("is an operation of the language");
  await expect(connection.sendRequest(PrepareRenameRequest.type, at(3, 4))).rejects.toThrow(
    "there is no name here",
  );

  const found = await editor.until(uri, (found) => errorsOf(found).length > 0);
  expect(errorsOf(found)[0]?.codeDescription?.href).toMatch(/docs\/errors\/R0201\.md$/);
  const actions = await connection.sendRequest(CodeActionRequest.type, {
    textDocument,
    range: { start: { line: 5, character: 3 }, end: { line: 5, character: 3 } },
    context: { diagnostics: found.diagnostics },
  });
  expect((actions as CodeAction[])[0]).toMatchObject({
    title: "Did you mean `conv`?",
    isPreferred: true,
    edit: { changes: { [uri]: [{ newText: "conv" }] } },
  });

  expect(await connection.sendRequest(DocumentSymbolRequest.type, { textDocument })).toMatchObject([
    { name: "Net", children: [{ name: "input" }, { name: "a" }, { name: "classify" }] },
  ]);
  expect(editor.logged).toEqual([]);
  const symbols = await connection.sendRequest(WorkspaceSymbolRequest.type, { query: "pa" });
  expect(symbols).toMatchObject([{ name: "Part", location: { uri: blocksUri } }]);
  const range = { start: { line: 0, character: 0 }, end: { line: 8, character: 0 } };
  const hints = await connection.sendRequest(InlayHintRequest.type, { textDocument, range });
  expect(hints?.map(({ label }) => label)).toContain("32x32x16");
  const tokens = await connection.sendRequest(SemanticTokensRequest.type, { textDocument });
  expect(tokens?.data.length).toBeGreaterThan(50);
  expect(await editor.quit()).toBe(0);
});

test("what ships with the compiler can be opened and is not renamed", async () => {
  const editor = await start();
  const uri = "untitled:Untitled-1";
  await editor.open(uri, `import { Basic } from "std/blocks"\n`);
  const at = { textDocument: { uri }, position: { line: 0, character: 11 } };
  const [found] = (await editor.connection.sendRequest(DefinitionRequest.type, at)) as {
    uri: string;
  }[];
  const text = readFileSync(new URL(found?.uri ?? ""), "utf8");
  expect(text).toContain("block Basic(");
  await editor.open(found?.uri ?? "", text);
  await editor.until(found?.uri ?? "", (found) => errorsOf(found).length === 0);
  await expect(
    editor.connection.sendRequest(RenameRequest.type, { ...at, newName: "Plain" }),
  ).rejects.toThrow("is not part of this project");
});

test("the settings of the editor decide about hints", async () => {
  const editor = await start({ settings: { inlayHints: "off" } });
  const uri = "untitled:Untitled-1";
  await editor.open(uri, mended);
  await editor.until(uri, () => true);
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const given = { textDocument: { uri }, range };
  expect(await editor.connection.sendRequest(InlayHintRequest.type, given)).toEqual([]);
});

test("a rule of the linter is shown, by the configuration of the folder", async () => {
  const text =
    "network Net {\n  input 32x32x3\n  stem { conv 3x3, 16, bias: true -> batchnorm -> relu }\n  head h { globalavgpool -> dense 10 }\n}\n";
  const config = { rules: { "bias-before-batchnorm": "error" } };
  const folder = workspace({
    "net.resnet": text,
    "resnet.config.json": JSON.stringify(config),
  });
  const editor = await start({ folder });
  const uri = uriIn(folder, "net.resnet");
  await editor.open(uri, text);
  const found = await editor.until(uri, ({ diagnostics }) =>
    diagnostics.some(({ code, severity }) => code === "bias-before-batchnorm" && severity === 1),
  );
  expect(found.version).toBe(1);
});

test("a configuration that is in error is shown at its place, until it is mended", async () => {
  const folder = workspace({
    "net.resnet": mended,
    "resnet.config.json": '{ "rules": { "x": 1 } }',
  });
  const editor = await start({ folder });
  const config = uriIn(folder, "resnet.config.json");
  await editor.open(uriIn(folder, "net.resnet"), mended);
  const { diagnostics } = await editor.until(config, (found) => found.diagnostics.length > 0);
  expect(diagnostics[0]).toMatchObject({
    code: "config-rule",
    range: { start: { line: 0, character: 13 } },
  });
  writeFileSync(join(folder, "resnet.config.json"), "{}");
  await editor.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: config, type: 2 }],
  });
  await editor.until(config, (found) => found.diagnostics.length === 0);
});

test("a rename reaches folders that the workspace gains, and not those that it loses", async () => {
  const block = "block Part(width) {\n  conv 3x3, width\n}\n";
  const user = (folder: string): string => `import { Part } from "${folder}/parts"\n`;
  const own = workspace({ "parts.resnet": block });
  const other = workspace({ "user.resnet": user(own) });
  const editor = await start({ folder: own });
  const at = {
    textDocument: { uri: uriIn(own, "parts.resnet") },
    position: { line: 0, character: 7 },
  };
  const changed = async (): Promise<readonly string[]> => {
    const edit = await editor.connection.sendRequest(RenameRequest.type, {
      ...at,
      newName: "Piece",
    });
    return Object.keys(edit?.changes ?? {}).map((uri) => uri.split("/").at(-1) ?? "");
  };
  await editor.open(at.textDocument.uri, block);
  expect(await changed()).toEqual(["parts.resnet"]);
  const folder = { uri: pathToFileURL(other).href, name: "other" };
  const tell = (event: WorkspaceFoldersChangeEvent): Promise<void> =>
    editor.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, { event });
  await tell({ added: [folder], removed: [] });
  expect(await changed()).toEqual(["parts.resnet", "user.resnet"]);
  await tell({ added: [], removed: [folder] });
  expect(await changed()).toEqual(["parts.resnet"]);
});

test("what may not be asked, or is asked without what it takes, is refused by the protocol's codes", async () => {
  const editor = await start();
  const { connection } = editor;
  const uri = "untitled:Untitled-1";
  await editor.open(uri, mended);
  const textDocument = { uri };
  const lacking = [
    ["textDocument/hover", {}],
    ["textDocument/hover", { textDocument }],
    ["textDocument/rename", { textDocument, position: { line: 0, character: 6 } }],
    ["textDocument/codeAction", { textDocument, context: { diagnostics: [] } }],
    ["textDocument/references", { textDocument, position: { line: 0, character: 6 } }],
    ["textDocument/selectionRange", { textDocument }],
    ["workspace/symbol", {}],
  ] as const;
  for (const [method, params] of lacking) {
    await expect(connection.sendRequest(method, params)).rejects.toMatchObject({ code: -32602 });
  }
  const again = { processId: null, rootUri: null, capabilities: {} };
  await expect(connection.sendRequest("initialize", again)).rejects.toMatchObject({ code: -32600 });
  await connection.sendRequest("shutdown");
  const at = { textDocument, position: { line: 0, character: 6 } };
  await expect(connection.sendRequest("textDocument/hover", at)).rejects.toMatchObject({
    code: -32600,
  });
  expect(editor.logged).toEqual([]);
});

test("a file that changes on the disk is read again when the editor says so", async () => {
  const [block = "", network = ""] = mended.split(/(?=network Net)/);
  const folder = workspace({ "blocks.resnet": block });
  const editor = await start({ folder });
  const uri = uriIn(folder, "net.resnet");
  await editor.open(uri, `import { Basic } from "./blocks"\n\n${network}`);
  await editor.until(uri, (found) => errorsOf(found).length === 0);
  expect(editor.registered).toEqual(["workspace/didChangeWatchedFiles"]);
  writeFileSync(join(folder, "blocks.resnet"), block.replace("Basic", "Other"));
  await editor.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: uriIn(folder, "blocks.resnet"), type: 2 }],
  });
  const found = await editor.until(uri, (each) => errorsOf(each).length > 0);
  expect(errorsOf(found)[0]).toMatchObject({ code: "R0204" });
});

test("a document is formatted, wholly and in part, and one in error is left as it is", async () => {
  const editor = await start();
  const uri = "untitled:Untitled-1";
  const text = "network Net {\r\n input   8x8x3\r\n  relu\r\n  head h {globalavgpool}\r\n}\r\n";
  await editor.open(uri, text);
  const textDocument = { uri };
  const options = { tabSize: 2, insertSpaces: true };
  const whole = await editor.connection.sendRequest(DocumentFormattingRequest.type, {
    textDocument,
    options,
  });
  expect(applyTextEdits(text, whole ?? [])).toBe(
    "network Net {\r\n  input 8x8x3\r\n  relu\r\n  head h { globalavgpool }\r\n}\r\n",
  );
  const part = await editor.connection.sendRequest(DocumentRangeFormattingRequest.type, {
    textDocument,
    range: { start: { line: 3, character: 0 }, end: { line: 3, character: 4 } },
    options,
  });
  expect(applyTextEdits(text, part ?? [])).toBe(
    "network Net {\r\n input   8x8x3\r\n  relu\r\n  head h { globalavgpool }\r\n}\r\n",
  );
  await editor.change(uri, "network Net {\n input   }{\n", 2);
  const broken = { textDocument, options };
  expect(await editor.connection.sendRequest(DocumentFormattingRequest.type, broken)).toEqual([]);
});

test("a question that is taken back is answered as cancelled", async () => {
  const folder = workspace({});
  for (let index = 0; index < 200; index++) {
    const block = `block B${index}(width) {\n${"  conv 3x3, width\n".repeat(200)}}\n`;
    writeFileSync(join(folder, `b${index}.resnet`), block);
  }
  const editor = await start({ folder });
  await editor.open("untitled:Untitled-1", mended);
  await editor.until("untitled:Untitled-1", () => true);
  const source = new CancellationTokenSource();
  const asked = editor.connection.sendRequest(
    ReferencesRequest.type,
    {
      textDocument: { uri: "untitled:Untitled-1" },
      position: { line: 0, character: 7 },
      context: { includeDeclaration: true },
    },
    source.token,
  );
  source.cancel();
  await expect(asked).rejects.toMatchObject({ code: -32800 });
  const text = await hoverAt(editor, "untitled:Untitled-1", { line: 10, character: 4 });
  expect(text).toContain("32x32x3");
});

test("without a shutdown the exit status is 1", async () => {
  const editor = await start();
  editor.child.stdin.end();
  expect(await editor.ended).toBe(1);
});

test("a message that is none is answered or passed over, and the next one is served", async () => {
  const editor = await start();
  const write = (body: string): void => {
    editor.child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  write("{ this is no JSON");
  write('{"jsonrpc":"2.0","method":"textDocument/hover","id":"strange","params":null}');
  write('{"jsonrpc":"2.0","method":"no/such/request","id":"unknown"}');
  const uri = "untitled:Untitled-3";
  await editor.open(uri, mended);
  expect(await hoverAt(editor, uri, { line: 10, character: 4 })).toContain("32x32x3");
  expect(await editor.quit()).toBe(0);
});

test("the server ends by itself when its editor dies", async () => {
  const doomed = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
  const editor = await start({ processId: doomed.pid ?? 0 });
  doomed.kill("SIGKILL");
  expect(await editor.ended).toBe(1);
});

test("what it says beside the protocol is nothing", async () => {
  const editor = await start({ folder: repository });
  const uri = uriIn(join(repository, "specs"), "resnet152.resnet");
  await editor.open(uri, readFileSync(join(repository, "specs", "resnet152.resnet"), "utf8"));
  await editor.until(uri, (found) => errorsOf(found).length === 0);
  expect(await editor.quit()).toBe(0);
  expect(editor.stderr).toBe("");
  expect(editor.logged).toEqual([]);
});
