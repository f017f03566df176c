/**
 * Finds a file's resnet.config.json, upwards from its folder, and reads it with all that it extends. Each file is
 * read once; what is wrong with one is thrown as a ConfigError.
 */
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { existsSync } from "node:fs";
import { finding, type Details, type Diagnostic } from "../diagnostics/diagnostic.js";
import { renderDiagnostics } from "../diagnostics/pretty.js";
import {
  configName,
  isIgnored,
  listOf,
  settingsFor,
  type ConfigLayers,
  type MatchesPattern,
  type WrittenConfig,
} from "../lint/config/config.js";
import { defaultSettings, type LintSettings } from "../lint/lint.js";
import type { SourceFile } from "../source/source.js";
import { NodeHost } from "./node-host.js";

/** A configuration that cannot be used; its message is everything that is wrong, as the command prints it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(renderDiagnostics(diagnostics, { color: false, width: 100 }));
  }
}

/** The configuration that holds for a folder. */
export interface ProjectConfig {
  /** The project's own file, absolute; what it extends is in `layers` before it. */
  readonly path: string;
  readonly layers: ConfigLayers;
  /** The texts that it was read from, for whoever has to know whether they have changed. */
  readonly texts: readonly string[];
}

export class ProjectConfigs {
  readonly #byPath = new Map<string, Promise<ProjectConfig>>();
  readonly #pathByFolder = new Map<string, string | undefined>();
  readonly #host: NodeHost;

  /**
   * @param only the one configuration that holds for every file, where it is given.
   * @param workingDirectory what relative paths are relative to.
   */
  constructor(
    private readonly only?: string,
    private readonly workingDirectory: string = process.cwd(),
  ) {
    this.#host = new NodeHost(workingDirectory);
  }

  /** What a file is linted with. @throws ConfigError where its configuration is in error. */
  async settings(file: string): Promise<LintSettings> {
    const config = await this.configOf(file);
    if (config === undefined) return defaultSettings;
    return settingsFor(config.layers, pathIn(config, this.#absolute(file)), await matcher());
  }

  /** Whether a file is left out where a folder or a pattern stands for it. @throws ConfigError likewise. */
  async ignores(file: string): Promise<boolean> {
    const config = await this.configOf(file);
    if (config === undefined) return false;
    return isIgnored(config.layers, pathIn(config, this.#absolute(file)), await matcher());
  }

  /** The configuration of a file; undefined where there is none. @throws ConfigError likewise. */
  async configOf(file: string): Promise<ProjectConfig | undefined> {
    const path =
      this.only === undefined
        ? this.#find(dirname(this.#absolute(file)))
        : this.#absolute(this.only);
    if (path === undefined) return undefined;
    const known = this.#byPath.get(path);
    if (known) return known;
    const reading = this.#read(path);
    this.#byPath.set(path, reading);
    return reading;
  }

  #absolute(path: string): string {
    return resolve(this.workingDirectory, path);
  }

  #find(folder: string): string | undefined {
    if (this.#pathByFolder.has(folder)) return this.#pathByFolder.get(folder);
    const path = join(folder, configName);
    const above = dirname(folder);
    const found = existsSync(path) ? path : above === folder ? undefined : this.#find(above);
    this.#pathByFolder.set(folder, found);
    return found;
  }

  async #read(path: string): Promise<ProjectConfig> {
    const { file, problem } = this.#host.read(path);
    if (problem) {
      const words = unreadable(problem, this.#host.shown(path));
      throw new ConfigError([finding("config-file", "error", words, undefined, helpOf(problem))]);
    }
    const layers: WrittenConfig[] = [];
    const texts: string[] = [];
    await this.#readLayer(file, path, [], layers, texts);
    return { path, layers, texts };
  }

  /** Adds what a file extends, then the file itself. */
  async #readLayer(
    file: SourceFile,
    path: string,
    above: readonly string[],
    layers: WrittenConfig[],
    texts: string[],
  ): Promise<void> {
    const { readConfig, spanAt, configFault } = await import("../lint/config/validation.js");
    const reading = readConfig(file);
    if (reading.config === undefined) throw new ConfigError(reading.diagnostics);
    const { config, root } = reading;
    const list = config.extends === undefined ? [] : listOf(config.extends);
    for (const [index, name] of list.entries()) {
      const at = typeof config.extends === "string" ? ["extends"] : ["extends", index];
      const span = spanAt(file, root, at);
      const fault = (message: string, help?: string): ConfigError =>
        new ConfigError([configFault("config-extends", message, span, help ? { help } : {})]);
      const target = extended(name, path);
      if (target === undefined) {
        throw fault(
          `there is no package with a configuration \`${name}\``,
          "a file beside this one begins with `./`; a package has its configuration as resnet.config.json",
        );
      }
      if ([...above, path].includes(target)) throw fault("the configuration extends itself");
      const { file: base, problem } = this.#host.read(target);
      if (problem) throw fault(unreadable(problem, this.#host.shown(target)));
      await this.#readLayer(base, target, [...above, path], layers, texts);
    }
    layers.push(config);
    texts.push(file.text);
  }
}

/** Why a configuration cannot be read, in words that are not of specs. */
function unreadable({ code, message }: Diagnostic, path: string): string {
  if (code === "R0002") return `${path} is a folder, and no configuration`;
  if (code === "R0004") return `${path} is too large for a configuration`;
  return message;
}

/** What the host offers beside its problem, unless that is a spec. */
function helpOf({ code, help }: Diagnostic): Details {
  if (code === "R0001") return { help: "`--no-config` lints by the rules as they are by default" };
  return help ? { help } : {};
}

/** The file that `extends` means: a path from the configuration, or a package's. */
function extended(name: string, from: string): string | undefined {
  if (isAbsolute(name) || /^\.\.?[/\\]/.test(name)) return resolve(dirname(from), name);
  try {
    return createRequire(from).resolve(name.endsWith(".json") ? name : `${name}/${configName}`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
    throw error;
  }
}

/** A file's path from its project's folder, with slashes. */
function pathIn({ path }: ProjectConfig, file: string): string {
  return relative(dirname(path), file).split(sep).join("/");
}

/** Patterns as shells read them; one without a slash means a file of that name in any folder. */
function matcher(): Promise<MatchesPattern> {
  loading ??= loadMatcher();
  return loading;
}

let loading: Promise<MatchesPattern> | undefined;

async function loadMatcher(): Promise<MatchesPattern> {
  const { default: picomatch } = await import("picomatch");
  const compiled = new Map<string, (path: string) => boolean>();
  return (path, pattern) => {
    let matches = compiled.get(pattern);
    if (matches === undefined) {
      const whole = pattern.replace(/^\.\//, "").replace(/\/$/, "/**");
      matches = picomatch(whole.includes("/") ? whole : `**/${whole}`, { dot: true });
      compiled.set(pattern, matches);
    }
    return matches(path);
  };
}
