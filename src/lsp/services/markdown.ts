/** The few forms of Markdown that hover and completion use. */

/** A line of the language, as editors highlight it. */
export function code(text: string): string {
  return `\`\`\`resnet\n${text}\n\`\`\``;
}

/** Parts one below the other, with a break between; empty ones are left out. */
export function line(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("  \n");
}

/** Parts with an empty line between; empty ones are left out. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}
