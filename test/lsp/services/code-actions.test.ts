import { resolve } from "node:path";
import { CodeActionKind } from "vscode-languageserver";
import { expect, test } from "vitest";
import { applyEdits } from "../../../src/diagnostics/edits.js";
import { NodeHost } from "../../../src/host/node-host.js";
import { Locations } from "../../../src/lsp/project/locations.js";
import { codeActions, fixAllKind, type Action } from "../../../src/lsp/services/code-actions.js";
import { marked } from "../marked.js";

const locations = new Locations(new NodeHost(resolve("/project")));

function at(given: string, only?: readonly string[]): { actions: readonly Action[]; text: string } {
  const { project, path, text, offset } = marked(given, {
    "parts.resnet": "block Part(width) { conv 3x3, width }\n",
  });
  const file = project.file(path);
  if (file === undefined) throw new Error("The document is not open.");
  const span = file.span(offset, offset);
  const isOurs = (each: string): boolean => !each.startsWith("std/");
  const request = { path, span, standard: ["std/blocks"], isOurs, ...(only && { only }) };
  return { actions: codeActions(project, locations, request), text };
}

/** The text after the action whose title has these words. */
function after({ actions, text }: ReturnType<typeof at>, words: string): string {
  const action = actions.find(({ title }) => title.includes(words));
  if (action === undefined) {
    throw new Error(`There is no "${words}" among ${actions.map(({ title }) => title).join("; ")}`);
  }
  return applyEdits(text, action.edits);
}

const net = (body: string): string =>
  `network Net {\n  input 32x32x3\n${body}\n  head classify { globalavgpool -> dense 10 }\n}\n`;

test("a misspelt name is corrected, and that is the preferred mend", () => {
  const found = at(net("  con§vv 3x3, 16"));
  expect(after(found, "Did you mean `conv`")).toContain("  conv 3x3, 16");
  const [first] = found.actions;
  expect(first).toMatchObject({ kind: CodeActionKind.QuickFix, preferred: true });
  expect(first?.diagnostics[0]).toMatchObject({ code: "R0201" });
});

test("a shortcut that does not fit becomes a projection", () => {
  const found = at(net("  residual { conv 3x3, 16, /2 }\n  shortcut iden§tity"));
  expect(after(found, "`shortcut project`")).toContain("shortcut project");
});

test("a block of another file is imported", () => {
  expect(after(at(net("  stage a: 2 x Bas§ic(16)")), "Import `Basic`")).toMatch(
    /^import \{ Basic \} from "std\/blocks"\n\nnetwork Net/,
  );
  const both = at(`import { Bottleneck } from "std/blocks"\n${net("  Bas§ic(16)")}`);
  expect(after(both, "Import `Basic`")).toContain('import { Bottleneck, Basic } from "std/blocks"');
  expect(after(at(net("  Pa§rt(16)")), "Import `Part`")).toContain('from "./parts"');
});

test("all safe mends at once, only when asked for", () => {
  const text = net("  con§vv 3x3, 16\n  batchnrm");
  expect(at(text).actions.map(({ kind }) => kind)).not.toContain(fixAllKind);
  const mended = after(at(text, [CodeActionKind.SourceFixAll]), "Mend all");
  expect(mended).toContain("  conv 3x3, 16\n  batchnorm");
  expect(at(text, [CodeActionKind.SourceFixAll]).actions).toHaveLength(1);
  for (const asked of ["source", fixAllKind]) {
    expect(at(text, [asked]).actions.map(({ kind }) => kind)).toEqual(["source.fixAll.resnetc"]);
  }
  expect(at(text, ["source.fixAll.eslint"]).actions).toEqual([]);
});

test("a finding of a rule is mended, or suppressed by a comment above its line", () => {
  const found = at(net("  stem { conv 3x3, 16, bi§as: true -> batchnorm -> relu }"));
  expect(after(found, "Suppress `bias-before-batchnorm`")).toContain(
    "  // resnetc-ignore bias-before-batchnorm: reason\n  stem { conv 3x3, 16, bias: true",
  );
});

test("nothing is offered where nothing is wrong", () => {
  expect(at(net("  conv 3x3, 1§6")).actions).toEqual([]);
});
