/** The generated parts of the reference: operations, settings of a recipe, words and functions. */
import { functionNames } from "../../src/check/functions.js";
import type { ArgumentKind, ArgumentSignature } from "../../src/ops/operation.js";
import { operations, writtenOperations } from "../../src/ops/registry.js";
import { dataKinds, type DataOption } from "../../src/recipe/data-kinds.js";
import { reservedWords, softWords } from "../../src/syntax/tokens.js";
import { constructWords, operationWords } from "./operation-words.js";
import { table } from "./markdown-table.js";
import { settingTable } from "./settings.js";

/** The tables by the names under which the reference asks for them. */
export function tables(): ReadonlyMap<string, string> {
  return new Map([
    ["reserved", reservedWords.map(({ PATTERN }) => `\`${String(PATTERN)}\``).join(" ")],
    ["soft", softWords.map(({ PATTERN }) => `\`${String(PATTERN)}\``).join(" ")],
    ["functions", functionNames.map((name) => `\`${name}\``).join(" ")],
    ["operations", writtenOperations.map(operation).join("\n\n")],
    ["constructs", constructs()],
    ["settings", settingTable()],
    ["data", data()],
  ]);
}

const kinds: Readonly<Record<ArgumentKind, string>> = {
  window: "size: `3x3`, `3` or `[3, 5]`",
  count: "whole number, at least 1",
  padding: "size, 0 allowed",
  flag: "`true` or `false`",
  number: "number, at least 0",
  rate: "number from 0 to below 1",
};

function operation(name: (typeof writtenOperations)[number]): string {
  const { summary, signature } = operations[name];
  const words = operationWords[name as keyof typeof operationWords];
  const parts = [`#### \`${name}\``, `${capital(summary)}.`];
  if (signature.length > 0) {
    const defaults: Readonly<Record<string, string>> = words.defaults;
    const rows = signature.map((argument) => argumentRow(argument, defaults[argument.name]));
    parts.push(table(["argument", "is", "default", "meaning"], rows));
  }
  parts.push(
    [
      `- Shape: ${words.shape}`,
      `- Parameters: ${words.parameters}`,
      `- Multiply-adds: ${words.macs}`,
    ].join("\n"),
  );
  return parts.join("\n\n");
}

/** @throws Error where an argument that may be left out has no default in words. */
function argumentRow(argument: ArgumentSignature, otherwise: string | undefined): string[] {
  const { name, kind, positional, required, docs } = argument;
  if (!required && otherwise === undefined) throw new Error(`${name} has no default in words.`);
  const shown =
    name === "stride" ? "`/n` or `stride: n`" : positional ? `\`${name}\`` : `\`${name}:\``;
  return [shown, kinds[kind], required ? "must be given" : (otherwise ?? ""), docs];
}

function capital(text: string): string {
  return text.startsWith("max(") ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

function constructs(): string {
  const rows = Object.entries(constructWords).map(([name, words]) => [
    `\`${name}\``,
    operations[name as keyof typeof constructWords].summary,
    words,
  ]);
  return table(["operation", "is", "made by"], rows);
}

function data(): string {
  return Object.entries(dataKinds)
    .map(([name, kind]: [string, (typeof dataKinds)[keyof typeof dataKinds]]) => {
      const path = "path" in kind ? [`The path, in quotes: ${kind.path}.`] : [];
      const options: Readonly<Record<string, DataOption>> = kind.options;
      const rows = Object.entries(options).map(([option, each]) => [
        `\`${option}:\``,
        `${each.whole ? "whole number" : "number"} from ${number(each.minimum)} to ${number(each.maximum)}`,
        number(each.default),
        each.doc,
      ]);
      const list = rows.length === 0 ? [] : [table(["option", "is", "default", "meaning"], rows)];
      return [`#### \`${name}\``, `${capital(kind.doc)}.`, ...path, ...list].join("\n\n");
    })
    .join("\n\n");
}

function number(value: number): string {
  return value >= 10_000 ? value.toLocaleString("en-US") : String(value);
}
