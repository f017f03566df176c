/** What each document is linted with: its resnet.config.json, read once until a file changes. */
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

export class LintConfigs {
  #configs = new ProjectConfigs();
  readonly #told = new Set<string>();

  constructor(
    private readonly files: NodeHost,
    private readonly locations: Locations,
  ) {}

  /** Configurations may have changed. */
  forget(): void {
    this.#configs = new ProjectConfigs();
    this.#told.clear();
  }

  /** The settings for a document; the default ones for one that is no file. */
  async settings(path: string): Promise<FoundSettings> {
    if (!this.locations.uriOf(path).startsWith("file:")) return { settings: defaultSettings };
    try {
      return { settings: await this.#configs.settings(this.files.absolute(path)) };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const { message } = error;
      if (this.#told.has(message)) return {};
      this.#told.add(message);
      return { fault: message };
    }
  }
}
