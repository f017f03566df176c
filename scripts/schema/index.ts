/** Writes schema/resnet.config.schema.json from the rules: `npm run schema`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { configSchemaText, configSchemaPath } from "./schema-text.js";

mkdirSync(new URL("./", configSchemaPath), { recursive: true });
writeFileSync(configSchemaPath, await configSchemaText());
