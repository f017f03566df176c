/** What the command line gives, as the calls behind the commands take it. */
import { UsageError } from "../api/errors.js";
import type { GivenValue } from "../api/values.js";
import type { EngineName } from "../engines/engine.js";

export interface SpecFlags {
  /** `--set NAME=VALUE` */
  readonly set?: readonly string[];
  readonly json?: boolean;
}

export interface RecipeFlags extends SpecFlags {
  readonly recipe?: string;
  readonly engine?: EngineName | "auto";
  /** A part of a GPU's name. */
  readonly device?: string;
  readonly data?: string;
  readonly epochs?: string;
  readonly batch?: string;
  readonly seed?: string;
  readonly rate?: string;
  readonly lr?: string;
  /** All but the heads, or places with commas between them. */
  readonly freeze?: boolean | string;
  /** `--with SETTING[.ARGUMENT]=VALUE` */
  readonly with?: readonly string[];
}

/** The flags of a command that writes a text: `-o -` is standard output, as where nothing is named. */
export function withOutput<F extends { readonly output?: string }>(flags: F): F {
  if (flags.output !== "-") return flags;
  const named: { output?: string } & Omit<F, "output"> = { ...flags };
  delete named.output;
  return named as F;
}

/** `NAME=VALUE` taken apart. @throws UsageError where it is none. */
export function assignments(option: string, given: readonly string[] = []): GivenValue[] {
  return given.map((text) => {
    const match = /^\s*([A-Za-z_][\w.]*)\s*=\s*(\S.*)$/s.exec(text);
    const [, name, value] = match ?? [];
    if (name !== undefined && value !== undefined) {
      return { name, value: value.trimEnd(), words: `${option} ${text}` };
    }
    const example = option === "--set" ? "--set classes=10" : "--with optimizer.momentum=0.8";
    throw new UsageError(`${option} takes NAME=VALUE, not \`${text}\``, `such as \`${example}\``);
  });
}

/** Everything that changes the recipe, the short forms after `--with`. */
export function recipeValues(flags: RecipeFlags): GivenValue[] {
  const short = (option: string, name: string, value: string | undefined): GivenValue[] =>
    value === undefined ? [] : [{ name, value, words: `${option} ${value}` }];
  return [
    ...assignments("--with", flags.with),
    ...short("--epochs", "epochs", flags.epochs),
    ...short("--batch", "batch", flags.batch),
    ...short("--seed", "seed", flags.seed),
    ...short("--rate", "optimizer.rate", flags.rate),
    ...short("--lr", "optimizer.rate", flags.lr),
    ...short("--freeze", "freeze", frozenPlaces(flags.freeze)),
  ];
}

/** `--freeze stem,conv2` as the language writes it, `["stem", "conv2"]`, which may be given too. */
function frozenPlaces(given: RecipeFlags["freeze"]): string | undefined {
  if (given === undefined || typeof given === "boolean") return given?.toString();
  if (given === "true" || given === "false" || given.startsWith("[")) return given;
  const places = given.split(",").map((place) => place.trim());
  return `[${places.map((place) => JSON.stringify(place)).join(", ")}]`;
}

/** `--at 224x224`, or `--at 224` for both, where it is given. @throws UsageError where it is neither. */
export function sizeOf(text: string | undefined): readonly [number, number] | undefined {
  if (text === undefined) return undefined;
  const [, height, width] = /^(\d{1,9})(?:x(\d{1,9}))?$/.exec(text) ?? [];
  if (height === undefined) {
    throw new UsageError(`--at takes a size in pixels, not \`${text}\``, "such as `--at 224x224`");
  }
  return [Number(height), Number(width ?? height)];
}
