/** The text of the published schema of resnet.config.json, and where it stands. */
import { pathToFileURL } from "node:url";
import { format, resolveConfig } from "prettier";
import { configSchema } from "../../src/lint/config/schema.js";

export const configSchemaPath = new URL(
  "schema/resnet.config.schema.json",
  pathToFileURL(`${process.cwd()}/`),
);

/** The schema as the repository writes JSON. */
export async function configSchemaText(): Promise<string> {
  const path = configSchemaPath.pathname;
  const options = await resolveConfig(path);
  return format(JSON.stringify(configSchema()), { ...options, parser: "json" });
}
