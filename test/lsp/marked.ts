/** Documents with a `|` where the cursor stands, in a project of files in memory. */
import { DocumentHost } from "../../src/lsp/project/document-host.js";
import { positionAt } from "../../src/lsp/project/positions.js";
import { Project } from "../../src/lsp/project/project.js";
import { SourceFile } from "../../src/source/source.js";
import type { Position } from "vscode-languageserver";
import { MemoryHost } from "../check/memory-host.js";

export interface Marked {
  readonly project: Project;
  readonly path: string;
  readonly text: string;
  readonly position: Position;
  readonly offset: number;
}

/**
 * Opens `spec.resnet` with the marked text; a mark that is part of the language, as in `||`, is written `§` instead.
 * @throws Error where there is not exactly one mark.
 */
export function marked(given: string, others: Readonly<Record<string, string>> = {}): Marked {
  const mark = given.includes("§") ? "§" : "|";
  const [before, after, ...more] = given.split(mark);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`There must be one mark in:\n${given}`);
  }
  const text = before + after;
  const project = projectOf({ ...others, "spec.resnet": text });
  const file = new SourceFile("spec.resnet", text);
  const offset = before.length;
  return { project, path: file.path, text, position: positionAt(file, offset), offset };
}

/** A project whose workspace is these files, `spec.resnet` being open. */
export function projectOf(files: Readonly<Record<string, string>>): Project {
  const project = new Project(new DocumentHost(new MemoryHost(files)));
  project.setWorkspace(Object.keys(files));
  const text = files["spec.resnet"];
  if (text !== undefined) project.host.open("spec.resnet", text);
  return project;
}
