/** The import that a name needs which another file declares, and the paths of what ships with the compiler. */
import type { Edit, Help } from "../diagnostics/diagnostic.js";
import { nearest } from "../diagnostics/nearest.js";
import { parse } from "../syntax/parse.js";
import type { ImportDeclaration, Name } from "../syntax/ast.js";
import type { SourceHost } from "./host.js";
import type { ParseFile, Unit } from "./program.js";

/** The import paths of what ships with the compiler: the files of `std/`. */
export const shippedImports: readonly string[] = ["std/blocks"];

/** The help for an import path of what ships that means nothing. */
export function shippedInstead({ value, span }: ImportDeclaration["from"]): Help | undefined {
  if (!value.startsWith("std/")) return undefined;
  const plain = value.replace(/\.resnet$/, "");
  const best = nearest(plain, shippedImports);
  const all = shippedImports.map((each) => `\`${each}\``).join(", ");
  if (best === undefined) return { text: `what ships with the compiler is ${all}` };
  return {
    text: `did you mean \`${best}\`?`,
    edits: [{ span, text: `"${best}"` }],
  };
}

/** The edit that imports a name: into an import of the same file, or as a new line. */
export function importEdit(
  { file, declarations }: Pick<Unit, "file" | "declarations">,
  name: string,
  specifier: string,
  resolve: SourceHost["resolve"],
): Edit {
  const target = resolve(specifier, file.path);
  const imports = declarations.filter((each) => each.kind === "import");
  const same = imports.find(({ from }) => resolve(from.value, file.path) === target);
  const last = same?.names.at(-1);
  const put = (offset: number, text: string): Edit => ({ span: file.span(offset, offset), text });
  if (last) return put((last.alias ?? last.name).span.end, `, ${name}`);
  const line = `import { ${name} } from "${specifier}"`;
  const end = imports.at(-1)?.span.end;
  const { newline } = file;
  return end === undefined ? put(0, `${line}${newline}${newline}`) : put(end, `${newline}${line}`);
}

/** What can be imported by a file: from the files that it imports already, and from what ships with the compiler. */
export class Imports {
  readonly #blocks = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly host: SourceHost,
    private readonly parseFile: ParseFile = parse,
  ) {}

  /** The help that imports a block; undefined where none of these files declares it. */
  help({ text }: Name, unit: Unit): Help | undefined {
    const { path } = unit.file;
    const imported = unit.declarations.flatMap((each) =>
      each.kind === "import" ? [each.from.value] : [],
    );
    const specifier = [...imported, ...shippedImports].find((each) =>
      this.#blocksOf(this.host.resolve(each, path)).has(text),
    );
    if (specifier === undefined) return undefined;
    const resolve = this.host.resolve.bind(this.host);
    return {
      text: `import \`${text}\` from "${specifier}"`,
      edits: [importEdit(unit, text, specifier, resolve)],
    };
  }

  #blocksOf(path: string): ReadonlySet<string> {
    const known = this.#blocks.get(path);
    if (known) return known;
    const { file } = this.host.read(path);
    const declarations = file ? this.parseFile(file).unit.declarations : [];
    const names = declarations.flatMap((each) => (each.kind === "block" ? [each.name.text] : []));
    const blocks = new Set(names);
    this.#blocks.set(path, blocks);
    return blocks;
  }
}
