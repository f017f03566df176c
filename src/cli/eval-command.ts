/** `resnetc eval SPEC`: what a checkpoint is worth on the validation images. */
import { evaluateSpec, type EvaluationReport, type SplitName } from "../api/evaluate.js";
import { assignments, recipeValues, type RecipeFlags } from "./given.js";
import { stoppable } from "./interrupt.js";
import { visible, wrap } from "../diagnostics/display-width.js";
import { counted, lossText, percent } from "../diagnostics/numbers.js";
import { ProgressBar } from "./progress-bar.js";
import { status } from "./status.js";
import { layOutTable } from "./table.js";
import { colorsFor, type Terminal } from "./terminal.js";
import { weightsLine } from "./weights-line.js";

export interface EvalFlags extends RecipeFlags {
  /** The run's folder. */
  readonly run?: string;
  readonly checkpoint?: string;
  readonly weights?: string;
  readonly split?: SplitName;
}

/** @returns the exit status. */
export async function evalCommand(
  spec: string | undefined,
  flags: EvalFlags,
  terminal: Terminal,
): Promise<number> {
  const { json, checkpoint, weights, split, data, engine, device, recipe, run } = flags;
  const help = "run the command again, to its end";
  return stoppable(terminal, { json, help }, async (signal) => {
    const bar = terminal.interactive && !json ? new ProgressBar(terminal) : undefined;
    try {
      const report = await evaluateSpec(spec, {
        parameters: assignments("--set", flags.set),
        recipe: recipeValues(flags),
        signal,
        onProgress: (done, images) => bar?.show("evaluating", done, images, "images"),
        checkpoint,
        weights,
        split,
        data,
        engine,
        device,
        recipeName: recipe,
        folder: run,
      });
      bar?.clear();
      if (json) terminal.out(`${JSON.stringify(report, undefined, 2)}\n`);
      else print(report, terminal);
      return status.fine;
    } finally {
      bar?.clear();
    }
  });
}

function print(report: EvaluationReport, { out, err, outColor, width }: Terminal): void {
  const { network, checkpoint, data, split, images, loss, accuracy, topFive, engine } = report;
  const colors = colorsFor(outColor);
  for (const line of report.notes.flatMap((note) => wrap(visible(`note: ${note}`), width))) {
    err(`${line}\n`);
  }
  const from =
    report.weights === undefined ? `of ${checkpoint}` : `with ${weightsLine(report.weights)}`;
  for (const line of wrap(visible(`${network} ${from}, on ${engine}`), width)) err(`${line}\n`);
  const five = topFive === undefined ? "" : `, among the likeliest five ${percent(topFive)}`;
  // Where classes have as many images each, it is the accuracy.
  const balanced = percent(report.balancedAccuracy);
  const mean = balanced === percent(accuracy) ? "" : `, balanced ${balanced}`;
  const found = `accuracy ${percent(accuracy)}${mean}${five}, loss ${lossText(loss, 4)}`;
  const [first = "", ...more] = wrap(
    `${counted(images, "image")} of ${visible(data)} (${split}): ${found}`,
    width - 2,
  );
  const bold = (line: string): string =>
    line.replace(/(?<=accuracy )\S+?%/, (value) => colors.bold(value));
  out(`${[first, ...more.map((line) => `  ${line}`)].map(bold).join("\n")}\n`);
  const rows = report.perClass.flatMap((each, index) => {
    const { name, accuracy: share, precision, correct, images: all } = each;
    if (share === undefined) return [];
    const right = precision === undefined ? "never named" : `precision ${percent(precision)}`;
    const of = `${correct} of ${all}`;
    return [[`  ${visible(name)}`, percent(share), of, right, mistakenFor(report, index)]];
  });
  out(`${layOutTable(rows, ["left", "right", "right", "right", "left"]).join("\n")}\n`);
  const without = report.perClass.length - rows.length;
  if (without > 0) out(`  no images of ${without === 1 ? "1 class" : `${without} classes`}\n`);
}

/** The class that a class is most often mistaken for. */
function mistakenFor({ perClass, confusion }: EvaluationReport, index: number): string {
  const others = (confusion[index] ?? []).map((count, other) => (other === index ? 0 : count));
  const most = Math.max(0, ...others);
  if (most === 0) return "";
  return `taken for ${visible(perClass[others.indexOf(most)]?.name ?? "?")} ${counted(most, "time")}`;
}
