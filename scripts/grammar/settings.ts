/**
 * The settings of a recipe, as the checker itself tells them: what each takes is asked by giving it
 * something wrong, and what is left out is read from the recipe that comes of it.
 */
import { check, type CheckResult } from "../../src/check/check.js";
import { makersOf } from "../../src/check/recipe-kinds.js";
import { settingKinds } from "../../src/check/recipe-settings.js";
import { settingDocs } from "../../src/recipe/setting-docs.js";
import { SourceFile } from "../../src/source/source.js";
import { table } from "./markdown-table.js";

const base: Readonly<Record<string, string>> = {
  data: "shapes",
  optimizer: "sgd(0.1)",
  batch: "1",
  epochs: "1",
};

/** The shortest arguments with which a kind can be written, where it needs some. */
const minimal: Readonly<Record<string, string>> = {
  sgd: "(0.1)",
  adam: "(0.1)",
  adamw: "(0.1)",
  lamb: "(0.1)",
  step: "([1])",
  resize: " 8",
  shorter: " 8",
  centercrop: " 8",
  normalize: " mean: 0, std: 1",
  crop: " 8",
  resizedcrop: " 8",
  scale: " [8,9]",
  growing: "(8, 1)",
  onplateau: "(1)",
  backbone: "(1)",
  falling: "(1)",
  within: '("stem", 1)',
  plateau: "(1)",
};

/** What a setting does not take, where it takes any text. */
const wrongValues: Readonly<Record<string, string>> = { freeze: "3" };

/** Settings that are a chain of kinds in braces. */
const chains = new Set(["preprocess", "augment"]);

function checked(settings: Readonly<Record<string, string>>): CheckResult {
  const lines = Object.entries({ ...base, ...settings }).map(([key, value]) => `  ${key} ${value}`);
  const text = `network N {\n  input 8x8x3\n  head h { globalavgpool -> dense 4 }\n}\ntrain t for N {\n${lines.join("\n")}\n}\n`;
  const file = new SourceFile("settings.resnet", text);
  return check(file.path, {
    resolve: (specifier) => specifier,
    read: () => ({ file }),
    locate: (path) => path,
  });
}

/** The one message that a wrong value gets. @throws Error where there is none. */
function complaint(key: string, value: string): { message: string; help: string } {
  const found = checked({ [key]: value }).diagnostics[0];
  if (found === undefined) throw new Error(`\`${key} ${value}\` is accepted.`);
  return { message: found.message, help: found.help?.text ?? "" };
}

/** "`rate` must be a number above 0, not …": the part between. */
function mustBe(message: string): string {
  const match = /must be (.*), not /.exec(message);
  if (match?.[1] === undefined) throw new Error(`"${message}" does not say what must be.`);
  return match[1];
}

function asWritten(key: string, kind: string, rest: string): string {
  return chains.has(key) ? `{ ${kind} ${rest.replace(/^\(|\)$/g, "")} }` : `${kind}${rest}`;
}

interface Slot {
  readonly name: string;
  readonly required: boolean;
  readonly expected: string;
  readonly otherwise: string;
}

/** The arguments of one kind of one setting. */
function slotsOf(key: string, kind: string): Slot[] {
  const least = minimal[kind] ?? "";
  const inside = least.replace(/^[( ]|\)$/g, "");
  const wrong = `(${inside === "" ? "" : `${inside}, `}zzzzzzzzz: 1)`;
  const { help } = complaint(key, asWritten(key, kind, wrong));
  const result = checked({ [key]: asWritten(key, kind, least) });
  const value = (result.recipes[0] as unknown as Record<string, unknown> | undefined)?.[key];
  const made = (Array.isArray(value) ? value[0] : value) as Record<string, unknown> | undefined;
  if (made === undefined) {
    throw new Error(`${key} ${kind}: ${result.diagnostics[0]?.message ?? "no recipe"}`);
  }
  const all = [...help.matchAll(/`([^`]+)`( \(optional\))?/g)];
  return all.map(([, name = "", optional], place) => {
    const others = inside
      .split(", ")
      .filter((each) => each.includes(":") && !each.startsWith(name));
    const positional = others.length === 0 && optional === undefined && !inside.includes(":");
    const written = inside.split(", ");
    const given = positional
      ? `(${(place < written.length ? written.with(place, "true") : ["true"]).join(", ")})`
      : `(${[...(optional === undefined ? others : [inside]), `${name}: "?"`].filter(Boolean).join(", ")})`;
    const expected = mustBe(complaint(key, asWritten(key, kind, given)).message);
    const slot = makersOf[key]?.[kind]?.slots.find((each) => each.name === name);
    return {
      name: optional === undefined && positional ? name : `${name}:`,
      required: optional === undefined,
      expected,
      otherwise: optional === undefined ? "must be given" : `\`${writtenValue(slot?.otherwise)}\``,
    };
  });
}

/** A value as the language writes it. */
function writtenValue(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
}

function kindsOf(key: string): readonly string[] {
  return settingKinds.get(key) ?? [];
}

function kindRows(key: string): string[][] {
  return kindsOf(key).flatMap((kind) => {
    const slots = slotsOf(key, kind);
    if (slots.length === 0) return [[`\`${kind}\``, "", "", ""]];
    return slots.map((slot, index) => [
      index === 0 ? `\`${kind}\`` : "",
      `\`${slot.name}\``,
      slot.expected,
      slot.otherwise,
    ]);
  });
}

/** The tables of the settings. */
export function settingTable(): string {
  const recipe = checked({}).recipes[0] as unknown as Readonly<Record<string, unknown>>;
  const rows = Object.entries(settingDocs).map(([key, { meaning }]) => [
    `\`${key}\``,
    meaning,
    takes(key),
    key in base ? "must be given" : shown(recipe[key]),
  ]);
  const kinds = ["preprocess", "augment", "loss", "optimizer", "schedule", "sizes", "stop"].map(
    (key) => `#### \`${key}\`\n\n${table(["kind", "argument", "is", "default"], kindRows(key))}`,
  );
  return [table(["setting", "is", "takes", "default"], rows), ...kinds].join("\n\n");
}

function takes(key: string): string {
  const kinds = kindsOf(key).map((kind) => `\`${kind}\``);
  if (kinds.length === 0) return mustBe(complaint(key, wrongValues[key] ?? '"?"').message);
  return `${chains.has(key) ? "a chain of " : ""}${kinds.join(", ")}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value) && value.length === 0) return "none";
  if (typeof value === "object" && value !== null && "kind" in value) {
    return `\`${String(value.kind)}\``;
  }
  return `\`${String(value)}\``;
}
