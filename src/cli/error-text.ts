/** How the command says to a person what went wrong where no line of a spec is at fault. */
import { visible, wrap } from "../diagnostics/display-width.js";
import { colorsFor, type Terminal } from "./terminal.js";

/**
 * `error: MESSAGE` and below it `= help: …`, wrapped to the terminal, with a line break at the end.
 *
 * @param help how to mend it; lines after its first are to be copied, and stand whole at the start of a line.
 */
export function errorText(
  message: string,
  help: string | undefined,
  { width }: Pick<Terminal, "width">,
  color: boolean,
): string {
  const { bold, red, blue } = colorsFor(color);
  const [first = "", ...rest] = wrap(visible(message), width - 7);
  const lines = [
    `${red(bold("error"))}${bold(`: ${first}`)}`,
    ...rest.map((line) => `       ${bold(line)}`),
  ];
  if (help !== undefined) {
    const [advice = "", ...copied] = help.split("\n").map(visible);
    const [helpFirst = "", ...helpRest] = wrap(advice, width - 10);
    lines.push(`  ${blue("=")} ${bold("help:")} ${helpFirst}`);
    lines.push(...helpRest.map((line) => `          ${line}`), ...copied);
  }
  return `${lines.join("\n")}\n`;
}
