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
  /** What to do once nobody reads any more (`| head -1`), instead of ending quietly. */
  onClosed(action: () => void): void;
}

/** The process's own terminal. `NO_COLOR` and `FORCE_COLOR` are honoured (no-color.org). */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0";
  const refused = (env["NO_COLOR"] ?? "") !== "" || env["FORCE_COLOR"] === "0";
  const colored = (stream: NodeJS.WriteStream): boolean =>
    !refused && (forced || (stream.isTTY === true && env["TERM"] !== "dumb"));
  const columns = Number(env["COLUMNS"]);
  const width =
    Number.isInteger(columns) && columns >= 40
      ? columns
      : (stderr.columns ?? stdout.columns ?? 100);
  let closed = (): void => process.exit();
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      closed();
    });
  }
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    width: Math.min(width, 140),
    outColor: colored(stdout),
    errColor: colored(stderr),
    interactive: stderr.isTTY === true && env["TERM"] !== "dumb" && env["CI"] === undefined,
    onClosed: (action) => void (closed = action),
  };
}

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for one of the streams. */
export function colorsFor(enabled: boolean): Colors {
  return pc.createColors(enabled);
}
