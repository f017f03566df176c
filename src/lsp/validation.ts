/**
 * Says what is wrong while someone types: a moment after the last change, every open document that the change reaches is
 * checked, and what is found is published with the versions it was found in. What is mended is taken away again.
 */
import type { Diagnostic } from "vscode-languageserver";
import type { Locations } from "./project/locations.js";
import type { Project } from "./project/project.js";
import { diagnosticsByFile } from "./services/diagnostics.js";

/** How long after the last change the check begins, in milliseconds. */
const pause = 120;

/** How long after the check rules begin that take longer than it. */
const longPause = 800;

export interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: Diagnostic[];
}

export interface ValidationParts {
  readonly project: Project;
  readonly locations: Locations;
  /** The version of an open document. */
  readonly versionOf: (path: string) => number | undefined;
  readonly publish: (published: Published) => void;
  /** Called after everything has been published. */
  readonly done: () => void;
  /** Called with what the check threw: a bug. */
  readonly failed: (error: unknown) => void;
}

export class Validation {
  readonly #published = new Map<string, string>();
  /** The documents whose bugs have been told since the last change. */
  readonly #told = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: ValidationParts) {}

  /** Checks a moment from now, unless something changes before. */
  schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#guard(() => this.run()), pause);
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.parts.failed(error);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Checks now; rules that take long look at the files after a pause, unless something changes before. */
  run(): void {
    const { project } = this.parts;
    this.#told.clear();
    const sound = this.#soundOf((path) => project.analysis(path), project.host.openPaths);
    const apart = new Set(sound.filter((path) => project.isLintedApart(path)));
    this.#publishAll((path) => !apart.has(path));
    this.parts.done();
    if (apart.size === 0) return;
    const lint = (): void => this.#publishAll(() => true);
    this.#timer = setTimeout(() => this.#guard(lint), longPause);
  }

  #publishAll(isLinted: (path: string) => boolean): void {
    const { project, locations, versionOf, publish } = this.parts;
    const look = (path: string): unknown =>
      isLinted(path) ? project.findings(path) : project.analysis(path);
    const sound = this.#soundOf(look, project.host.openPaths);
    const found = diagnosticsByFile(project, sound, locations, isLinted);
    for (const [path, diagnostics] of found) this.#publish(path, [...diagnostics]);
    for (const path of [...this.#published.keys()]) {
      if (found.has(path)) continue;
      const version = versionOf(path);
      publish({ uri: locations.uriOf(path), diagnostics: [], ...(version && { version }) });
      this.#published.delete(path);
    }
  }

  /** The documents that can be looked at: a bug in the check of one is told once, and keeps nothing from the others. */
  #soundOf(look: (path: string) => unknown, paths: readonly string[]): readonly string[] {
    return paths.filter((path) => {
      try {
        look(path);
        return true;
      } catch (error) {
        this.#tell(path, error);
        return false;
      }
    });
  }

  #tell(path: string, error: unknown): void {
    if (this.#told.has(path)) return;
    this.#told.add(path);
    this.parts.failed(error);
  }

  #publish(path: string, diagnostics: Diagnostic[]): void {
    const { locations, versionOf, publish } = this.parts;
    const version = versionOf(path);
    const text = JSON.stringify([version, diagnostics]);
    const before = this.#published.get(path);
    if (
      before === text ||
      (before === undefined && diagnostics.length === 0 && version === undefined)
    ) {
      return;
    }
    this.#published.set(path, text);
    publish({ uri: locations.uriOf(path), diagnostics, ...(version !== undefined && { version }) });
  }
}
