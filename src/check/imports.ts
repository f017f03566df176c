/** The import that a name needs which another file declares, and the paths of what ships with the compiler. */
import type { Edit, Help } from "../diagnostics/diagnostic.js";
import { nearest } from "../diagnostics/nearest.js";
import { parse } from "../syntax/parse.js";
import type { ImportDeclaration, Name } from "../syntax/ast.js";
import type { SourceHost } from "./host.js";
import type { ParseFile, Unit } from "./program.js";

/** The import paths of what ships with the compiler: the files of `std/`. */
export const shippedImports: readonly string[] = ["std/blocks"];

/** Blocks that ship with the compiler, by the names that torchvision, Keras and their like give them. */
const blocksElsewhere: ReadonlyMap<string, string> = new Map([
  ["BasicBlock", "Basic"],
  ["BottleneckBlock", "Bottleneck"],
]);

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
    const specifier = this.#specifiers(unit).find((each) => this.#blocksAt(each, unit).has(text));
    if (specifier === undefined) return undefined;
    const edit = this.#edit(text, specifier, unit);
    return { text: `import \`${text}\` from "${specifier}"`, edits: [edit] };
  }

  /** The help that imports the block which a misspelt name, or one of another library, is near to. */
  nearHelp({ text, span }: Name, unit: Unit): Help | undefined {
    for (const specifier of this.#specifiers(unit)) {
      const blocks = this.#blocksAt(specifier, unit);
      const known = [
        ...blocks,
        ...[...blocksElsewhere].flatMap(([name, own]) => (blocks.has(own) ? [name] : [])),
      ];
      const near = nearest(text, known);
      const meant = near && (blocksElsewhere.get(near) ?? near);
      if (meant === undefined) continue;
      return {
        text: `did you mean \`${meant}\` of "${specifier}"?`,
        edits: [this.#edit(meant, specifier, unit), { span, text: meant }],
        applicability: "unsafe",
      };
    }
    return undefined;
  }

  #edit(name: string, specifier: string, unit: Unit): Edit {
    return importEdit(unit, name, specifier, this.host.resolve.bind(this.host));
  }

  /** Where a block may come from: files that are imported from already first. */
  #specifiers({ declarations }: Unit): readonly string[] {
    const imported = declarations.flatMap((each) =>
      each.kind === "import" ? [each.from.value] : [],
    );
    return [...new Set([...imported, ...shippedImports])];
  }

  #blocksAt(specifier: string, { file }: Unit): ReadonlySet<string> {
    return this.#blocksOf(this.host.resolve(specifier, file.path));
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
