/**
 * Which parts of a source line are shown: all of it where it fits, else windows of it that hold what is marked,
 * as few as do. Nothing is marked that is not shown.
 */
import { columns, visible } from "./display-width.js";

/** A part of a line that something is said of, in characters from its beginning. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A stretch as it stands below an excerpt. */
export interface Underlined<S> {
  readonly stretch: S;
  /** The columns before it. */
  readonly column: number;
  /** How many columns of it are shown, at least one. */
  readonly length: number;
}

/** What is shown of a line at once, `…` where it is cut, and what is marked there. */
export interface Excerpt<S> {
  readonly text: string;
  readonly marked: readonly Underlined<S>[];
}

/** How much of the line stands before what is marked, where there is room. */
const context = 20;

/**
 * The excerpts of a line.
 *
 * @param stretches in the order in which they begin.
 * @param room how many columns an excerpt may take.
 */
export function excerptsOf<S extends Stretch>(
  line: string,
  stretches: readonly S[],
  room: number,
): readonly Excerpt<S>[] {
  if (fits(line, room)) return [excerpt(line, stretches, { start: 0, end: line.length })];
  return windowsOf(line, stretches, room - 2).map(({ held, shown }) =>
    excerpt(line, held, widened(line, shown, room)),
  );
}

/** Whether text takes no more than so many columns. A character takes half a column on average at the least. */
function fits(text: string, room: number): boolean {
  return text.length <= 2 * room && columns(text) <= room;
}

interface Window<S> {
  readonly held: readonly S[];
  /** From the first of them to the end of the last. */
  readonly shown: Stretch;
}

/** Stretches that can be shown together; of one that is too long by itself, its beginning. */
function windowsOf<S extends Stretch>(
  line: string,
  stretches: readonly S[],
  room: number,
): readonly Window<S>[] {
  const windows: Window<S>[] = [];
  for (const stretch of stretches) {
    const { start } = stretch;
    const end = Math.min(Math.max(stretch.end, start), forward(line, start, room));
    const last = windows.at(-1);
    if (last && fits(line.slice(last.shown.start, end), room)) {
      const shown = { start: last.shown.start, end: Math.max(last.shown.end, end) };
      windows[windows.length - 1] = { held: [...last.held, stretch], shown };
    } else windows.push({ held: [stretch], shown: { start, end } });
  }
  return windows;
}

/** A window with as much of the line around it as there is room for. */
function widened(line: string, { start, end }: Stretch, room: number): Stretch {
  if (fits(line.slice(0, end), room - 1)) return { start: 0, end: forward(line, 0, room - 1) };
  const spare = room - 2 - columns(line.slice(start, end));
  const rest = line.slice(end, end + 2 * room);
  const behind = Math.min(columns(rest), Math.max(0, spare - context));
  const from = backward(line, start, spare - behind);
  const isLast = fits(line.slice(from), room - 1);
  return { start: from, end: isLast ? line.length : forward(line, from, room - 2) };
}

/** Where the characters from `from` on have taken so many columns. */
function forward(line: string, from: number, room: number): number {
  let [at, left] = [from, room];
  for (const character of line.slice(from, from + 2 * room)) {
    left -= columns(character);
    if (left < 0) break;
    at += character.length;
  }
  return at;
}

/** From where on the characters before `to` take so many columns. */
function backward(line: string, to: number, room: number): number {
  let [at, left] = [to, room];
  for (const character of [...line.slice(Math.max(0, to - 2 * room), to)].reverse()) {
    left -= columns(character);
    if (left < 0) break;
    at -= character.length;
  }
  return at;
}

function excerpt<S extends Stretch>(
  line: string,
  stretches: readonly S[],
  { start, end }: Stretch,
): Excerpt<S> {
  const [before, behind] = [start > 0 ? "…" : "", end < line.length ? "…" : ""];
  const marked = stretches.map((stretch) => ({
    stretch,
    column: columns(before) + columns(line.slice(start, stretch.start)),
    length: Math.max(1, columns(line.slice(stretch.start, Math.min(stretch.end, end)))),
  }));
  return { text: `${before}${visible(line.slice(start, end))}${behind}`, marked };
}
