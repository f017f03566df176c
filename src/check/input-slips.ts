/** Shapes of inputs as they are written elsewhere: with a batch, channels first, sizes without a name or without brackets. */
import type { Help } from "../diagnostics/diagnostic.js";
import { textOf } from "../source/source.js";
import { holdsComment } from "../syntax/comments.js";
import type { Expression } from "../syntax/ast.js";
import { freeSizeName, isChannels, maybeChannelsFirst } from "../syntax/open-sizes.js";
import { lookUp, type Scope } from "./scope.js";

/** What is said of a shape that no input has, with the one that it is here; undefined where it may be one. */
export function shapeSlip(shape: Expression, scope: Scope): Help | undefined {
  const parts = partsOf(shape, scope);
  if (parts === undefined) return undefined;
  const isNew = (text: string): boolean => isName(text) && !lookUp(scope, text).known;
  if (isUnclear(parts.texts)) return { text: "an input is height, width and channels alone" };
  const [own, slip] = ownOrder(parts.texts, isNew);
  const isTaken = (name: string): boolean => own.includes(name) || lookUp(scope, name).known;
  const open = own.map((text, axis) =>
    isOpen(text) && (axis === 0 || axis === 1) ? freeSizeName(axis, isTaken) : text,
  );
  const slips = [
    ...(slip === undefined ? [] : [slip]),
    ...(open.some((text, axis) => text !== own[axis]) ? ["a size that may be any has a name"] : []),
    ...(parts.joined ? ["sizes that have names stand in brackets"] : []),
  ];
  if (slips.length === 0 || own.length !== 3) return undefined;
  if (maybeChannelsFirst(own))
    return { text: "an input is height, width and channels, in this order" };
  const text = open.every((each) => /^\d+$/.test(each)) ? open.join("x") : `[${open.join(", ")}]`;
  const words = `${slips.join("; ")}: \`${text}\``;
  if (holdsComment(shape.span)) return { text: words };
  return {
    text: words,
    edits: [{ span: shape.span, text }],
    ...(parts.texts.length === 4 &&
      !isSurelyBatch(parts.texts, isNew) && { applicability: "unsafe" }),
  };
}

interface Parts {
  readonly texts: readonly string[];
  /** Whether they are one name: `HxWx3`. */
  readonly joined: boolean;
}

function partsOf(shape: Expression, scope: Scope): Parts | undefined {
  if (shape.kind === "list")
    return { texts: shape.items.map(({ span }) => textOf(span)), joined: false };
  if (shape.kind === "dimensions") return { texts: shape.values.map(String), joined: false };
  if (shape.kind !== "name" || lookUp(scope, shape.name.text).known) return undefined;
  const [, height, width, channels] = /^([A-Z])x([A-Z])x(\d+)$/i.exec(shape.name.text) ?? [];
  if (!height || !width || !channels) return undefined;
  return { texts: [height, width, channels], joined: true };
}

/** Height, width and channels, and what was otherwise. */
function ownOrder(
  texts: readonly string[],
  isNew: (text: string) => boolean,
): readonly [readonly string[], string | undefined] {
  const [first = "", second = ""] = texts;
  const last = texts.at(-1) ?? "";
  if (texts.length === 4 && isChannels(second) && !isChannels(last)) {
    return [[...texts.slice(2), second], "channels come last, and an input has no batch"];
  }
  if (texts.length === 4 && isChannels(last)) return [texts.slice(1), "an input has no batch"];
  const isFirst = maybeChannelsFirst(texts) && (isNew(last) || isOpen(last));
  if (isFirst) return [[...texts.slice(1), first], "channels come last"];
  return [texts, undefined];
}

/** Whether the last of four as well as the one before it may be channels: the last may be a batch or a depth. */
function isUnclear(texts: readonly string[]): boolean {
  return texts.length === 4 && texts.slice(2).every((size) => isChannels(size));
}

/** Whether the first of four sizes is a batch, not the frames of a video or a depth, and one of the others channels. */
function isSurelyBatch(
  [first = "", ...rest]: readonly string[],
  isNew: (text: string) => boolean,
): boolean {
  const isBatch = first === "1" || isOpen(first) || (/^(?:N|B|batch)$/.test(first) && isNew(first));
  return isBatch && rest.filter((size) => isChannels(size)).length === 1;
}

function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}

/** Whether a size is left open, as Keras and ONNX write it. */
function isOpen(text: string): boolean {
  return /^(?:None|none|null|-1)$/.test(text);
}
