/**
 * How every script of this repository reads its words and ends: `--help` prints what it takes, words that it does
 * not take end it with 2, and what fails is told in words. Only a mistake of the script itself shows a stack.
 */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { isExpected, statusOfError } from "../src/cli/status.js";

/** Words that a script does not take. */
export class WrongWords extends Error {}

/** What a script cannot do here. */
export class ScriptError extends Error {
  /** @param help what to do about it. */
  constructor(
    message: string,
    readonly help?: string,
  ) {
    super(message);
  }
}

/**
 * Runs a script with the words behind its name, and sets the exit status.
 *
 * @param usage what it takes, from `usage: ` on.
 */
export async function runScript(
  usage: string,
  main: (given: readonly string[]) => unknown,
): Promise<void> {
  const given = process.argv.slice(2);
  if (given.includes("--help") || given.includes("-h")) {
    console.log(usage);
    return;
  }
  try {
    await main(given);
  } catch (error) {
    process.exitCode = told(error, usage);
  }
}

/** Says what ended a script. @returns the exit status. */
function told(error: unknown, usage: string): number {
  if (error instanceof WrongWords) {
    console.error(`error: ${error.message}\n${usage}`);
    return 2;
  }
  if (error instanceof ScriptError || isExpected(error)) {
    const help = error.help === undefined ? "" : `\n  = help: ${error.help}`;
    console.error(`error: ${error.message}${help}`);
    return error instanceof ScriptError ? 1 : statusOfError(error);
  }
  console.error(error);
  return 1;
}

/** `parseArgs` of Node. @throws WrongWords where it does not take the words. */
export function parsedWords<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [what = ""] = error.message.split(". ");
    throw new WrongWords(`${what.charAt(0).toLowerCase()}${what.slice(1)}`);
  }
}

/** @throws WrongWords where there are any. */
export function refuseWords(given: readonly string[]): void {
  const [first] = given;
  if (first !== undefined) throw new WrongWords(`it takes no words, and was given ${first}`);
}

/** @throws WrongWords where the text is no whole number from 1 on. */
export function countOf(option: string, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw new WrongWords(`${option} takes a whole number above 0, not ${text}`);
}

/** @throws WrongWords where the text is no number above 0. */
export function amountOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new WrongWords(`${option} takes a number above 0, not ${text}`);
}

/** One of several names. @throws WrongWords where the text is none of them. */
export function oneOf<T extends string>(option: string, text: string, names: readonly T[]): T {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new WrongWords(`${option} takes ${names.join(", ")}, not ${text}`);
}
