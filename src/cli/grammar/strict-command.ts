/**
 * A command whose options never take another option for their value: `--git --json` lacks what `--git` is given,
 * where commander would look for a revision of that name, and `-o=x` is none for the file `=x`. Whatever is wrong
 * with the command line is thrown as a UsageError, and nothing is printed of it here.
 */
import { Command, type Argument, type ErrorOptions, type Option } from "commander";
import { UsageError } from "../../api/errors.js";
import { refusal } from "./refusal.js";

export class StrictCommand extends Command {
  override createCommand(name?: string): StrictCommand {
    return new StrictCommand(name);
  }

  /** What commander itself finds wrong. @throws UsageError always. */
  override error(message: string, { code }: ErrorOptions = {}): never {
    throw refusal(this, message, code);
  }

  /** @throws UsageError where an option lacks its value, or is given an empty one. */
  override parseOptions(given: string[]): ReturnType<Command["parseOptions"]> {
    for (let at = 0; at < given.length && given[at] !== "--"; at++) {
      const word = given[at] ?? "";
      const [, short = "", rest = ""] = /^(-\w)=(.*)$/s.exec(word) ?? [];
      if (this.options.some((each) => isOf(each, short))) throw equalsSign(short, rest);
      const [, name = word, attached] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
      const next = attached ?? given[at + 1];
      const valued = this.options.find((each) => each.long === name || each.short === name);
      if (valued && (valued.required || valued.optional) && next?.trim() === "") {
        throw emptyValue(name, valued);
      }
      const option = this.options.find((each) => isOf(each, word));
      if (option === undefined) continue;
      const value = given[++at];
      if (value === undefined || looksLikeOption(value)) throw valueMissing(word, option, value);
    }
    return super.parseOptions(given);
  }

  /** What the command does. @throws UsageError, when it is to, where an argument is empty. */
  override action(act: Parameters<Command["action"]>[0]): this {
    return super.action((...given: unknown[]) => {
      const empty = this.args.findIndex((word) => word.trim() === "");
      const argument = this.registeredArguments[empty] ?? this.registeredArguments.at(-1);
      if (empty >= 0 && argument !== undefined) throw emptyArgument(argument);
      return act.apply(this, given);
    });
  }
}

/** Whether an option takes a value and has this name. */
function isOf({ required, short, long }: Option, name: string): boolean {
  return required && (short === name || long === name);
}

/** Whether a word is written as options are: not a number below zero, nor a dash alone, which is standard input. */
function looksLikeOption(word: string): boolean {
  return /^-[^\d.]/.test(word);
}

/** @param name the option as it is written. @param next what stands where its value should. */
function valueMissing(name: string, { flags, long, description }: Option, next?: string): Error {
  const what = `\`${flags}\`${description === "" ? "" : `: ${description}`}`;
  const found = next === undefined ? "" : `: \`${next}\` begins with a dash, as options do`;
  const meant =
    next === undefined ? "" : `; if that is the value, write \`${long ?? name}=${next}\``;
  return new UsageError(`${name} lacks its value${found}`, `${what}${meant}`);
}

/** A variable of the shell that is not set comes as such a value, and must not choose another file. */
function emptyValue(name: string, { flags, description }: Option): UsageError {
  return new UsageError(
    `${name} is empty`,
    `\`${flags}\`${description === "" ? "" : `: ${description}`}`,
  );
}

/** An empty path would be the working directory. */
function emptyArgument(argument: Argument): UsageError {
  const name = `\`${argument.name()}\``;
  return new UsageError(`the argument ${name} is empty`, `${name}: ${argument.description}`);
}

function equalsSign(short: string, value: string): Error {
  return new UsageError(
    `${short} takes its value after a space`,
    `write \`${short} ${value || "VALUE"}\``,
  );
}
