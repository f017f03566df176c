/** What each document is linted with: its resnet.config.json, read once until a file changes. */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { ConfigError, ProjectConfigs } from "../host/project-config.js";
import type { NodeHost } from "../host/node-host.js";
import { defaultSettings, type LintSettings } from "../lint/lint.js";
import type { Locations } from "./project/locations.js";

export interface FoundSettings {
  /** Absent where the configuration is in error. */
  readonly settings?: LintSettings;
  /** What is wrong with it, once. */
  readonly fault?: string;
}

/** What is wrong with configurations, by the path of each as the checker knows it. */
type Faults = ReadonlyMap<string, readonly Diagnostic[]>;

export class LintConfigs {
  #configs: ProjectConfigs;
  readonly #told = new Set<string>();
  readonly #faults = new Map<string, readonly Diagnostic[]>();
  /** What the editor has been told of. */
  #shown: Faults = new Map();

  constructor(
    private readonly files: NodeHost,
    private readonly locations: Locations,
  ) {
    this.#configs = this.#fresh();
  }

  /** Configurations may have changed. */
  forget(): void {
    this.#configs = this.#fresh();
    this.#told.clear();
    this.#faults.clear();
  }

  /** What is wrong with configurations now and was not told so yet; an empty list for one that has been mended. */
  news(): Faults {
    const mended = [...this.#shown.keys()].filter((path) => !this.#faults.has(path));
    const found = [...this.#faults].filter(([path, own]) => this.#shown.get(path) !== own);
    this.#shown = new Map(this.#faults);
    return new Map([...mended.map((path) => [path, []] as const), ...found]);
  }

  /** What is found in files is named as the checker does. */
  #fresh(): ProjectConfigs {
    return new ProjectConfigs(undefined, this.files.absolute("."));
  }

  /** The settings for a document; the default ones for one that is no file. */
  async settings(path: string): Promise<FoundSettings> {
    if (!this.locations.uriOf(path).startsWith("file:")) return { settings: defaultSettings };
    try {
      return { settings: await this.#configs.settings(this.files.absolute(path)) };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const { message, diagnostics } = error;
      this.#note(diagnostics);
      if (this.#told.has(message)) return {};
      this.#told.add(message);
      return { fault: message };
    }
  }

  #note(diagnostics: readonly Diagnostic[]): void {
    const paths = new Set(diagnostics.flatMap(({ span }) => span?.file.path ?? []));
    for (const path of paths) {
      if (this.#faults.has(path)) continue;
      const own = diagnostics.filter(({ span }) => span?.file.path === path);
      this.#faults.set(path, own);
    }
  }
}
