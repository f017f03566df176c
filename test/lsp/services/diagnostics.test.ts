import { resolve } from "node:path";
import { DiagnosticSeverity, DiagnosticTag, type Diagnostic } from "vscode-languageserver";
import { expect, test } from "vitest";
import { NodeHost } from "../../../src/host/node-host.js";
import { Locations } from "../../../src/lsp/project/locations.js";
import { diagnosticsByFile } from "../../../src/lsp/services/diagnostics.js";
import { projectOf } from "../marked.js";

const locations = new Locations(new NodeHost(resolve("/project")));

function shown(
  files: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly Diagnostic[]> {
  return diagnosticsByFile(projectOf(files), ["spec.resnet"], locations);
}

const tail = "  head classify { globalavgpool -> dense 10 }\n}\n";

test("what is never used is marked as such", () => {
  const text = `import { Basic, Bottleneck } from "std/blocks"\n\nnetwork Net {\n  input 32x32x3\n  Basic(16)\n${tail}`;
  const found = shown({ "spec.resnet": text }).get("spec.resnet") ?? [];
  expect(found).toContainEqual(
    expect.objectContaining({ code: "unused-import", tags: [DiagnosticTag.Unnecessary] }),
  );
});

test("a syntax error of an imported file is told there and at the import, once for all its errors", () => {
  const found = shown({
    "parts.resnet": "block Part(width) {\n  conv 3x3, width,,\n  relu relu\n}\n",
    "spec.resnet": `import { Part } from "./parts"\n\nnetwork Net {\n  input 32x32x3\n${tail}`,
  });
  const parts = found.get("parts.resnet") ?? [];
  expect(parts.length).toBeGreaterThan(0);
  const own = (found.get("spec.resnet") ?? []).filter(({ severity }) => severity === 1);
  expect(own).toHaveLength(1);
  expect(own[0]).toMatchObject({
    severity: DiagnosticSeverity.Error,
    range: { start: { line: 0, character: 21 }, end: { line: 0, character: 30 } },
    relatedInformation: parts.map(({ range }) => ({
      location: { uri: locations.uriOf("parts.resnet"), range },
    })),
  });
});

test("a file that is imported and not there is told at the import alone", () => {
  const text = `import { Part } from "./nowhere"\n\nnetwork Net {\n  input 32x32x3\n  Part(4)\n${tail}`;
  const found = shown({ "spec.resnet": text });
  const errors = [...found.values()].flat().filter(({ severity }) => severity === 1);
  expect(errors.map(({ code }) => code)).toEqual(["R0001"]);
});

test("files without findings have an empty list, which clears what was shown", () => {
  const found = shown({
    "parts.resnet": "block Part(width) { conv 3x3, width }\n",
    "spec.resnet": `import { Part } from "./parts"\n\nnetwork Net {\n  input 32x32x3\n  Part(4)\n${tail}`,
  });
  expect(found.get("parts.resnet")).toEqual([]);
});
