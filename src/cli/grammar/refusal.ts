/**
 * What commander finds wrong with a command line, in this command's own words: what it is, and how to mend it.
 * So it reaches people and programs on the way of every other wrong use.
 */
import type { Command } from "commander";
import { UsageError } from "../../api/errors.js";
import { nearest } from "../../diagnostics/nearest.js";
import { counted } from "../../diagnostics/numbers.js";

/**
 * @param command the one whose words are wrong.
 * @param said commander's message, such as `error: unknown option '--jsno'\n(Did you mean --json?)`.
 * @param code what commander calls it: `commander.unknownOption`.
 */
export function refusal(command: Command, said: string, code?: string): UsageError {
  const [, what = said, near] =
    /^error: (.*?)(?:\n\(Did you mean (.+)\?\))?$/s.exec(said.trimEnd()) ?? [];
  const path = pathOf(command);
  const meant = near === undefined ? "" : `did you mean ${near}? `;
  switch (code) {
    case "commander.unknownOption":
      return new UsageError(
        `unknown option ${quotedIn(what)}`,
        elsewhere.get(`${command.name()} ${optionIn(what)}`) ??
          `${meant}\`${path} --help\` lists the options`,
      );
    case "commander.unknownCommand":
      return new UsageError(
        `unknown command ${quotedIn(what)}`,
        `${meant}\`${path} --help\` lists the commands`,
      );
    case "commander.missingArgument":
      return argumentMissing(command, quotedIn(what));
    case "commander.excessArguments":
      return tooManyArguments(command);
    case "commander.invalidArgument":
      return valueRefused(command, what);
    default:
      return new UsageError(what, `see \`${path} --help\``);
  }
}

/** Options that another command has, which does what is wanted of this one. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  [
    "check --format",
    "`resnetc lint --format github|sarif|junit|json` tells what `check` does, and what rules find",
  ],
  ["check --quiet", "`resnetc lint --quiet` tells what `check` does, and no warnings"],
  ["check --config", "`resnetc lint --config FILE` tells what `check` does, and what rules find"],
  [
    "fmt --diff",
    "`resnetc fmt --check` lists what would change; `fmt - < FILE | diff FILE -` shows how",
  ],
  ["fmt --write", "`resnetc fmt` writes where it is not told to `--check`"],
]);

/** `--format` of what commander calls `--format=github`. */
function optionIn(what: string): string {
  return quotedIn(what).replace(/=.*$/s, "");
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`;
}

/** What commander puts between quotes. */
function quotedIn(what: string): string {
  return /'(.*)'/s.exec(what)?.[1] ?? what;
}

function argumentMissing(command: Command, name: string): UsageError {
  const argument = command.registeredArguments.find((each) => each.name() === name);
  const about = argument?.description ? `: ${argument.description}` : "";
  const dots = argument?.variadic ? "..." : "";
  return new UsageError(
    `${command.name()} lacks <${name}${dots}>${about}`,
    `\`${pathOf(command)} --help\` has examples`,
  );
}

function tooManyArguments(command: Command): UsageError {
  const { registeredArguments, args } = command;
  const taken = registeredArguments.length;
  const takes = taken === 0 ? "no argument" : counted(taken, "argument");
  return new UsageError(
    `${command.name()} takes ${takes}, and was given ${args.length}: ${args.join(", ")}`,
    taken === 0
      ? `write \`${pathOf(command)}\``
      : `leave out what is behind ${args[taken - 1]}; \`${pathOf(command)} --help\` has examples`,
  );
}

/** @param what such as `option '--seed <n>' argument 'x' is invalid. It must be a whole number.` */
function valueRefused(command: Command, what: string): UsageError {
  const option = /^option '(.*?)' argument '(.*)' is invalid\. (.*)$/s.exec(what);
  const argument = /^command-argument value '(.*)' is invalid for argument '(.*?)'\. (.*)$/s.exec(
    what,
  );
  const [value, place, why] = option
    ? [option[2], option[1], option[3]]
    : [argument?.[1], argument && `<${argument[2]}>`, argument?.[3]];
  if (value === undefined || why === undefined) {
    return new UsageError(what, `see \`${pathOf(command)} --help\``);
  }
  return new UsageError(`\`${value}\` is no value for \`${place}\``, mendOf(value, why));
}

/** @param why `It must be a whole number.` or `Allowed choices are bash, zsh, fish.` */
function mendOf(value: string, why: string): string {
  const choices = /^Allowed choices are (.*)\.$/.exec(why)?.[1];
  if (choices === undefined)
    return `${why.charAt(0).toLowerCase()}${why.slice(1)}`.replace(/\.$/, "");
  const near = nearest(value, choices.split(", "));
  return `${near === undefined ? "" : `did you mean ${near}? `}it takes ${choices}`;
}
