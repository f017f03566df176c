/** Changes that every one of several blocks in a row has are told once: `conv3.block[2-4]`. */
import type { Change } from "./structure.js";

interface Run {
  /** `conv3.block`, or undefined for a change outside of a block. */
  readonly prefix: string | undefined;
  readonly first: number;
  last: number;
  /** The changes within one block, as text without its number. */
  readonly text: string;
  readonly changes: readonly Change[];
}

/** The same changes with repeated ones as one, at the place of the first. */
export function foldRepetition(changes: readonly Change[]): readonly Change[] {
  const runs: Run[] = [];
  for (const own of byBlock(changes)) {
    const before = runs.at(-1);
    const follows = before !== undefined && before.prefix !== undefined;
    if (
      follows &&
      before.prefix === own.prefix &&
      own.first === before.last + 1 &&
      before.text === own.text
    ) {
      before.last = own.last;
    } else runs.push(own);
  }
  return runs.flatMap(({ prefix, first, last, changes: own }) =>
    prefix === undefined || first === last
      ? own
      : own.map((change) => ({
          ...change,
          place: change.place.replace(`${prefix}${first}`, `${prefix}[${first}-${last}]`),
        })),
  );
}

/** Changes in a row that lie in one block, together. */
function byBlock(changes: readonly Change[]): readonly Run[] {
  const runs: { readonly prefix: string | undefined; readonly number: number; own: Change[] }[] =
    [];
  for (const change of changes) {
    const [, prefix, number] = /^(.*?\.block)(\d+)(?=\.|$)/.exec(change.place) ?? [];
    const last = runs.at(-1);
    if (prefix !== undefined && last?.prefix === prefix && last.number === Number(number)) {
      last.own.push(change);
    } else runs.push({ prefix, number: Number(number ?? 0), own: [change] });
  }
  return runs.map(({ prefix, number, own }) => {
    const name = `${prefix}${number}`;
    const text = prefix === undefined ? "" : JSON.stringify(own).replaceAll(name, `${prefix}N`);
    return { prefix, first: number, last: number, text, changes: own };
  });
}
