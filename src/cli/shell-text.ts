/** Texts as bash, zsh and other shells of POSIX take them. */

/** A text in quotes, in which nothing means anything. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
