/** Formats a document or a part of it, by the settings that the project has for the formatter; errors leave it as it is. */
import type { Range, TextEdit } from "vscode-languageserver";
import { SpecError } from "../api/errors.js";
import { formatEdits } from "../api/format.js";
import { formatSettings } from "../host/format-settings.js";
import { rangeOf, spanOf } from "./project/positions.js";
import type { Session } from "./session.js";

/**
 * The edits that format a document, or the part of it that lies in a range; none where its syntax is in error.
 * @throws ConfigurationError where the settings cannot be read.
 */
export async function formatting(
  { project, locations }: Session,
  path: string,
  range?: Range,
): Promise<TextEdit[]> {
  const file = project.file(path);
  if (file === undefined) return [];
  const isFile = locations.uriOf(path).startsWith("file:");
  const { ignored, layout } = isFile
    ? await formatSettings(locations.absolute(path))
    : { ignored: false, layout: {} };
  if (ignored) return [];
  const { endOfLine = "auto", ...others } = layout;
  const options = { ...others, endOfLine, path };
  // Lines are formatted whole.
  const span =
    range &&
    spanOf(file, {
      start: { line: range.start.line, character: 0 },
      end: { line: range.end.line, character: file.line(range.end.line + 1).length },
    });
  try {
    const edits = await formatEdits(file.text, options, span);
    return edits.map((edit) => ({ range: rangeOf(edit.span), newText: edit.text }));
  } catch (error) {
    if (error instanceof SpecError) return [];
    throw error;
  }
}
