/**
 * What can be completed on the command line, read from the program itself: nothing of a command, an option or a
 * choice is written down a second time.
 */
import type { Argument, Command, Option } from "commander";

/** What stands in a place of the command line. */
export type Place =
  | { readonly kind: "file" }
  | { readonly kind: "folder" }
  /** A `.resnet` file, and behind `#` a network of it. */
  | { readonly kind: "spec" }
  /** One of some words; `joined` where its value follows at once, as in `batch=64`. */
  | { readonly kind: "words"; readonly words: readonly string[]; readonly joined: boolean }
  /** A number, a name: nothing that is known before. */
  | { readonly kind: "free" };

export interface OptionWords {
  /** `--json`, and `-o` where there is a short form. */
  readonly long: string;
  readonly short?: string;
  readonly meaning: string;
  /** Absent where it takes no value. */
  readonly value?: { readonly name: string; readonly optional: boolean; readonly place: Place };
}

export interface OperandWords {
  readonly name: string;
  readonly optional: boolean;
  readonly variadic: boolean;
  readonly place: Place;
}

export interface CommandWords {
  readonly name: string;
  readonly meaning: string;
  readonly options: readonly OptionWords[];
  readonly operands: readonly OperandWords[];
}

export interface ProgramWords {
  readonly name: string;
  /** Of the program itself. */
  readonly options: readonly OptionWords[];
  readonly commands: readonly CommandWords[];
}

/** Words that the program does not list itself. */
export interface Vocabulary {
  /** What `explain` has a page of. */
  readonly pages: readonly string[];
  /** The rules of `lint`. */
  readonly rules: readonly string[];
  /** The settings of a recipe. */
  readonly settings: readonly string[];
}

/** Everything that the help shows. */
export function programWords(program: Command, vocabulary: Vocabulary): ProgramWords {
  const help = program.createHelp();
  const optionsOf = (command: Command): OptionWords[] =>
    help.visibleOptions(command).flatMap((option) => optionWords(option, vocabulary));
  return {
    name: program.name(),
    options: optionsOf(program),
    commands: help.visibleCommands(program).map((command) => ({
      name: command.name(),
      meaning: command.description(),
      options: optionsOf(command),
      operands: command.registeredArguments.map((each) => operandWords(each, vocabulary)),
    })),
  };
}

function optionWords(option: Option, vocabulary: Vocabulary): OptionWords[] {
  const { long, short, description, argChoices, required, optional } = option;
  if (long === undefined || long === null) return [];
  const name = /[<[]([^\]>]*)[\]>]/.exec(option.flags)?.[1]?.replace(/\.\.\.$/, "");
  const takes = (required || optional) && name !== undefined;
  return [
    {
      long,
      ...(short && { short }),
      meaning: description,
      ...(takes && {
        value: { name, optional, place: placeOf(name, argChoices, vocabulary, long) },
      }),
    },
  ];
}

function operandWords(argument: Argument, vocabulary: Vocabulary): OperandWords {
  const { required, variadic, argChoices } = argument;
  const name = argument.name();
  return { name, optional: !required, variadic, place: placeOf(name, argChoices, vocabulary) };
}

/** What the words in the brackets of the help mean. */
function placeOf(
  name: string,
  choices: readonly string[] | undefined,
  { pages, rules, settings }: Vocabulary,
  option?: string,
): Place {
  if (choices) return { kind: "words", words: choices, joined: false };
  switch (name) {
    case "spec":
      return { kind: "spec" };
    case "file":
    case "path":
    case "spec-or-image":
      return { kind: "file" };
    case "folder":
    case "run":
      return { kind: "folder" };
    case "code":
      return { kind: "words", words: pages, joined: false };
    case "setting=value":
      return { kind: "words", words: settings, joined: true };
    case "name=level":
      return option === "--rule" ? { kind: "words", words: rules, joined: true } : { kind: "free" };
    default:
      return { kind: "free" };
  }
}
