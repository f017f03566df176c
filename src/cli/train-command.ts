/** `resnetc train SPEC`: trains a network by its recipe and shows how it goes. */
import { UsageError } from "../api/errors.js";
import { trainSpec } from "../api/train.js";
import { assignments, recipeValues, type RecipeFlags } from "./given.js";
import type { HeadChoice } from "../train/weights/heads.js";
import { stopOnInterrupt } from "./interrupt.js";
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";
import { jsonProgress, TextProgress, type NextCommands } from "./train-progress.js";

export interface TrainFlags extends RecipeFlags {
  readonly output?: string;
  /** A file of weights to start from. */
  readonly weights?: string;
  readonly head?: HeadChoice;
  /** The latest run, or the one named. */
  readonly resume?: boolean | string;
  readonly checkpointMinutes?: number;
  /** The live page, at a port where one is named. */
  readonly ui?: boolean | string;
}

/** @param words the whole command line, for the commands that are suggested. @returns the status. */
export async function trainCommand(
  given: string | undefined,
  options: TrainFlags,
  terminal: Terminal,
  words: readonly string[],
): Promise<number> {
  const { spec, ...flags } = specFrom(given, options);
  const { data, engine, device, recipe, output, checkpointMinutes, resume, weights, head, ui } =
    flags;
  const interrupt = stopOnInterrupt(terminal, "saving after this step");
  terminal.onClosed(interrupt.stop);
  const progress = flags.json
    ? jsonProgress(terminal)
    : new TextProgress(terminal, (run) => nextCommands(spec, run, flags, words));
  try {
    const { outcome } = await trainSpec(spec, {
      parameters: assignments("--set", flags.set),
      recipe: recipeValues(flags),
      signal: interrupt.signal,
      onEvent: (event) => progress.event(event),
      resume,
      data,
      engine,
      device,
      recipeName: recipe,
      folder: output,
      weights,
      head,
      checkpointMinutes,
      ui: typeof ui === "string" ? portOf(ui) : ui,
    });
    return outcome === "interrupted" ? status.interrupted : status.fine;
  } finally {
    progress.stop();
    interrupt.release();
  }
}

/** The spec where it stands last, and an option that can have a value has taken it for that. */
function specFrom(spec: string | undefined, flags: TrainFlags): TrainFlags & { spec: string } {
  if (spec !== undefined) return { ...flags, spec };
  for (const option of ["resume", "freeze", "ui"] as const) {
    const taken = flags[option];
    if (typeof taken === "string" && /\.resnet(#.*)?$/.test(taken)) {
      return { ...flags, [option]: true, spec: taken };
    }
  }
  const { resume } = flags;
  const again = typeof resume === "string" ? ` ${resume}` : "";
  throw new UsageError(
    "there is no spec to train",
    resume === undefined
      ? "resnetc train specs/quickstart.resnet"
      : `a run goes on by its spec: \`resnetc train SPEC --resume${again}\``,
  );
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(
    `\`${text}\` is no port for the live page`,
    "a port is a number up to 65535, such as `--ui 8080`; `--ui` alone takes a free one",
  );
}

function nextCommands(
  spec: string,
  run: string,
  { resume, output, recipe }: TrainFlags,
  words: readonly string[],
): NextCommands {
  // A run that goes on has its weights.
  const again = words.filter(
    (word, index) =>
      !/^--(resume|weights|head)(=|$)/.test(word) &&
      !(words[index - 1] === "--resume" && word === resume) &&
      !/^--(weights|head)$/.test(words[index - 1] ?? ""),
  );
  const elsewhere = output !== undefined || typeof resume === "string";
  const which = [
    ...(recipe === undefined ? [] : ["--recipe", recipe]),
    ...(elsewhere ? ["--run", run] : []),
  ];
  return {
    resume: [...again, "--resume", ...(elsewhere ? [run] : [])],
    evaluate: ["eval", spec, ...which],
    predict: ["predict", spec, ...which],
  };
}
