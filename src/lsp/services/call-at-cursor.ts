/** The call whose argument is being written at a cursor, from the tokens before it. */
import { tokenMatcher, type IToken } from "chevrotain";
import * as T from "../../syntax/tokens.js";
import type { CallPlace } from "./callees.js";
import type { Cursor, Frame } from "../names/cursor.js";

export interface CallAtCursor {
  readonly callee: string;
  readonly place: CallPlace;
  /** The arguments before the one that is written: their names, or undefined for those without one. */
  readonly before: readonly (string | undefined)[];
  /** The name of the argument that is written, where that stands before the cursor. */
  readonly named?: string;
  /** Whether nothing of the argument's value stands before the cursor. */
  readonly empty: boolean;
  /** Whether its parentheses are closed: only a stride may follow. */
  readonly closed: boolean;
}

/** The innermost call around the cursor; undefined where none is. */
export function callAtCursor(cursor: Cursor): CallAtCursor | undefined {
  const { around } = cursor;
  for (let index = around.length - 1; index >= 0; index--) {
    const { frame, item } = around[index] as (typeof around)[number];
    const outer = around[index - 1];
    if (frame.kind === "call") {
      return read(frame.callee, placeOf(frame, around.slice(0, index)), item);
    }
    if (frame.kind === "group" && outer) continue;
    const step = stepOf(frame, item);
    return step && read(step.callee, step.place, step.given);
  }
  return undefined;
}

/** As what a call in parentheses is called. */
function placeOf(call: Frame & { kind: "call" }, outer: Cursor["around"]): CallPlace {
  const parent = outer.at(-1);
  if (parent === undefined) return { in: "value" };
  const { frame, item } = parent;
  switch (frame.kind) {
    case "file":
      return item[0]?.image === "network" ? { in: "instance" } : { in: "value" };
    case "recipe": {
      const isValue = item[1]?.image === call.callee;
      return isValue ? { in: "setting", key: item[0]?.image ?? "", chain: false } : { in: "value" };
    }
    case "expect":
      return { in: "expect" };
    case "network":
    case "chain":
    case "setting": {
      // Without the parenthesis that opens the call.
      const step = stepTokens(frame, item).slice(0, -1);
      // `Basic(…)` is the step itself; `conv 3x3, max(…)` has it among its arguments.
      const isCallee = calleeIndex(step) === step.length - 1 || step.length === 0;
      if (!isCallee) return { in: "value" };
      if (frame.kind === "setting") return { in: "setting", key: frame.key, chain: true };
      return { in: "chain" };
    }
    default:
      return { in: "value" };
  }
}

/** The tokens of the step at hand: after the last arrow, and after the name of a stage. */
export function stepTokens(frame: Frame, item: readonly IToken[]): readonly IToken[] {
  const arrow = item.findLastIndex(({ tokenType }) => tokenType === T.Arrow);
  if (arrow >= 0) return item.slice(arrow + 1);
  const isStage = frame.kind === "network" && item[0]?.tokenType === T.Stage;
  const colon = isStage ? item.findIndex(({ tokenType }) => tokenType === T.Colon) : -1;
  return isStage ? item.slice(colon < 0 ? item.length : colon + 1) : item;
}

/** Where the callee of a step stands: after its count, if it has one; -1 where there is none yet. */
export function calleeIndex(step: readonly IToken[]): number {
  const times = step.findIndex(({ tokenType }, index) => index > 0 && tokenType === T.Times);
  const at = times + 1;
  const token = step[at];
  return token !== undefined && /^[A-Za-z_]/.test(token.image) ? at : -1;
}

function stepOf(
  frame: Frame,
  item: readonly IToken[],
): { callee: string; place: CallPlace; given: readonly IToken[] } | undefined {
  if (frame.kind !== "chain" && frame.kind !== "network" && frame.kind !== "setting") {
    return undefined;
  }
  const step = stepTokens(frame, item);
  const at = calleeIndex(step);
  const callee = step[at];
  if (callee === undefined || !tokenMatcher(callee, T.Identifier)) return undefined;
  const place: CallPlace =
    frame.kind === "setting" ? { in: "setting", key: frame.key, chain: true } : { in: "chain" };
  return { callee: callee.image, place, given: step.slice(at + 1) };
}

function read(callee: string, place: CallPlace, given: readonly IToken[]): CallAtCursor {
  const parts: IToken[][] = [[]];
  const closed = given[0]?.tokenType === T.LeftParen;
  for (const token of closed ? given.slice(2) : given) {
    if (token.tokenType === T.Comma) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  const now = parts.pop() ?? [];
  const named = nameOf(now);
  const used = named === undefined ? 0 : now[0]?.tokenType === T.Slash ? 1 : 2;
  return {
    callee,
    place,
    before: parts.filter((part) => part.length > 0).map(nameOf),
    ...(named !== undefined && { named }),
    empty: now.length <= used,
    closed,
  };
}

/** `pad: 1` is named `pad`, `/2` is named `stride`. */
function nameOf([first, second]: readonly IToken[]): string | undefined {
  if (first?.tokenType === T.Slash) return "stride";
  return second?.tokenType === T.Colon ? first?.image : undefined;
}
