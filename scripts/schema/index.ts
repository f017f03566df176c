/** Writes schema/resnet.config.schema.json from the rules: `npm run schema`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { refuseWords, runScript } from "../command-line.js";
import { configSchemaText, configSchemaPath } from "./schema-text.js";

const usage = `usage: npm run schema
Writes schema/resnet.config.schema.json from the rules.`;

await runScript(usage, async (given) => {
  refuseWords(given);
  mkdirSync(new URL("./", configSchemaPath), { recursive: true });
  writeFileSync(configSchemaPath, await configSchemaText());
});
