/** The index of the pages of errors: docs/errors/README.md, written from the pages themselves. */
import { errorGroups, explainedNames } from "../../src/api/explain.js";

const opening = `# Errors

Every error of the compiler has a page here, and so has everything that can be wrong with a resnet.config.json.
\`resnetc explain R0301\` shows one in the terminal. The rules of the linter have theirs in [docs/rules](../rules).

A page is its title, what the error means, why it matters, a broken and a mended example, and a closing line
\`See also: …\`. The fences of the examples say \`resnet broken\` and \`resnet mended\`; a further file of an
example has its name behind that, as in \`resnet broken wide.resnet\`, and what no text can show, such as a folder,
is said in a fence \`files broken\`; configurations stand in \`jsonc broken\`. \`test/api/explain.test.ts\` checks
both examples of every page: the broken one gives this error alone, and the mended one gives nothing.
\`npm run errors\` writes this list.
`;

/** The whole file. */
export function errorIndex(): string {
  const errors = explainedNames().filter(({ kind }) => kind === "error");
  const groups = errorGroups.map((group) => {
    const own = errors.filter((each) => each.group === group);
    const rows = own.map(({ name, title }) => `- [${name}](${name}.md): ${title}`);
    return `\n## ${group.charAt(0).toUpperCase()}${group.slice(1)}\n\n${rows.join("\n")}\n`;
  });
  return opening + groups.join("");
}
