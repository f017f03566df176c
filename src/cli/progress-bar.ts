/** One line at the bottom of the terminal that shows how far something is. */
import cliProgress from "cli-progress";
import type { Terminal } from "./terminal.js";

export class ProgressBar {
  #bar: cliProgress.SingleBar | undefined;
  #title = "";

  constructor(private readonly terminal: Terminal) {}

  /** Draws `title ━━━━   3/10  words`, with as much of the bar as the width leaves. */
  show(title: string, done: number, total: number, words: string): void {
    if (this.#bar === undefined || this.#title !== title) {
      this.clear();
      this.#title = title;
      this.#bar = new cliProgress.SingleBar({
        format: "{title} {bar} {value}/{total}  {words}",
        barsize: Math.max(4, Math.min(30, this.terminal.width - 74)),
        barCompleteChar: "━",
        barIncompleteChar: " ",
        hideCursor: true,
        clearOnComplete: true,
        linewrap: false,
        gracefulExit: false,
        stream: process.stderr,
      });
      this.#bar.start(total, done, { title, words });
    }
    this.#bar.update(done, { title, words });
  }

  /** Takes the line away; may be called at any time, and again. */
  clear(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
