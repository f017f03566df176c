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
  /** Nothing that the run was given before. */
  readonly forget?: boolean;
  readonly checkpointMinutes?: number;
  /** The live page, at a port where one is named. */
  readonly ui?: boolean | string;
}

/** @returns the status. */
export async function trainCommand(
  given: string | undefined,
  options: TrainFlags,
  terminal: Terminal,
): Promise<number> {
  const { spec, ...flags } = specFrom(given, options);
  const {
    data,
    engine,
    device,
    recipe,
    output,
    checkpointMinutes,
    resume,
    forget,
    weights,
    head,
    ui,
  } = flags;
  const interrupt = stopOnInterrupt(terminal, "saving after this step");
  terminal.onClosed(interrupt.stop);
  const progress = flags.json
    ? jsonProgress(terminal)
    : new TextProgress(terminal, (run) => nextCommands(spec, run, flags));
  try {
    const { outcome } = await trainSpec(spec, {
      parameters: assignments("--set", flags.set),
      recipe: recipeValues(flags),
      signal: interrupt.signal,
      onEvent: (event) => progress.event(event),
      resume,
      forget,
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

function nextCommands(spec: string, run: string, flags: TrainFlags): NextCommands {
  const { resume, output, recipe, engine, device, checkpointMinutes, ui } = flags;
  const elsewhere = output !== undefined || typeof resume === "string";
  const option = (name: string, value: string | number | undefined): string[] => {
    if (value === undefined) return [];
    // What begins with a dash would be taken for an option of its own.
    return String(value).startsWith("-") ? [`${name}=${value}`] : [name, String(value)];
  };
  const named = option("--recipe", recipe);
  const which = [...named, ...(elsewhere ? option("--run", run) : [])];
  // All else that it was given the run keeps.
  const again = [
    ...named,
    ...option("--engine", engine === "auto" ? undefined : engine),
    ...option("--device", device),
    ...option("--checkpoint-minutes", checkpointMinutes),
    ...(ui === true ? ["--ui"] : option("--ui", ui === false ? undefined : ui)),
  ];
  return {
    resume: ["train", spec, ...again, ...(elsewhere ? option("--resume", run) : ["--resume"])],
    evaluate: ["eval", spec, ...which],
    predict: ["predict", spec, ...which],
  };
}
