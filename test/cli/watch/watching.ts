/** A `resnetc watch` that runs, and the rounds that it tells. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A line of `--json`. */
export interface ToldRound {
  readonly round: number;
  readonly ok: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly milliseconds: number;
  readonly changed: readonly string[];
  readonly files: readonly {
    readonly file: string;
    readonly ok: boolean;
    readonly diagnostics: readonly { readonly code: string }[];
    readonly error?: { readonly message: string };
  }[];
  readonly error?: { readonly message: string };
}

const patience = 20_000;

export class Watching {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  text = "";
  errors = "";
  #woken: () => void = () => undefined;
  #read = 0;

  /** @param built a built package. */
  constructor(built: string, given: readonly string[], cwd: string) {
    const { NO_COLOR: _no, FORCE_COLOR: _force, ...plain } = process.env;
    const words = [join(built, "bin", "resnetc.cjs"), "watch", ...given];
    this.child = spawn(process.execPath, words, {
      cwd,
      env: plain,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.text += text;
      this.#woken();
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.errors += text));
    this.ended = new Promise((done) => {
      this.child.on("close", (status) => {
        done(status);
        this.#woken();
      });
    });
    onTestFinished(async () => {
      if (this.child.exitCode === null) this.child.kill("SIGKILL");
      await this.ended;
    });
  }

  /** The next line. @throws Error where none comes. */
  async line(): Promise<string> {
    const until = Date.now() + patience;
    for (;;) {
      const end = this.text.indexOf("\n", this.#read);
      if (end >= 0) {
        const line = this.text.slice(this.#read, end);
        this.#read = end + 1;
        return line;
      }
      const left = until - Date.now();
      if (left <= 0 || this.child.exitCode !== null) {
        throw new Error(`No line came.\n${this.text}\n${this.errors}`);
      }
      await new Promise<void>((woken) => {
        const timer = setTimeout(woken, left);
        this.#woken = () => {
          clearTimeout(timer);
          woken();
        };
      });
    }
  }

  /** The next round of `--json`. */
  async round(): Promise<ToldRound> {
    return JSON.parse(await this.line()) as ToldRound;
  }

  /** The first round from now that is as wanted: a save in several steps may tell some on the way. */
  async roundWhere(wanted: (round: ToldRound) => boolean): Promise<ToldRound> {
    for (;;) {
      const round = await this.round();
      if (wanted(round)) return round;
    }
  }

  /** Whether no line comes for a while. */
  async isQuiet(milliseconds = 700): Promise<boolean> {
    await new Promise((done) => setTimeout(done, milliseconds));
    return this.text.indexOf("\n", this.#read) < 0;
  }
}
