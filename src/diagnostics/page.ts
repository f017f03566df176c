/**
 * The page of an error or of a rule, read from its Markdown: a title, what it means and why it matters, an example
 * that is broken and one that is mended, and what else to read. docs/errors/README.md says how one is written.
 */

/** Which of the two examples a piece of code belongs to. */
export type ExampleRole = "broken" | "mended";

export type PageBlock =
  | { readonly kind: "prose"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | PageCode;

export interface PageCode {
  readonly kind: "code";
  /** The first word behind the fence: `resnet`, `jsonc`, or `files` for what no text can show. */
  readonly language: string;
  readonly role?: ExampleRole;
  /** The file it stands in, where the example has several; the spec itself where absent. */
  readonly path?: string;
  /** With a line end behind every line. */
  readonly text: string;
}

export interface Page {
  readonly title: string;
  readonly blocks: readonly PageBlock[];
  /** The codes and rules named in the closing line `See also: …`. */
  readonly seeAlso: readonly string[];
}

const fence = "```";
const closing = "See also: ";

/**
 * Reads a page. Paragraphs and items come back as one line each, their links as the words of the link.
 *
 * @throws RangeError where it has no title, or a fence that is not closed.
 */
export function readPage(markdown: string): Page {
  const [first = "", ...lines] = markdown.replaceAll("\r\n", "\n").split("\n");
  if (!first.startsWith("# ")) throw new RangeError("a page begins with its title, `# …`");
  const blocks: PageBlock[] = [];
  for (let index = 0; index < lines.length;) {
    const line = lines[index] ?? "";
    if (line.trim() === "") {
      index++;
      continue;
    }
    const size = line.startsWith(fence) ? fenced(lines, index) : paragraphSize(lines, index);
    const own = lines.slice(index, index + size);
    if (line.startsWith(fence)) blocks.push(code(own));
    else if (line.startsWith("- ")) blocks.push({ kind: "list", items: itemsOf(own) });
    else blocks.push({ kind: "prose", text: oneLine(own) });
    index += size;
  }
  const last = blocks.at(-1);
  const isClosing = last?.kind === "prose" && last.text.startsWith(closing);
  return {
    title: first.slice(2).trim(),
    blocks: isClosing ? blocks.slice(0, -1) : blocks,
    seeAlso: isClosing ? named(last.text) : [],
  };
}

/** Where a piece of an example stands that names no file of its own, by its language. */
const ownPaths: Readonly<Record<string, string>> = {
  resnet: "spec.resnet",
  jsonc: "resnet.config.json",
};

/** The files of one example, by path; the spec itself is `spec.resnet`, a configuration `resnet.config.json`. */
export function exampleFiles(page: Page, role: ExampleRole): ReadonlyMap<string, string> {
  return new Map(
    page.blocks.flatMap((block) => {
      if (block.kind !== "code" || block.role !== role) return [];
      const path = block.path ?? ownPaths[block.language];
      return path === undefined ? [] : [[path, block.text] as const];
    }),
  );
}

function fenced(lines: readonly string[], from: number): number {
  const end = lines.findIndex((line, index) => index > from && line.trimEnd() === fence);
  if (end < 0) throw new RangeError(`a fence is not closed: ${lines[from]}`);
  return end - from + 1;
}

function paragraphSize(lines: readonly string[], from: number): number {
  const end = lines.findIndex(
    (line, index) => index > from && (line.trim() === "" || line.startsWith(fence)),
  );
  return (end < 0 ? lines.length : end) - from;
}

function code(lines: readonly string[]): PageCode {
  const [opening = "", ...rest] = lines;
  const [language = "", word, path] = opening.slice(fence.length).trim().split(/\s+/);
  const role = word === "broken" || word === "mended" ? word : undefined;
  const text = rest
    .slice(0, -1)
    .map((line) => `${line}\n`)
    .join("");
  return {
    kind: "code",
    language,
    text,
    ...(role && { role }),
    ...(path !== undefined && { path }),
  };
}

function itemsOf(lines: readonly string[]): readonly string[] {
  const items: string[][] = [];
  for (const line of lines) {
    if (line.startsWith("- ")) items.push([line.slice(2)]);
    else items.at(-1)?.push(line);
  }
  return items.map(oneLine);
}

/** `[R0302](R0302.md)` is read as `R0302`. */
function oneLine(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ")
    .replace(/\[([^\]]+)\]\([^)]+\)/g, "$1");
}

function named(text: string): readonly string[] {
  return text
    .slice(closing.length)
    .replace(/\.$/, "")
    .split(/,\s*|\s+and\s+/)
    .map((name) => name.replaceAll("`", "").trim());
}
