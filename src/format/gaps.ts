/** What stands in the text between nodes: space, comments, and the signs and words that the tree does not keep. */

const space = /\s/;

/** The first offset from `from` on that is neither space nor comment. */
export function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && (space.test(text.charAt(at)) || text.charAt(at) === "\ufeff")) at++;
    if (!text.startsWith("//", at)) return at;
    at = endOfLine(text, at);
  }
}

/**
 * Where `sign` stands first from `from` on, outside of comments.
 *
 * @throws RangeError where it does not: the tree and the text are not of one another.
 */
export function findSign(text: string, sign: string, from: number): number {
  for (let at = skipBlank(text, from); at < text.length; at = skipBlank(text, at + 1)) {
    if (text.startsWith(sign, at)) return at;
  }
  throw new RangeError(`there is no \`${sign}\` behind offset ${from}`);
}

/** Whether `sign` is the first that stands between two offsets, but for space and comments. */
export function isNext(text: string, sign: string, from: number): boolean {
  return text.startsWith(sign, skipBlank(text, from));
}

/** Whether a line ends between two offsets. */
export function spansLines(text: string, from: number, to: number): boolean {
  return text.slice(from, to).includes("\n");
}

/** Whether an empty line follows the line in which `from` is, where nothing but a comment follows `from`. */
export function isEmptyLineBehind(text: string, from: number): boolean {
  const end = endOfLine(text, from);
  return end < text.length && /^[ \t]*\r?\n/.test(text.slice(end + 1));
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}
