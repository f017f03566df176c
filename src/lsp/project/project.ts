/**
 * The state that every service answers from: the files as the editor has them, their syntax, their names and what the
 * check made of them. Everything is made when it is first asked for and kept until a file it was made of changes.
 */
import { check, type CheckResult } from "../../check/check.js";
import type { ReadResult } from "../../check/host.js";
import { loadProgram, type Unit } from "../../check/program.js";
import { RecordingHost } from "../../check/recording-host.js";
import { Trace, type Passage } from "../../check/trace.js";
import { Collector, type Diagnostic } from "../../diagnostics/diagnostic.js";
import { defaultSettings, lint, type LintSettings } from "../../lint/lint.js";
import { everyRule } from "../../lint/registry.js";
import type { SourceFile, Span } from "../../source/source.js";
import { parse, type Parsed } from "../../syntax/parse.js";
import type { DocumentHost } from "./document-host.js";

/** What the check made of a file and of all that it imports. */
export interface Analysis {
  readonly path: string;
  readonly result: CheckResult;
  readonly trace: Trace;
  /** Every file that was read for it, also those that are not there. */
  readonly paths: ReadonlySet<string>;
  /** How long it took, in milliseconds. */
  readonly cost: number;
}

/** A passage, and the analysis in which it was seen. */
export interface Seen {
  readonly passage: Passage;
  readonly analysis: Analysis;
}

/** How many operations a file's networks may have for the rules to look at them while someone types. */
const lintedNodes = 10_000;

interface Linted {
  readonly settings: LintSettings;
  readonly findings: readonly Diagnostic[];
}

/** Under these no rule finds anything. */
const noRules: LintSettings = {
  ...defaultSettings,
  rules: Object.fromEntries(everyRule.map(({ name }) => [name, { level: "off" }])),
};

/** Something made of files, which stands until one of them changes. */
interface Kept<T> {
  readonly value: T;
  readonly reads: ReadonlyMap<string, ReadResult>;
  /** The revision at which the files were last seen to be the same. */
  revision: number;
}

export class Project {
  readonly #syntax = new WeakMap<SourceFile, Parsed>();
  readonly #analyses = new Map<string, Kept<Analysis>>();
  readonly #units = new Map<string, Kept<Unit | undefined>>();
  readonly #settings = new Map<string, LintSettings>();
  readonly #linted = new WeakMap<Analysis, Linted>();
  readonly #lintCosts = new Map<string, number>();
  #workspace: readonly string[] = [];

  /** @param quick how long a check may take, in milliseconds, for a question to wait for it. */
  constructor(
    readonly host: DocumentHost,
    private readonly quick = 30,
  ) {}

  /** Open documents, then the other files of the workspace, each once. */
  get paths(): readonly string[] {
    return [...new Set([...this.host.openPaths, ...this.#workspace])];
  }

  /** Says which files the workspace holds. */
  setWorkspace(paths: readonly string[]): void {
    this.#workspace = paths;
  }

  /** The text at `path`; undefined where there is none. */
  file(path: string): SourceFile | undefined {
    return this.host.read(path).file;
  }

  /** The syntax of a file. */
  readonly parsed = (file: SourceFile): Parsed => {
    const known = this.#syntax.get(file);
    if (known) return known;
    const parsed = parse(file);
    this.#syntax.set(file, parsed);
    return parsed;
  };

  /** The names that a file sees; undefined where there is no such file. */
  unit(path: string): Unit | undefined {
    const analysis = this.#analyses.get(path);
    if (analysis && this.#stands(analysis)) return analysis.value.result.program?.entry;
    return this.#keep(
      this.#units,
      path,
      (host) => loadProgram(path, host, new Collector(), this.parsed)?.entry,
    );
  }

  /** The check of a file as it is now. */
  analysis(path: string): Analysis {
    return this.#keep(this.#analyses, path, (host) => {
      const start = performance.now();
      const trace = new Trace();
      const result = check(path, host, { trace, parse: this.parsed });
      return {
        path,
        result,
        trace,
        paths: new Set(host.reads.keys()),
        cost: performance.now() - start,
      };
    });
  }

  /** The last check of a file, also where the file has changed since; undefined where there was none. */
  lastAnalysis(path: string): Analysis | undefined {
    return this.#analyses.get(path)?.value;
  }

  /** The check that this very text was the subject of, or else the check of its file as it is now. */
  analysisOf(file: SourceFile): Analysis {
    const last = this.lastAnalysis(file.path);
    return last?.result.program?.entry.file === file ? last : this.analysis(file.path);
  }

  /** Whether the check of a file is known, or is known to take no longer than a question may. */
  isQuick(path: string): boolean {
    return this.isAnalysed(path) || (this.lastAnalysis(path)?.cost ?? 0) <= this.quick;
  }

  /** Says what a file is linted with; `undefined` where its configuration cannot be read, and it is not linted. */
  setLintSettings(path: string, settings: LintSettings | undefined): void {
    if (settings) this.#settings.set(path, settings);
    else this.#settings.set(path, noRules);
  }

  /** What a file is linted with. */
  lintSettings(path: string): LintSettings {
    return this.#settings.get(path) ?? defaultSettings;
  }

  /** What the check and the rules find in a file as it is now; the check alone where the graphs are too large. */
  findings(path: string): readonly Diagnostic[] {
    const analysis = this.analysis(path);
    const settings = this.lintSettings(path);
    const known = this.#linted.get(analysis);
    if (known?.settings === settings) return known.findings;
    const { result } = analysis;
    const nodes = result.networks.reduce((sum, { graph }) => sum + (graph?.nodes.length ?? 0), 0);
    const start = performance.now();
    const findings = nodes > lintedNodes ? result.diagnostics : lint(result, settings);
    this.#lintCosts.set(path, performance.now() - start);
    this.#linted.set(analysis, { settings, findings });
    return findings;
  }

  /** Whether the rules took so long when they last looked at a file that its errors are told before. */
  isLintedApart(path: string): boolean {
    const known = this.#linted.get(this.analysis(path));
    if (known?.settings === this.lintSettings(path)) return false;
    return (this.#lintCosts.get(path) ?? 0) > this.quick;
  }

  /** Whether the check of a file is known without another check. */
  isAnalysed(path: string): boolean {
    const kept = this.#analyses.get(path);
    return kept !== undefined && this.#stands(kept);
  }

  /** Forgets the check of a file that is no longer open. */
  forget(path: string): void {
    this.#analyses.delete(path);
  }

  /** What flowed through a piece of syntax: in its own file's check, or else where an open file imports it. */
  passages(span: Span): readonly Seen[] {
    const own = span.file.path;
    const others = this.host.openPaths.filter((path) => path !== own);
    for (const path of [own, ...others]) {
      const analysis = path === own ? this.analysisOf(span.file) : this.analysis(path);
      const passages = analysis.trace.through(span);
      if (passages.length > 0) return passages.map((passage) => ({ passage, analysis }));
    }
    return [];
  }

  #keep<T>(kept: Map<string, Kept<T>>, path: string, make: (host: RecordingHost) => T): T {
    const known = kept.get(path);
    if (known && this.#stands(known)) return known.value;
    const { revision } = this.host;
    const host = new RecordingHost(this.host);
    const value = make(host);
    kept.set(path, { value, reads: host.reads, revision });
    return value;
  }

  #stands(kept: Kept<unknown>): boolean {
    const { revision } = this.host;
    if (kept.revision === revision) return true;
    for (const [path, result] of kept.reads) if (this.host.read(path) !== result) return false;
    kept.revision = revision;
    return true;
  }
}
