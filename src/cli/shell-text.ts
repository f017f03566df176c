/** Texts as bash, zsh and other shells of POSIX take them. */

/** A text in quotes, in which nothing means anything. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A word as a shell takes it, in quotes where it needs them. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./#-]+$/.test(word) ? word : shellQuoted(word);
}
