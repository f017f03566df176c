/** The published schema of resnet.config.json is the one that the rules make. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { configSchemaPath, configSchemaText } from "../../../scripts/schema/schema-text.js";
import { engineNames } from "../../../src/lint/config/engine-names.js";
import { engines } from "../../../src/engines/registry.js";

it("is what `npm run schema` writes", async () => {
  expect(readFileSync(configSchemaPath, "utf8")).toBe(await configSchemaText());
});

it("knows the engines that there are", () => {
  expect([...engineNames].sort()).toEqual(engines.map(({ name }) => name).sort());
});
