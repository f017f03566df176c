/**
 * Mends texts by the edits of their diagnostics until nothing is left to mend. Every change is checked:
 * it is kept only if what it was for is gone, and if it brought no other error in its place.
 */
import type { Diagnostic, Edit } from "./diagnostic.js";
import {
  allEdits,
  compatible,
  editedTexts,
  editsByPath,
  mendable,
  Moves,
  type Mendable,
  type Texts,
} from "./edits.js";

/** What is wrong with the texts as they are, where those given stand for what the files hold. */
export type Finder = (texts: Texts) => readonly Diagnostic[];

export interface MendOptions {
  /** Whether edits that are marked as unsafe are made as well. */
  readonly unsafe?: boolean;
  /** Whether a file may be changed; every file where left out. */
  readonly mayChange?: (path: string) => boolean;
}

/** One change that was made, with where it stands in the text that came out. */
export interface Mend {
  readonly code: string;
  readonly path: string;
  readonly offset: number;
  readonly was: string;
  readonly now: string;
}

export interface Mended {
  /** The files that have changed, whole. */
  readonly texts: Texts;
  readonly mends: readonly Mend[];
  /** What is still found. */
  readonly left: readonly Diagnostic[];
  /** How many of those only an unsafe mend would mend. */
  readonly unsafe: number;
  /** How many mends were tried and given up, as another error would have come of them. */
  readonly refused: number;
}

/** More changes than this are none that lead anywhere. */
const stepLimit = 1000;

/** How many findings are looked at after changes, of all that are tried: more of them are a flood that nobody mends. */
const findingLimit = 50_000;

/** Mends what `find` finds, as far as it can be. */
export function mend(find: Finder, options: MendOptions = {}): Mended {
  const mending = new Mending(find, options);
  for (let step = 0; step < stepLimit && mending.advance(); step++);
  return mending.result;
}

interface Place {
  readonly code: string;
  readonly path: string;
  readonly offset: number;
}

class Mending {
  #texts: Texts = new Map();
  #found: readonly Diagnostic[];
  #mends: readonly Mend[] = [];
  #refused: readonly Place[] = [];
  /** How many findings have been looked at after changes. */
  #looked = 0;

  constructor(
    private readonly find: Finder,
    private readonly options: MendOptions,
  ) {
    this.#found = find(this.#texts);
  }

  get result(): Mended {
    const all = this.#candidates(true).length;
    return {
      texts: this.#texts,
      mends: this.#mends,
      left: this.#found,
      unsafe: this.options.unsafe ? 0 : all - this.#candidates(false).length,
      refused: this.#refused.length,
    };
  }

  /** Makes as many changes at once as hold, or gives one up. @returns whether there was any to try. */
  advance(): boolean {
    if (this.#looked > findingLimit) return false;
    let group = compatible(this.#next());
    if (group.length === 0) return false;
    while (!this.#try(group)) {
      const [first] = group;
      if (group.length === 1 && first) {
        this.#refused = [...this.#refused, placeOf(first.diagnostic)];
        return true;
      }
      group = group.slice(0, Math.ceil(group.length / 2));
    }
    return true;
  }

  /**
   * What is safe comes first: an unsafe one, such as an expectation, must not hold what a safe one is about to change.
   * What narrows waits for all else that is as safe, which may do without it.
   */
  #next(): readonly Mendable[] {
    for (const unsafe of this.options.unsafe ? [false, true] : [false]) {
      const all = this.#candidates(unsafe);
      const widest = all.filter(({ diagnostic }) => !diagnostic.help?.narrows);
      if (all.length > 0) return widest.length > 0 ? widest : all;
    }
    return [];
  }

  #candidates(unsafe: boolean): readonly Mendable[] {
    const { mayChange = () => true } = this.options;
    return mendable(this.#found, unsafe).filter(
      ({ diagnostic, edits }) =>
        edits.every(({ span }) => mayChange(span.file.path)) &&
        !this.#refused.some((each) => isSamePlace(each, placeOf(diagnostic))),
    );
  }

  #try(group: readonly Mendable[]): boolean {
    const edits = allEdits(group);
    const texts = new Map([...this.#texts, ...editedTexts(edits)]);
    const found = this.find(texts);
    this.#looked += found.length;
    const moves = movesByPath(edits);
    if (!isBetter(this.#found, group, found, moves)) return false;
    const follow = <P extends Place>(place: P): P => ({
      ...place,
      offset: moves.get(place.path)?.of(place.offset) ?? place.offset,
    });
    this.#refused = this.#refused.map(follow);
    this.#mends = [...this.#mends.map(follow), ...mendsOf(group, moves)];
    this.#texts = texts;
    this.#found = found;
    return true;
  }
}

function placeOf({ code, span }: Diagnostic): Place {
  return { code, path: span?.file.path ?? "", offset: span?.start ?? 0 };
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.code === other.code && one.path === other.path && one.offset === other.offset;
}

/** Where the places of files have gone, by their paths. */
type MovesByPath = ReadonlyMap<string, Moves>;

function movesByPath(edits: readonly Edit[]): MovesByPath {
  return new Map([...editsByPath(edits)].map(([path, own]) => [path, new Moves(own)]));
}

/** What was changed, each with where it is afterwards. */
function mendsOf(group: readonly Mendable[], moves: MovesByPath): readonly Mend[] {
  const seen = new Set<string>();
  return group.flatMap(({ diagnostic, edits }) =>
    edits.flatMap(({ span, text }): Mend[] => {
      const { file, start, end } = span;
      const key = `${file.path}:${start}:${end}`;
      if (seen.has(key)) return [];
      seen.add(key);
      const offset = moves.get(file.path)?.ofEdit(start) ?? start;
      return [
        {
          code: diagnostic.code,
          path: file.path,
          offset,
          was: file.text.slice(start, end),
          now: text,
        },
      ];
    }),
  );
}

/**
 * Whether a change was for the better: what it was for is gone, and whatever else is found now stood
 * there before or could not be seen as long as the mistake was there.
 */
function isBetter(
  before: readonly Diagnostic[],
  group: readonly Mendable[],
  after: readonly Diagnostic[],
  moves: MovesByPath,
): boolean {
  const follow = (place: Place): string => {
    const offset = moves.get(place.path)?.of(place.offset) ?? place.offset;
    return `${place.code} ${place.path} ${offset}`;
  };
  const targets = new Set(group.map(({ diagnostic }) => follow(placeOf(diagnostic))));
  const known = new Set(before.map((each) => follow(placeOf(each))));
  const more = after.length > before.length;
  const keyOf = (each: Diagnostic): string => {
    const { code, path, offset } = placeOf(each);
    return `${code} ${path} ${offset}`;
  };
  if (after.some((each) => targets.has(keyOf(each)))) return false;
  const fresh = after.filter((each) => !known.has(keyOf(each)));
  if (group.some((mended) => bringsSeveral(mended, fresh, moves))) return false;
  return fresh.every((each) => group.some((mended) => couldBeHidden(each, mended, moves, more)));
}

/** Whether a change leaves several findings where it was made: of one mistake it has made more. */
function bringsSeveral(
  { edits }: Mendable,
  fresh: readonly Diagnostic[],
  moves: MovesByPath,
): boolean {
  const beside = fresh.filter((found) => edits.some((edit) => isBeside(found, edit, moves)));
  return beside.length > 1;
}

/** How much space between a finding and an edit is looked at. */
const spaceLooked = 100;

/** Whether nothing but space parts a finding from an edit that has been made. */
function isBeside({ span: at }: Diagnostic, { span, text }: Edit, moves: MovesByPath): boolean {
  if (at?.file.path !== span.file.path) return false;
  const start = moves.get(span.file.path)?.ofEdit(span.start) ?? span.start;
  const end = start + text.length;
  if (at.start > end + spaceLooked || at.end < start - spaceLooked) return false;
  return (
    at.file.text.slice(Math.min(at.end, start), start).trim() === "" &&
    at.file.text.slice(end, Math.max(at.start, end)).trim() === ""
  );
}

/**
 * Whether a finding may have been hidden by the mistake that was mended: it belongs to a later phase, or to
 * the same one, further on, where the mistake kept the checker from looking.
 */
function couldBeHidden(
  found: Diagnostic,
  { diagnostic, edits }: Mendable,
  moves: MovesByPath,
  more: boolean,
): boolean {
  const [phase, mended] = [phaseOf(found), phaseOf(diagnostic)];
  if (phase !== mended) return phase > mended;
  const places = edits.map((edit) => relation(found, edit, moves));
  if (places.includes("touching")) return false;
  // A name that means something now has its arguments looked at, wherever they stand.
  if (phase === namesPhase) return true;
  // A declaration that can be read now is; but a brace more or less must not upset what follows.
  const isRead = found.code === "R0101" && diagnostic.code === "R0101";
  // A merge that fits now lets the sizes behind it be sure.
  const isSure = phase === shapesPhase && !more;
  return (isRead || isSure) && places.every((place) => place === "behind");
}

/** Where a finding stands to an edit that has been made. */
function relation(
  { span: at }: Diagnostic,
  { span, text }: Edit,
  moves: MovesByPath,
): "before" | "touching" | "behind" {
  if (at?.file.path !== span.file.path) return "behind";
  const start = moves.get(span.file.path)?.ofEdit(span.start) ?? span.start;
  if (at.end <= start) return "before";
  return at.start >= start + text.length ? "behind" : "touching";
}

const shapesPhase = 3;
const namesPhase = 2;

/**
 * The order in which the checker finds things: files, syntax, names and recipes, shapes, what expectations
 * say, and last whether they hold.
 */
function phaseOf({ code }: Diagnostic): number {
  if (code === "R0401") return 5;
  const phase = Number(/^R0(\d)/.exec(code)?.[1] ?? 9);
  return phase === 5 ? namesPhase : phase;
}
