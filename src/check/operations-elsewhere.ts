/**
 * Operations that are sought by their name in PyTorch, torchvision, timm or Keras: what the same is called here, or
 * that there is none, with what comes nearest. None of these is a slip of spelling, however near a name of ours is.
 */
import type { Help } from "../diagnostics/diagnostic.js";
import { nearest } from "../diagnostics/nearest.js";
import type { OpName } from "../ops/attributes.js";
import { operations } from "../ops/registry.js";
import type { Call } from "../syntax/ast.js";
import { matchArguments } from "./arguments.js";
import { operationsElsewhere, type Same, type Whole } from "./operation-words.js";
import { callable, isBlockName, type Scope } from "./scope.js";

/** What an operation of another name comes to here. */
export interface OperationElsewhere {
  readonly help: Help;
  /** What leaves a shape like it, and takes these arguments. */
  readonly like?: OpName;
}

/**
 * What an operation that there is not is called here, or what comes nearest; undefined where it is not known.
 *
 * @param names what can stand in a chain: of a name there that differs by its capitals alone this is a slip.
 */
export function operationElsewhere(
  call: Call,
  names: readonly string[],
): OperationElsewhere | undefined {
  const { text } = call.callee;
  const lower = text.toLowerCase();
  const plain = lower.replaceAll("_", "");
  if (names.some((name) => name.toLowerCase() === lower)) return undefined;
  const windowed = windowInName(call);
  if (windowed) return windowed;
  if (!Object.hasOwn(operationsElsewhere, plain)) return undefined;
  const known = operationsElsewhere[plain];
  if (known === undefined) return undefined;
  if ("own" in known) return ofSame(known, call);
  if ("whole" in known) return ofWhole(known, call);
  const { help, like } = known;
  return { help: { text: help }, ...(like && takes(like, call) && { like }) };
}

function ofSame({ own, example, strided, unsure }: Same, call: Call): OperationElsewhere {
  // Elsewhere a pool has its window's stride, where nothing is said.
  const isSame = takes(own, call) && (!strided || call.arguments.some(({ slash }) => slash));
  if (!isSame) return { help: { text: `here it is written \`${example}\`` } };
  const edits = [{ span: call.callee.span, text: own }];
  if (unsure === undefined) return { help: { text: `here it is \`${own}\``, edits }, like: own };
  // A pair is more likely a size than two factors.
  if (call.arguments.some(({ value }) => value.kind === "dimensions")) {
    return { help: { text: unsure } };
  }
  return { help: { text: unsure, edits, applicability: "unsafe" }, like: own };
}

function ofWhole({ whole, of, help, otherwise, like }: Whole, call: Call): OperationElsewhere {
  if (!of(call)) return { help: { text: otherwise } };
  const edits = [{ span: call.span, text: whole }];
  return { help: { text: help, edits }, ...(like && takes(like, call) && { like }) };
}

/** `conv3x3 64`: the window is an argument. */
function windowInName(call: Call): OperationElsewhere | undefined {
  const { text, span } = call.callee;
  const [, op, size] = /^(conv|maxpool|avgpool)_?(\d+x\d+)$/i.exec(text) ?? [];
  if (op === undefined || size === undefined) return undefined;
  const written = `${op.toLowerCase()} ${size}`;
  const words = `the window is an argument: \`${written}\``;
  const [first] = call.arguments;
  if (first?.value.kind === "dimensions") return { help: { text: words } };
  const open = /^\(\s*/.exec(span.file.text.slice(span.end))?.[0] ?? "";
  const start = open === "" ? `${written}` : `${op.toLowerCase()}(${size}`;
  const edits = [
    {
      span: span.file.span(span.start, span.end + open.length),
      text: `${start}${first ? "," : ""}${first && open ? " " : ""}`,
    },
  ];
  // Elsewhere a pool has its window's stride, where nothing is said; and a capital begins the name of a block.
  const isPlain = op.toLowerCase() === "conv" || call.arguments.some(({ slash }) => slash);
  const isSure = isPlain && !isBlockName(text);
  return { help: { text: words, edits, ...(!isSure && { applicability: "unsafe" }) } };
}

/** The name in a chain that an unknown one was most likely meant to be. */
export function meantCallable({ found, unit, values }: Scope, call: Call): string | undefined {
  if (found.isFlooded) return undefined;
  const names = callable(unit, values.keys());
  const elsewhere = operationElsewhere(call, names);
  return elsewhere ? elsewhere.like : nearest(call.callee.text, names);
}

/** Whether the arguments of a call are written as an operation takes them here: `3x3` is a window and nothing else. */
function takes(op: OpName, call: Call): boolean {
  const { signature } = operations[op];
  const { problems, arguments: given } = matchArguments(call, op, signature);
  return (
    problems.length === 0 &&
    signature.every(({ name }) => {
      const argument = given.get(name);
      return (
        name !== "kernel" || !argument || argument.name || argument.value.kind === "dimensions"
      );
    })
  );
}
