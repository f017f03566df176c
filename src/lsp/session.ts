/** What stands between an editor and this server once the editor has said who it is. */
import type { Client, Settings } from "./client.js";
import type { LintConfigs } from "./lint-configs.js";
import type { Locations } from "./project/locations.js";
import type { Project } from "./project/project.js";
import type { Validation } from "./validation.js";

export interface Session {
  readonly client: Client;
  readonly project: Project;
  readonly locations: Locations;
  readonly validation: Validation;
  readonly configs: LintConfigs;
  /** The import paths of what ships with the compiler. */
  readonly standard: readonly string[];
  /** The version of an open document; null for one that is not open. */
  readonly versionOf: (uri: string) => number | null;
  settings: Settings;
  /** The addresses of the folders of the workspace, as they are now. */
  folders: readonly string[];
}
