/**
 * Where the command's words go: two streams, with what they can show. Neither stream of the process is
 * opened before something is written that needs it, as that takes longer than a whole check.
 */
import { fstatSync, writeSync } from "node:fs";
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
  /**
   * What to do once nobody reads any more (`| head -1`), or answers have no room. What is written then is dropped,
   * and a command that does nothing of its own about it ends as ever, with the status of what it found.
   */
  onClosed(action: () => void): void;
}

export interface ProcessTerminal extends Terminal {
  /** Why answers are not whole, where somebody may take them for that. */
  readonly lost: string | undefined;
}

const narrowest = 40;
const widest = 140;
const widthOfPipes = 100;

/** The process's own terminal. `NO_COLOR` and `FORCE_COLOR` are honoured (no-color.org). */
export function processTerminal(): ProcessTerminal {
  const { env } = process;
  let closed = (): void => undefined;
  const onClosed = (): void => closed();
  const out = new Output(1, onClosed);
  const err = new Output(2, onClosed);
  const plain = env["TERM"] === "dumb";
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0";
  const refused = (env["NO_COLOR"] ?? "") !== "" || env["FORCE_COLOR"] === "0";
  const colored = (output: Output): boolean =>
    !refused && (forced || (output.isTerminal && !plain));
  return {
    out: (text) => out.write(text),
    err: (text) => err.write(text),
    get width() {
      const given = Number(env["COLUMNS"]);
      if (Number.isInteger(given) && given >= narrowest) return Math.min(given, widest);
      return Math.min(err.columns ?? out.columns ?? widthOfPipes, widest);
    },
    get outColor() {
      return colored(out);
    },
    get errColor() {
      return colored(err);
    },
    get interactive() {
      return err.isTerminal && !plain && env["CI"] === undefined;
    },
    onClosed: (action) => void (closed = action),
    get lost() {
      return out.lost;
    },
  };
}

/** One of the process's output streams. */
class Output {
  /** Only a character device can be a terminal; `/dev/null` is one too. */
  readonly #isDevice: boolean;
  #opened: NodeJS.WriteStream | undefined;
  #isClosed = false;
  #lost: string | undefined;

  constructor(
    private readonly descriptor: 1 | 2,
    private readonly onClosed: () => void,
  ) {
    this.#isDevice = isDevice(descriptor);
  }

  get isTerminal(): boolean {
    return this.#isDevice && this.#stream.isTTY === true;
  }

  /** Why what was written is not there, though somebody may read what is. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** The terminal's width. */
  get columns(): number | undefined {
    // A terminal that does not know its size says 0.
    return (this.isTerminal && this.#stream.columns) || undefined;
  }

  write(text: string): void {
    if (this.#isClosed) return;
    if (this.#isDevice || this.#opened) {
      this.#stream.write(text);
      return;
    }
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length;) {
      try {
        written += writeSync(this.descriptor, bytes, written);
      } catch (error) {
        const failure = error as NodeJS.ErrnoException;
        if (failure.code !== "EAGAIN") return this.#fail(failure);
        // The pipe is full and does not block: the stream waits until there is room.
        this.#stream.write(bytes.subarray(written));
        return;
      }
    }
  }

  get #stream(): NodeJS.WriteStream {
    if (this.#opened === undefined) {
      this.#opened = this.descriptor === 1 ? process.stdout : process.stderr;
      this.#opened.on("error", (error: NodeJS.ErrnoException) => this.#fail(error));
    }
    return this.#opened;
  }

  /** Nobody reads any more, or what is written has no room. */
  #fail({ code, message }: NodeJS.ErrnoException): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A terminal that has been closed says so in its own way.
    if (code === "EPIPE" || (code === "EIO" && this.#isDevice)) return this.onClosed();
    // What is said beside the answer may be missing.
    if (this.descriptor === 2) return;
    this.#lost = code === "ENOSPC" ? "the disk is full" : message;
    this.onClosed();
  }
}

/** Whether a descriptor is a character device; a closed one is not. */
function isDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EBADF") return false;
    throw error;
  }
}

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for one of the streams. */
export function colorsFor(enabled: boolean): Colors {
  return pc.createColors(enabled);
}
