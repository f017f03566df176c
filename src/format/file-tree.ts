/** Makes the printed tree of a file from its syntax tree, which must have been read without errors. */
import { textOf } from "../source/source.js";
import { isChain } from "../syntax/ast.js";
import type * as A from "../syntax/ast.js";
import { findSign, isNext, skipBlank } from "./gaps.js";
import { argumentTree, callTree, valueTree } from "./value-tree.js";
import type * as F from "./tree.js";

/** The tree of a whole file of `length` characters. */
export function fileTree(unit: A.SourceUnit, length: number): F.Root {
  const declarations = unit.declarations.map(declarationTree);
  const comments = unit.comments.map(({ text, span }): F.AttachedComment => {
    return { type: "comment", value: text, start: span.start, end: span.end };
  });
  return { type: "root", declarations, comments, start: 0, end: length };
}

function declarationTree(declaration: A.Declaration): F.Declaration | F.Import {
  const { start, end, file } = declaration.span;
  const { text } = file;
  const place = { start, end };
  switch (declaration.kind) {
    case "import": {
      const names = declaration.names.map(importName);
      return { type: "import", names, path: textOf(declaration.from.span), ...place };
    }
    case "block":
    case "network": {
      const { kind, name } = declaration;
      const head = headTree(declaration, text);
      const items = kind === "network" ? networkItems(declaration.items) : [];
      const body =
        kind === "block" ? chainTree(declaration.body) : bodyTree(text, head.end, end, items);
      const { parameters, where } = head;
      return {
        type: "declaration",
        words: `${kind} ${name.text}`,
        body,
        ...(parameters && { parameters }),
        ...(where && { where }),
        ...place,
      };
    }
    case "instance": {
      const { name, expects } = declaration;
      const call = callTree(declaration.call);
      const words = `network ${name.text}`;
      if (call.end === end) return { type: "declaration", words, call, ...place };
      const body = bodyTree(text, call.end, end, expects.map(expectTree));
      return { type: "declaration", words, call, body, ...place };
    }
    case "train": {
      const { name, network, settings } = declaration;
      const body = bodyTree(text, network.span.end, end, settings.map(settingTree));
      return {
        type: "declaration",
        words: `train ${name.text} for ${network.text}`,
        body,
        ...place,
      };
    }
  }
}

function importName({ name, alias }: A.ImportDeclaration["names"][number]): F.ImportName {
  const text = alias ? `${name.text} as ${alias.text}` : name.text;
  return { type: "importName", text, start: name.span.start, end: (alias ?? name).span.end };
}

/** The parameters and conditions of a block or a network, and where they end. */
function headTree(
  { name, parameters: given, where: conditions }: A.BlockDeclaration | A.NetworkDeclaration,
  text: string,
): { parameters?: readonly F.Parameter[]; where?: F.Where; end: number } {
  let { end } = name.span;
  let parameters: readonly F.Parameter[] | undefined;
  if (isNext(text, "(", end)) {
    parameters = given.map(parameterTree);
    end = findSign(text, ")", parameters.at(-1)?.end ?? end) + 1;
  }
  const where = whereTree(conditions, text, end);
  return { end: where?.end ?? end, ...(parameters && { parameters }), ...(where && { where }) };
}

function parameterTree({ name, default: value, span }: A.Parameter): F.Parameter {
  const { start, end } = span;
  return {
    type: "parameter",
    name: name.text,
    ...(value && { value: valueTree(value) }),
    start,
    end,
  };
}

/** The conditions, and the word before them, which is the first one behind `from`. */
function whereTree(
  expressions: readonly A.Expression[],
  text: string,
  from: number,
): F.Where | undefined {
  const conditions = expressions.map(valueTree);
  const last = conditions.at(-1);
  if (!last) return undefined;
  return { type: "where", conditions, start: findSign(text, "where", from), end: last.end };
}

/** Braces that open behind `from` and close at `end`. */
function bodyTree(text: string, from: number, end: number, items: readonly F.Item[]): F.Body {
  return { type: "body", items, start: findSign(text, "{", from), end };
}

function chainTree({ steps, span }: A.Chain): F.Body {
  return { type: "body", items: linesOf(steps), start: span.start, end: span.end };
}

/** Steps, by the lines that arrows make of them. */
function linesOf(steps: readonly A.ChainStep[]): F.Line[] {
  const lines: F.Line[] = [];
  let line: (F.Step | F.Link)[] = [];
  const endLine = (): void => {
    const [first, last] = [line[0], line.at(-1)];
    if (first && last) lines.push({ type: "line", steps: line, start: first.start, end: last.end });
    line = [];
  };
  for (const each of steps) {
    const step = stepTree(each);
    const previous = line.at(-1);
    const { text } = each.span.file;
    if (previous && isNext(text, "->", previous.end)) {
      const start = skipBlank(text, previous.end);
      line.push({ type: "link", step, previous, start, end: step.end });
    } else {
      endLine();
      line.push(step);
    }
  }
  endLine();
  return lines;
}

function stepTree(step: A.ChainStep): F.Step {
  const { file, start, end } = step.span;
  const place = { start, end, ...(step.label && { label: step.label.text }) };
  switch (step.kind) {
    case "call":
      return { ...callStep(step, file.text), ...place };
    case "residual": {
      const { chain, shortcut, shortcutSpan } = step;
      const form =
        shortcut.kind === "chain" ? chainTree(shortcut.chain) : valueTree(shortcut.value);
      const whole = { start: shortcutSpan.start, end: shortcutSpan.end };
      const own: F.Shortcut = { type: "shortcut", form, ...whole };
      return { type: "residual", body: chainTree(chain), shortcut: own, ...place };
    }
    case "branches": {
      const items = step.branches.map(chainTree);
      const open = findSign(file.text, "{", step.merge.span.end);
      const close = findSign(file.text, "}", items.at(-1)?.end ?? open + 1) + 1;
      const body: F.Body = { type: "body", items, start: open, end: close };
      return { type: "section", words: `branches ${step.merge.text}`, body, ...place };
    }
    case "gate":
      return { type: "section", words: "gate", body: chainTree(step.chain), ...place };
    case "from":
      return { type: "from", place: step.place.text, ...place };
    case "unreadable":
      throw new TypeError("what could not be read cannot be printed");
  }
}

/** A call, its arguments parted into those in parentheses and those without. */
function callStep({ count, call }: A.CallStep, text: string): Omit<F.CallStep, "start" | "end"> {
  const given = call.arguments.map(argumentTree);
  const { end } = call.callee.span;
  let inside = 0;
  const parentheses = call.span.end > end && isNext(text, "(", end);
  if (parentheses && !isNext(text, ")", skipBlank(text, end) + 1)) {
    inside = 1 + given.findIndex((argument) => isNext(text, ")", argument.end));
  }
  return {
    type: "callStep",
    callee: call.callee.text,
    open: given.slice(inside),
    ...(parentheses && { enclosed: given.slice(0, inside) }),
    ...(count && { count: valueTree(count) }),
  };
}

function networkItems(items: readonly A.NetworkItem[]): F.Item[] {
  const result: F.Item[] = [];
  let steps: A.ChainStep[] = [];
  for (const item of items) {
    if (item.kind === "step") {
      steps.push(item.step);
      continue;
    }
    result.push(...linesOf(steps), networkItem(item));
    steps = [];
  }
  return [...result, ...linesOf(steps)];
}

function networkItem(item: Exclude<A.NetworkItem, { readonly kind: "step" }>): F.Item {
  const { start, end, file } = item.span;
  switch (item.kind) {
    case "input": {
      const shape = valueTree(item.shape);
      const where = whereTree(item.where, file.text, shape.end);
      return { type: "input", shape, ...(where && { where }), start, end };
    }
    case "stem":
      return { type: "section", words: "stem", body: chainTree(item.chain), start, end };
    case "stage":
      return { type: "stage", name: item.name.text, step: stepTree(item.step), start, end };
    case "head": {
      const words = item.name ? `head ${item.name.text}` : "head";
      return { type: "section", words, body: chainTree(item.chain), start, end };
    }
    case "expect":
      return expectTree(item);
  }
}

function expectTree({ conditions, span }: A.ExpectItem): F.Section {
  const { start, end, file } = span;
  const items = conditions.map((condition): F.Condition => {
    const value = valueTree(condition);
    return { type: "condition", value, start: value.start, end: value.end };
  });
  const body = bodyTree(file.text, start + "expect".length, end, items);
  return { type: "section", words: "expect", body, start, end };
}

function settingTree({ key, value, span }: A.Setting): F.Setting | F.Section {
  const place = { start: span.start, end: span.end };
  if (isChain(value)) return { type: "section", words: key.text, body: chainTree(value), ...place };
  return { type: "setting", key: key.text, value: valueTree(value), ...place };
}
