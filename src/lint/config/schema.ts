/** The JSON schema (draft 7) of resnet.config.json, made from the rules: names, levels, options, defaults. */
import { optionDefaults } from "../options.js";
import { everyRule } from "../registry.js";
import { ruleLevels, type RuleFacts } from "../rule.js";
import { engineNames } from "./engine-names.js";

/** A JSON schema, as data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const text: JsonSchema = { type: "string", minLength: 1 };
const texts: JsonSchema = { type: "array", items: text };
const oneOrMore: JsonSchema = { anyOf: [text, { ...texts, minItems: 1 }] };

const channelValues: JsonSchema = {
  type: "array",
  items: { type: "number" },
  minItems: 1,
  description:
    "One number per channel, of values from 0 to 1; one for all where they are the same.",
};

const level: JsonSchema = {
  type: "string",
  enum: ruleLevels,
  description: "info counts for nothing, warn for --max-warnings, error fails.",
};

/** The whole schema. */
export function configSchema(): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "resnet.config.json",
    description: "What a project's specs are for, and which rules `resnetc lint` holds them to.",
    type: "object",
    allowTrailingCommas: true,
    definitions: { rules: rulesSchema() },
    additionalProperties: false,
    properties: {
      $schema: { type: "string", description: "Where this schema is, for editors." },
      extends: {
        ...oneOrMore,
        description:
          "Configurations that this one goes on from: files beside it (./base.json), or packages that have a resnet.config.json.",
      },
      ...partProperties(),
      ignore: {
        ...texts,
        description:
          "Patterns of specs that are not linted, unless they are named by their own path.",
      },
      overrides: {
        type: "array",
        description: "What is different for some files; later ones win.",
        items: {
          type: "object",
          additionalProperties: false,
          required: ["files"],
          properties: {
            files: {
              ...oneOrMore,
              description: "Patterns from the folder of the project's configuration.",
            },
            ...partProperties(),
          },
        },
      },
    },
  };
}

/** What stands in a configuration and in its overrides alike. */
function partProperties(): JsonSchema {
  return {
    engines: {
      type: "array",
      uniqueItems: true,
      items: { type: "string", enum: engineNames },
      description: "The engines that the networks have to run on.",
    },
    datasets: {
      type: "object",
      description:
        "Facts of data sets that are read from folders, by the folder as recipes write it, or by its last part.",
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        properties: {
          classes: { type: "integer", minimum: 1, description: "How many classes it has." },
          mean: channelValues,
          std: channelValues,
        },
      },
    },
    rules: { $ref: "#/definitions/rules" },
  };
}

/** A setting for each rule: stands once, as overrides have it as well. */
function rulesSchema(): JsonSchema {
  return {
    type: "object",
    description: "A level for each rule, or an object with its severity and its options.",
    additionalProperties: false,
    properties: Object.fromEntries(everyRule.map((rule) => [rule.name, ruleSchema(rule)])),
  };
}

function ruleSchema(rule: RuleFacts): JsonSchema {
  const { options } = rule;
  const hasOptions = Object.keys(options).length > 0;
  const properties = {
    severity: level,
    ...(hasOptions && {
      options: {
        type: "object",
        additionalProperties: false,
        properties: options,
        default: optionDefaults(options),
      },
    }),
  };
  return {
    description: `${rule.description}.`,
    default: rule.level,
    anyOf: [level, { type: "object", additionalProperties: false, properties }],
  };
}
