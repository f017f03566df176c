/** `resnetc watch`: the command over the specs again after every change, until Ctrl-C. */
import { dirname, resolve } from "node:path";
import { isatty } from "node:tty";
import { assignments } from "./given.js";
import { status } from "./status.js";
import type { Terminal } from "./terminal.js";
import { FileChanges } from "./watch/file-changes.js";
import { jsonLine, printRound, type Round } from "./watch/round-output.js";
import {
  runRound,
  specsMeant,
  type RoundRequest,
  type RoundResult,
  type WatchedCommand,
} from "./watch/round.js";
import { placesAbove, placesOf, placesOfFiles } from "./watch/watch-places.js";

export interface WatchFlags {
  readonly command: WatchedCommand;
  /** `--set NAME=VALUE` */
  readonly set?: readonly string[];
  readonly json?: boolean;
  /** Milliseconds between looks at the files; true for as many as are usual. */
  readonly poll?: number | true;
  /** False for `--no-clear`. */
  readonly clear: boolean;
}

/** Milliseconds between two looks at the files where `--poll` says none. */
const usualPoll = 300;

/**
 * @param patterns files, folders and patterns; the working folder where there is none.
 * @returns the exit status, after Ctrl-C.
 */
export async function watchCommand(
  patterns: readonly string[],
  flags: WatchFlags,
  terminal: Terminal,
): Promise<number> {
  const { command, set = [] } = flags;
  const meant = patterns.length === 0 ? ["."] : patterns;
  const request = { command, patterns: meant, parameters: assignments("--set", set) };
  const changes = new FileChanges({
    ...(flags.poll !== undefined && { poll: flags.poll === true ? usualPoll : flags.poll }),
    onFault: (error) => terminal.err(faultText(error)),
  });
  const end = untilStopped(changes, terminal);
  let changed: readonly string[] = [];
  for (let number = 1; ; number++) {
    const round = { number, command, changed, set, ...(await watchedRound(request, changes)) };
    if (flags.json) terminal.out(jsonLine(round));
    else {
      if (flags.clear && isatty(1) && process.env["TERM"] !== "dumb") terminal.out(clearScreen);
      printRound(round, terminal);
    }
    const next = await relevant(request, round.result, changes);
    if (next === undefined) return end();
    changed = next;
  }
}

/** Clears the screen and what was scrolled away, and goes to its first line. */
const clearScreen = "\u001b[2J\u001b[3J\u001b[H";

/** A round all of whose files are watched: what is read before they are is read again. */
async function watchedRound(
  request: RoundRequest,
  changes: FileChanges,
): Promise<Pick<Round, "result" | "time" | "milliseconds">> {
  await changes.watch(placesOf(request.patterns));
  for (;;) {
    const time = new Date();
    const begun = performance.now();
    const result = await runRound(request);
    const milliseconds = performance.now() - begun;
    const places = [
      ...placesOfFiles(result.reads),
      ...(request.command === "lint" ? placesAbove([...result.reads], resolve(".")) : []),
    ];
    if (!(await changes.watch(places))) return { result, time, milliseconds };
  }
}

/** Waits for a change that matters to what was found; `undefined` after Ctrl-C. */
async function relevant(
  { command, patterns }: RoundRequest,
  { reads, meant }: RoundResult,
  changes: FileChanges,
): Promise<readonly string[] | undefined> {
  const folders = new Set(command === "lint" ? configFolders(reads) : []);
  const matters = (path: string): boolean =>
    reads.has(path) || (path.endsWith(".json") && folders.has(dirname(path)));
  for (;;) {
    const next = await changes.next();
    if (next === undefined) return undefined;
    const { paths, structure, lost } = next;
    if (lost || paths.some(matters)) return paths.filter((path) => isSpec(path) || matters(path));
    if (structure && (await specsMeant(patterns)).join("\0") !== meant.join("\0")) {
      return paths.filter(isSpec);
    }
  }
}

function isSpec(path: string): boolean {
  return path.endsWith(".resnet");
}

/** Where the configurations of specs may be, and those that they extend: from their folders upwards. */
function configFolders(reads: ReadonlySet<string>): readonly string[] {
  return placesAbove([...reads], resolve(".")).map(({ folder }) => folder);
}

/**
 * Ends the watching on Ctrl-C, on SIGTERM and when nobody reads any more.
 * @returns what gives the signals back, and the exit status.
 */
function untilStopped(changes: FileChanges, terminal: Terminal): () => number {
  const stop = (): void => void changes.close();
  process.on("SIGINT", stop).on("SIGTERM", stop);
  terminal.onClosed(stop);
  return () => {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    return status.interrupted;
  };
}

function faultText(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  const full = code === "ENOSPC" || code === "EMFILE";
  const reason = full ? "the system watches no more files" : error.message;
  return `warning: changes may go unseen: ${reason}\n  = help: watch with --poll, or fewer folders\n`;
}
