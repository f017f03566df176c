/** `resnetc predict [SPEC] IMAGE…`: what a checkpoint takes image files for. */
import { UsageError } from "../api/errors.js";
import { predictFiles } from "../api/predict.js";
import { isSpecName } from "../api/spec.js";
import type { EngineName } from "../engines/engine.js";
import type { Prediction } from "../train/predict.js";
import { nearest } from "../diagnostics/nearest.js";
import { imageExtensions } from "../train/data/decode-image.js";
import { visible, wrap } from "../diagnostics/display-width.js";
import { errorText } from "./error-text.js";
import { assignments } from "./given.js";
import { stoppable } from "./interrupt.js";
import { percent } from "../diagnostics/numbers.js";
import { status } from "./status.js";
import { colorsFor, type Terminal } from "./terminal.js";
import { weightsLine } from "./weights-line.js";

export interface PredictFlags {
  readonly recipe?: string;
  /** The run's folder. */
  readonly run?: string;
  readonly checkpoint?: string;
  readonly weights?: string;
  readonly set?: readonly string[];
  /** `--with SETTING=VALUE` */
  readonly with?: readonly string[];
  readonly engine?: EngineName | "auto";
  /** A part of a GPU's name. */
  readonly device?: string;
  readonly top?: number;
  readonly json?: boolean;
}

/** What a prediction without a spec is of. */
function checkpointWords({ checkpoint }: PredictFlags): readonly string[] {
  return checkpoint === undefined ? ["SPEC"] : ["--checkpoint", checkpoint];
}

/** @throws UsageError where what would be an image is a spec, but for a slip in its extension. */
function refuseMisspelt(word: string): void {
  const extension = /\.\w+$/.exec(word)?.[0] ?? "";
  if (nearest(extension, [...imageExtensions, ".resnet"]) !== ".resnet") return;
  throw new UsageError(
    `${word} is neither a spec nor an image`,
    `did you mean ${word.slice(0, -extension.length)}.resnet?`,
  );
}

/** @returns the exit status: 1 where an image could not be used. */
export async function predictCommand(
  given: readonly string[],
  flags: PredictFlags,
  terminal: Terminal,
): Promise<number> {
  const [first = "", ...rest] = given;
  const spec = isSpecName(first) ? first : undefined;
  const files = spec === undefined ? given : rest;
  if (files.length === 0) {
    const words = ["resnetc predict", ...given, ...(first === "" ? checkpointWords(flags) : [])];
    throw new UsageError("there is no image to look at", `${words.join(" ")} IMAGE…`);
  }
  if (spec === undefined) refuseMisspelt(first);
  const { checkpoint, weights, engine, device, recipe, run, top = 3 } = flags;
  const help = "the images in the lines above are done";
  return stoppable(terminal, { json: flags.json, help }, async (signal) => {
    const predictions = predictFiles(files, {
      top,
      signal,
      parameters: assignments("--set", flags.set),
      recipe: assignments("--with", flags.with),
      onWeights: (report, notes) => {
        const said = [weightsLine(report), ...notes.map((note) => `note: ${note}`)];
        for (const line of said.flatMap((text) => wrap(text, terminal.width))) {
          terminal.err(`${line}\n`);
        }
      },
      spec,
      checkpoint,
      weights,
      engine,
      device,
      recipeName: recipe,
      folder: run,
    });
    let [failed, unread] = [false, false];
    terminal.onClosed(() => (unread = true));
    for await (const each of predictions) {
      if (each.error) failed = true;
      print(each, flags.json === true, terminal);
      if (unread) break;
    }
    return failed ? status.found : status.fine;
  });
}

function print(prediction: Prediction, json: boolean, terminal: Terminal): void {
  const { out, err, outColor, errColor } = terminal;
  const { file, error } = prediction;
  if (json) {
    const answer = error
      ? { file, error: { message: error.message, help: error.help } }
      : { file, candidates: prediction.candidates };
    out(`${JSON.stringify(answer)}\n`);
  } else if (error) {
    err(errorText(error.message, error.help, terminal, errColor));
  } else {
    const colors = colorsFor(outColor);
    const shown = prediction.candidates.map((each, rank) => {
      const words = `${visible(each.class)} ${percent(each.probability)}`;
      return rank === 0 ? colors.bold(words) : words;
    });
    out(`${visible(file)}: ${shown.join(", ")}\n`);
  }
}
