/** Tells of changes to specs and configurations in folders, gathered until the writing is over. */
import { basename, resolve } from "node:path";
import { watch, type FSWatcher } from "chokidar";
import type { Place } from "./watch-places.js";

/** How long nothing must have happened until changes are told, in milliseconds: editors save in several steps. */
const quiet = 60;

/** How long what watched a folder that is gone may tell of that, in milliseconds. */
const settling = 1000;

/** Folders that hold no specs of one's own. */
const passedOver = new Set(["node_modules", ".git"]);

export interface ChangesOptions {
  /** Look at the files every so many milliseconds, instead of being told by the system. */
  readonly poll?: number;
  /** Called where the system cannot watch any more. */
  readonly onFault: (error: Error) => void;
}

/** What happened since it was asked last. */
export interface Changes {
  /** Absolute. */
  readonly paths: readonly string[];
  /** Whether files or folders came or went. */
  readonly structure: boolean;
  /** Whether a folder that was watched is gone, so that its place has to be watched from above. */
  readonly lost: boolean;
}

interface Opened {
  readonly watcher: FSWatcher;
  /** Ends the waiting for its first look. */
  readonly ready: () => void;
}

export class FileChanges {
  /** By folder, so that one can be given up without the others. */
  readonly #watchers = new Map<string, Opened[]>();
  /** Those of folders that are gone, until they are closed. */
  readonly #left = new Set<FSWatcher>();
  /** By folder, how deep it is watched. */
  readonly #depths = new Map<string, number>();
  readonly #paths = new Set<string>();
  #structure = false;
  #lost = false;
  #timer: NodeJS.Timeout | undefined;
  #waiting: ((changes: Changes | undefined) => void) | undefined;
  #closed = false;

  constructor(private readonly options: ChangesOptions) {}

  /**
   * Watches further places; those that are watched already cost nothing.
   * @returns whether there was a new one. It is watched when the promise is kept.
   */
  async watch(places: readonly Place[]): Promise<boolean> {
    const fresh = places.filter(({ folder, depth }) => (this.#depths.get(folder) ?? -1) < depth);
    for (const { folder, depth } of fresh) {
      this.#depths.set(folder, Math.max(depth, this.#depths.get(folder) ?? -1));
    }
    const folders = [...new Set(fresh.map(({ folder }) => folder))];
    await Promise.all(folders.map((folder) => this.#open(folder, this.#depths.get(folder) ?? 0)));
    return fresh.length > 0;
  }

  /** The next changes, once the writing is over; `undefined` after `close`. */
  next(): Promise<Changes | undefined> {
    return new Promise((done) => {
      this.#waiting = done;
      if (this.#closed) this.#tell();
      else if (this.#paths.size > 0 && this.#timer === undefined) this.#wait();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#tell();
    const opened = [...this.#watchers.values()].flat();
    for (const { ready } of opened) ready();
    const all = [...this.#left, ...opened.map(({ watcher }) => watcher)];
    await Promise.all(all.map((watcher) => watcher.close()));
  }

  async #open(folder: string, depth: number): Promise<void> {
    const watcher = watch(folder, {
      ignoreInitial: true,
      ...(depth !== Infinity && { depth }),
      ignored: (path, stats) =>
        stats?.isFile() === true
          ? !matters(path)
          : passedOver.has(basename(path)) && path !== folder,
      ...(this.options.poll !== undefined && { usePolling: true, interval: this.options.poll }),
    });
    watcher.on("all", (event, given) => {
      const path = resolve(given);
      this.#note(event, path);
      const isGone = event === "unlinkDir" && this.#depths.has(path);
      if (isGone && !this.#left.has(watcher)) this.#giveUp(path);
    });
    watcher.on("error", (error) => this.options.onFault(error as Error));
    await new Promise<void>((ready) => {
      watcher.once("ready", ready);
      this.#watchers.set(folder, [...(this.#watchers.get(folder) ?? []), { watcher, ready }]);
    });
  }

  #note(event: string, path: string): void {
    this.#paths.add(path);
    this.#structure ||= event !== "change";
    this.#wait();
  }

  /**
   * Forgets a folder that is gone: what watched it does not see one that is made in its place. It is closed a moment
   * later: closed while it still tells what went, it would begin to watch again by itself.
   */
  #giveUp(folder: string): void {
    this.#lost = true;
    this.#depths.delete(folder);
    const opened = this.#watchers.get(folder) ?? [];
    this.#watchers.delete(folder);
    for (const each of opened) {
      // One that is given up may never be ready, and be waited for.
      each.ready();
      this.#left.add(each.watcher);
      setTimeout(() => void this.#closeLeft(each.watcher), settling).unref();
    }
  }

  async #closeLeft(watcher: FSWatcher): Promise<void> {
    this.#left.delete(watcher);
    await watcher.close();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, quiet);
  }

  #tell(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    if (this.#closed) return waiting(undefined);
    const [structure, lost] = [this.#structure, this.#lost];
    const changes = { paths: [...this.#paths].sort(), structure, lost };
    this.#paths.clear();
    this.#structure = this.#lost = false;
    waiting(changes);
  }
}

function matters(path: string): boolean {
  return path.endsWith(".resnet") || basename(path).endsWith(".json");
}
