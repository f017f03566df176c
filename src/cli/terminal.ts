/** Where the command's words go: two streams, with what they can show. */
import pc from "picocolors";

export interface Terminal {
  /** Answers: what a pipe should carry. */
  readonly out: (text: string) => void;
  /** Everything said beside the answer: diagnostics, progress, notes. */
  readonly err: (text: string) => void;
  /** Columns of what is said. */
  readonly width: number;
  readonly outColor: boolean;
  readonly errColor: boolean;
  /** Whether a progress bar can be drawn on the error stream. */
  readonly interactive: boolean;
}

/** The process's own terminal. `NO_COLOR` and `FORCE_COLOR` are honoured (no-color.org). */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0";
  const refused = (env["NO_COLOR"] ?? "") !== "" || env["FORCE_COLOR"] === "0";
  const colored = (stream: NodeJS.WriteStream): boolean =>
    !refused && (forced || (stream.isTTY === true && env["TERM"] !== "dumb"));
  const columns = Number(env["COLUMNS"]);
  const width = Number.isInteger(columns) && columns >= 40 ? columns : (stderr.columns ?? 100);
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    width: Math.min(width, 140),
    outColor: colored(stdout),
    errColor: colored(stderr),
    interactive: stderr.isTTY === true && env["TERM"] !== "dumb" && env["CI"] === undefined,
  };
}

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for one of the streams. */
export function colorsFor(enabled: boolean): Colors {
  return pc.createColors(enabled);
}
