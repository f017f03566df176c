/** `resnetc lint`: specs in, what rules find in them. */
import { Option } from "commander";
import type { LintFlags } from "../lint-command.js";
import type { AddCommand } from "./command.js";
import { collect, wholeNumber } from "./options.js";

const examples = `
Examples:
  resnetc lint                            every spec below the working folder
  resnetc lint specs "nets/**/*.resnet"   folders, files and patterns
  resnetc lint --fix --dry-run            the mends, as a diff
  resnetc lint --rule channel-multiple=off --max-warnings 0
  resnetc lint --format sarif -o lint.sarif
  resnetc lint - < net.resnet             what stands on standard input
  resnetc lint --list-rules

The nearest resnet.config.json above a spec says which rules hold for it.
\`// resnetc-ignore RULE: reason\` takes a finding back. What has not changed
since the last run is not looked at again; its findings are kept in
node_modules/.cache/resnetc.

Exit status: 0 clean, 1 errors, or more warnings than --max-warnings,
2 wrong use, or a file that cannot be written.
`;

/** Those of lint-formats.ts, which is not loaded for the help. */
const formats: readonly LintFlags["format"][] = [
  "pretty",
  "compact",
  "json",
  "sarif",
  "github",
  "junit",
];

export const addLint: AddCommand = (program, { terminal, load, finish }) => {
  program
    .command("lint")
    .description("what is sound, and would still be better without")
    .argument(
      "[spec...]",
      "files, folders and patterns, or - for standard input; the working folder where left out",
    )
    .addOption(
      new Option("--format <name>", "how findings are written").choices(formats).default("pretty"),
    )
    .option("--json", "the same as --format json")
    .option("-o, --output <file>", "write the findings there")
    .option("--fix", "mend what can be mended, and say what that was")
    .option("--unsafe", "with --fix: mend also what makes another network")
    .option("--dry-run", "with --fix: show the change as a diff; write nothing")
    .option(
      "--max-warnings <n>",
      "how many warnings may be; any number where left out",
      wholeNumber,
    )
    .option("--quiet", "show errors alone")
    .option("--no-suppressed", "leave what comments suppress out of sarif and json")
    .option("--rule <name=level>", "off, info, warn or error; may be repeated", collect)
    .option("--list-rules", "every rule, with its level here, or in the place that is named")
    .option("--config <file>", "the configuration for every spec")
    .option("--no-config", "the rules as they are by default")
    .option("--force-ignore", "leave out what `ignore` says also where it is named")
    .option("--stdin-filepath <file>", "lint standard input, as the text of that file")
    .option("--cache-location <folder>", "where findings are kept for the next run")
    .option("--no-cache", "look at every spec anew")
    .addHelpText("after", examples)
    .action(async (specs: string[], { json, ...options }: LintFlags & { json?: boolean }) => {
      const flags: LintFlags = json ? { ...options, format: "json" } : options;
      finish(await (await load.tool()).lintCommand(specs, flags, terminal));
    });
};
