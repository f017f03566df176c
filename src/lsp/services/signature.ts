/** What the call around the cursor takes, and which of it is being written. */
import type { Position, SignatureHelp } from "vscode-languageserver";
import { cursorAt } from "../names/cursor.js";
import { offsetAt } from "../project/positions.js";
import type { Project } from "../project/project.js";
import { callAtCursor, type CallAtCursor } from "./call-at-cursor.js";
import { calleeAt, printSlots, type Callee } from "./callees.js";
import { paragraphs } from "./markdown.js";

/** The signature for a position; undefined where nothing is called. */
export function signature(
  project: Project,
  path: string,
  position: Position,
): SignatureHelp | undefined {
  const unit = project.unit(path);
  if (unit === undefined) return undefined;
  const offset = offsetAt(unit.file, position);
  const cursor = cursorAt(unit.file, offset);
  const call = cursor && callAtCursor(cursor);
  const callee = call && calleeAt(unit, call.callee, call.place);
  if (call === undefined || callee === undefined || callee.slots.length === 0) return undefined;
  const parts = printSlots(callee);
  const open = callee.parentheses ? `${callee.name}(` : `${callee.name} `;
  let at = open.length;
  const parameters = callee.slots.map(({ docs, expects }, index) => {
    const part = parts[index] ?? "";
    const label: [number, number] = [at, at + part.length];
    at += part.length + ", ".length;
    return {
      label,
      documentation: { kind: "markdown" as const, value: paragraphs(docs, expects) },
    };
  });
  const label = `${open}${parts.join(", ")}${callee.parentheses ? ")" : ""}`;
  const active = activeSlot(callee, call);
  const documentation = { kind: "markdown" as const, value: callee.docs };
  return {
    signatures: [{ label, parameters, documentation }],
    activeSignature: 0,
    ...(active >= 0 && { activeParameter: active }),
  };
}

/** The slot that the argument at the cursor fills; -1 where that is none. */
function activeSlot({ slots }: Callee, { named, before, closed }: CallAtCursor): number {
  if (named !== undefined) return slots.findIndex(({ name }) => name === named);
  if (closed) return slots.findIndex(({ slash }) => slash);
  const taken = new Set(before.filter((name) => name !== undefined));
  const free = slots.filter(({ positional, name }) => positional && !taken.has(name));
  const next = free[before.filter((name) => name === undefined).length];
  return next ? slots.indexOf(next) : -1;
}
