/** `resnetc data`: every image of a data set looked at before a run. */
import { surveyData, type DataReport } from "../api/survey.js";
import { visible, wrap } from "../diagnostics/display-width.js";
import { counted } from "../diagnostics/numbers.js";
import { surveyWarnings, surveyLines } from "./data-text.js";
import type { DataFault } from "../train/survey/fit-faults.js";
import { errorText } from "./error-text.js";
import { assignments, recipeValues, type RecipeFlags } from "./given.js";
import { stoppable } from "./interrupt.js";
import { ProgressBar } from "./progress-bar.js";
import { status } from "./status.js";
import { colorsFor, type Terminal } from "./terminal.js";

/** @returns the exit status: 1 where a run would fail. */
export function dataCommand(what: string, flags: RecipeFlags, terminal: Terminal): Promise<number> {
  const { json, data, recipe } = flags;
  const help = "run the command again, to its end";
  return stoppable(terminal, { json, help }, async (signal) => {
    const bar = terminal.interactive && !json ? new ProgressBar(terminal) : undefined;
    try {
      const report = await surveyData(what, {
        parameters: assignments("--set", flags.set),
        recipe: recipeValues(flags),
        signal,
        onProgress: (done, images) => bar?.show("looking", done, images, "images"),
        data,
        recipeName: recipe,
      });
      bar?.clear();
      if (json) terminal.out(`${JSON.stringify(report, undefined, 2)}\n`);
      else print(report, terminal);
      return report.ok ? status.fine : status.found;
    } finally {
      bar?.clear();
    }
  });
}

/** How many faults are written out. */
const mostFaults = 20;

function print(report: DataReport, terminal: Terminal): void {
  const { out, err, outColor, errColor, width } = terminal;
  for (const note of report.notes)
    err(`note: ${wrap(visible(note), width - 6).join("\n      ")}\n`);
  for (const line of surveyLines(report, width, colorsFor(outColor))) out(`${line}\n`);
  const { yellow, bold } = colorsFor(errColor);
  for (const [warning, ...examples] of surveyWarnings(report)) {
    const [first = "", ...rest] = wrap(visible(warning ?? ""), width - 9);
    err(`${yellow(bold("warning"))}: ${first}\n`);
    for (const line of rest) err(`         ${line}\n`);
    for (const example of examples) err(`  ${visible(example)}\n`);
  }
  for (const { message, help } of grouped(report.faults.slice(0, mostFaults))) {
    err(errorText(message, help, terminal, errColor));
  }
  const { length } = report.faults;
  if (length === 0) return;
  const more = length > mostFaults ? `; \`--json\` lists those that are not shown` : "";
  err(`${bold(counted(length, "error"))}${more}\n`);
}

/** The same help is said once, after the last of the faults in a row that have it. */
function grouped(faults: readonly DataFault[]): readonly DataFault[] {
  return faults.map(({ help, ...fault }, index) =>
    help === undefined || faults[index + 1]?.help === help ? fault : { ...fault, help },
  );
}
