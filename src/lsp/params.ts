/** What a question of the editor's says: an editor that leaves out a part of it is told which. */
import {
  ErrorCodes,
  ResponseError,
  type Position,
  type Range,
} from "vscode-languageserver/node.js";

/** The address of the document that is asked about. @throws ResponseError where there is none, as in all of these. */
export function uriIn(params: unknown): string {
  const { uri } = fieldsOf(fieldsOf(params)["textDocument"]);
  if (typeof uri !== "string") throw missing("textDocument.uri", "a text");
  return uri;
}

export function positionIn(params: unknown): Position {
  const { position } = fieldsOf(params);
  if (!isPosition(position)) throw missing("position", place);
  return position;
}

export function positionsIn(params: unknown): Position[] {
  const { positions } = fieldsOf(params);
  if (!Array.isArray(positions) || !positions.every(isPosition)) {
    throw missing("positions", `a list, each ${place}`);
  }
  return positions;
}

export function rangeIn(params: unknown): Range {
  const { start, end } = fieldsOf(fieldsOf(params)["range"]);
  if (!isPosition(start) || !isPosition(end)) throw missing("range", "a start and an end");
  return { start, end };
}

/** A text that a question has under a name. */
export function textIn(params: unknown, name: string): string {
  const text = fieldsOf(params)[name];
  if (typeof text !== "string") throw missing(name, "a text");
  return text;
}

/** What a question says besides. */
export function contextIn<T extends object>({ context }: { readonly context?: T }): T {
  if (typeof context !== "object" || context === null) throw missing("context", "an object");
  return context;
}

const place = "a line and a character, both whole numbers from 0";

function isPosition(given: unknown): given is Position {
  const { line, character } = fieldsOf(given);
  return isCount(line) && isCount(character);
}

function isCount(given: unknown): boolean {
  return Number.isSafeInteger(given) && Number(given) >= 0;
}

function fieldsOf(given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === "object" && given !== null ? (given as Record<string, unknown>) : {};
}

function missing(name: string, what: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, `\`${name}\` is missing, or is not ${what}`);
}
