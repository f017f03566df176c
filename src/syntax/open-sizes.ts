/** Sizes of an input that are left open, as `?` or `None`: the names that they have here. */
import { textOf, type SourceFile, type Span } from "../source/source.js";

/** How much of a line is looked at on either side: a line of nothing but `?` is read as fast as another. */
const longest = 200;

/** Whether a `?` stands in the brackets of an input. */
export function isOpenSize(span: Span): boolean {
  return textOf(span).startsWith("?") && listBefore(span) !== undefined;
}

/** A name that its file has nowhere for a `?` in the brackets of an input; undefined where none can stand there. */
export function nameOfOpenSize(span: Span): string | undefined {
  const { file, end } = span;
  const before = listBefore(span) ?? "";
  const behind = /^[^\]\r\n]*/.exec(file.text.slice(end, end + longest))?.[0] ?? "";
  const sizes = `${before}${textOf(span)}${behind}`.split(",").map((each) => each.trim());
  const wanted = namesByAxis(sizes)[before.split(",").length - 1];
  return wanted && freeName(wanted, (name) => takenIn(file).has(name));
}

const taken = new WeakMap<SourceFile, ReadonlySet<string>>();

/** The names of sizes that stand anywhere in a file. */
function takenIn(file: SourceFile): ReadonlySet<string> {
  const known = taken.get(file);
  if (known) return known;
  const names = new Set(file.text.match(/\b(?:H|Height|W|Width|N)\d*\b/g));
  taken.set(file, names);
  return names;
}

/** `H` for a height or `W` for a width, or the next name that is not taken. */
export function freeSizeName(axis: 0 | 1, isTaken: (name: string) => boolean): string {
  return freeName(axis === 0 ? height : width, isTaken);
}

/** A name, and what is taken where it is none: with a number behind it where that is left out. */
type Wanted = readonly [name: string, other?: string];

const height: Wanted = ["H", "Height"];
const width: Wanted = ["W", "Width"];
const batch: Wanted = ["N"];

function freeName([name, other]: Wanted, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  if (other !== undefined && !isTaken(other)) return other;
  for (let number = 1; ; number++) {
    if (!isTaken(`${name}${number}`)) return `${name}${number}`;
  }
}

/** What stands in the brackets of an input before a `?` on its line. */
function listBefore({ file, start }: Span): string | undefined {
  const before = file.text.slice(Math.max(0, start - longest), start);
  return /\binput[ \t]*\[([^\]\r\n]*)$/.exec(before)?.[1];
}

/** What the sizes of a shape are called: channels, which cannot be open, are called nothing, and where an order is not sure nothing is. */
function namesByAxis(sizes: readonly string[]): readonly (Wanted | undefined)[] {
  if (!sizes.every((size) => /^(?:\?|\w+)$/.test(size))) return [];
  const batches = sizes.length === 4 ? [batch] : [];
  const own = sizes.slice(batches.length);
  if (!maybeChannelsFirst(own)) return [...batches, height, width];
  return own.at(-1) === "?" ? [...batches, undefined, height, width] : [];
}

/** Whether the first of three sizes may be the channels, which the last is not. */
export function maybeChannelsFirst(sizes: readonly string[]): boolean {
  return sizes.length === 3 && isChannels(sizes[0]) && !isChannels(sizes[2]);
}

/** Whether a size is how many channels images have. */
export function isChannels(size = ""): boolean {
  return /^[134]$/.test(size);
}
