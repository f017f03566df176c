/** The command line's grammar: commands, their options, their help. What they do is elsewhere. */
import type { Command } from "commander";
import { addCheck } from "./check.js";
import { addCompile } from "./compile.js";
import { addCompletion } from "./completion.js";
import { addData } from "./data.js";
import { addDiagram } from "./diagram.js";
import { addDiff } from "./diff.js";
import { addDocs } from "./docs.js";
import { addEngines } from "./engines.js";
import { addEval } from "./eval.js";
import { addExplain } from "./explain.js";
import { addExport } from "./export.js";
import { addInit } from "./init.js";
import { addFmt } from "./fmt.js";
import { addLint } from "./lint.js";
import { addLsp } from "./lsp.js";
import { addPredict } from "./predict.js";
import { addProfile } from "./profile.js";
import { addSummary } from "./summary.js";
import { addTrain } from "./train.js";
import { StrictCommand } from "./strict-command.js";
import { addWatch } from "./watch.js";
import type { AddCommand, CommandParts } from "./command.js";

/** In the order of the help. */
const commands: readonly AddCommand[] = [
  addInit,
  addCheck,
  addLint,
  addFmt,
  addWatch,
  addExplain,
  addSummary,
  addDiff,
  addDiagram,
  addDocs,
  addCompile,
  addExport,
  addData,
  addTrain,
  addEval,
  addPredict,
  addProfile,
  addEngines,
  addLsp,
  addCompletion,
];

const examples = `
Examples:
  resnetc check specs                     is every shortcut sound?
  resnetc summary specs/resnet50.resnet   the network as a table
  resnetc train specs/quickstart.resnet   learn something, now
  resnetc <command> --help                more of one command

A spec is FILE.resnet, or FILE.resnet#Network where a file declares several.
Commands that take several take folders and patterns as well.
Exit status: 0 fine, 1 something was found, or a run failed, 2 wrong use, or
what cannot be had here: a place to write, a port, an engine.
`;

/** The whole program. Nothing is run until it is parsed. */
export function makeProgram(parts: CommandParts): Command {
  const program = new StrictCommand("resnetc")
    .description(
      "The compiler for residual networks: proves that every shortcut fits, then trains.",
    )
    .usage("<command> [spec...] [options]")
    .helpCommand(false)
    .option("-V, --version", "print the version")
    .showSuggestionAfterError(true)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText("after", examples);

  for (const add of commands) add(program, parts);
  return program;
}
