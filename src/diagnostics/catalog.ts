/**
 * Every message of the compiler: code, severity and a template whose holes type its arguments. Codes
 * are never used again for something else.
 */

/** An `info` counts for nothing: it is said, and no exit status follows from it. */
export type Severity = "error" | "warning" | "info";

interface Entry<M extends string> {
  readonly severity: Severity;
  readonly message: M;
}

function error<const M extends string>(message: M): Entry<M> {
  return { severity: "error", message };
}

export const catalog = {
  // Files.
  R0001: error("there is no file {path}"),
  R0002: error("{path} is a folder, not a spec"),
  R0003: error("{path} cannot be read: {reason}"),
  R0004: error("{path} is too large for a spec: {size} kB, where {limit} kB is the limit"),
  R0005: error("{path} is not valid UTF-8: byte {offset} (line {line}) belongs to no character"),
  R0006: error("{path} declares nothing"),

  // Syntax.
  R0101: error("expected {expected}, found {found}"),
  R0102: error("{what} has no meaning here"),
  R0103: error("this text is not closed: its line ends before a second quote"),
  R0104: error("brackets are nested {depth} deep, where {limit} is the limit"),
  R0105: error("this brace is never closed"),
  R0106: error("this brace closes nothing"),
  R0107: error("an expression of {count} operands is longer than the limit of {limit}"),

  // Names and arguments.
  R0201: error("there is no {kind} named `{name}`"),
  R0202: error("`{name}` is declared twice"),
  R0203: error("the import makes a circle: {path}"),
  R0204: error("`{name}` is not declared in {path}"),
  R0205: error("{callee} takes no argument named `{name}`"),
  R0206: error("{callee} takes {most}, and this is one too many"),
  R0207: error("{callee} needs {names}"),
  R0208: error("{callee} is given `{name}` twice"),
  R0209: error("`{name}` of {callee} must be {expected}, not {found}"),
  R0210: error("{callee} requires {condition}, which does not hold"),
  R0211: error("block {name} calls itself: {path}"),
  R0212: error("expected {expected}, found {found}"),
  R0213: error("the list has {items}, so there is no item {index}"),
  R0214: error("{left} {operator} {right} has no value: {reason}"),
  R0215: error("`{name}` is {found}, which cannot be used as {expected}"),
  R0216: error("`{name}` is an operation of the language, and no name for a block or network"),
  R0217: error("network {name} has no input"),
  R0218: error("network {name} has a second input"),
  R0219: error("network {name} has no head"),
  R0220: error("the place `{name}` is not known yet at this point"),
  R0221: error("`where` here can only limit one size by numbers, such as H % 32 == 0 or H >= 33"),
  R0222: error("no size meets the conditions on {symbol}"),

  // Shapes.
  R0301: error("the shortcut and the residual disagree: {shortcut} cannot be added to {residual}"),
  R0302: error("the branches disagree: {first} cannot be {verb} {other}"),
  R0303: error("nothing is left of the {axis}: {operation} turns {input} into {output}"),
  R0304: error("{operation} needs {expected}, and it is fed {found}"),
  R0305: error("{channels} {side} channels cannot be split into {groups} groups"),
  R0306: error("the gate does not fit: {gate} cannot scale {value}"),
  R0307: error("a `pad` shortcut cannot take channels away: {shortcut} has more than {residual}"),
  R0308: error("it cannot be decided whether {left} and {right} agree: {reason}"),
  R0309: error("no stride brings the shortcut's {shortcut} to the residual's {residual}"),

  // Expectations.
  R0401: error("expected {expectation}, found {found}"),
  R0402: error("an expectation compares something with a value, such as params == 25_557_032"),
  R0403: error("{what} is known only at a given size: write {call}"),
  R0404: error("the input is never {size}: it is {takes}"),

  // Recipes.
  R0501: error("there is no setting `{name}`"),
  R0502: error("the recipe has no {names}"),
  R0503: error("`{name}` must be {expected}, not {found}"),
  R0504: error("`{name}` is set twice"),
  R0505: error("`{step}` stands behind `{before}`, and {why}"),
  R0506: error("`{step}` does not fit into images {which}"),

  // Recipes and the networks that they train.
  R0507: error("{network} has no place `{place}`"),
  R0508: error("nothing of {network} is left to train: {places} are frozen"),
  R0509: error("`droppath` leaves out residuals, and {why}"),
  R0510: error("{what}, and the head {head} of {network} tells {classes} classes apart"),
  R0511: error("{network} does not lead from images to classes: {why}"),
  R0512: error("a batch of {batch} {why}"),
  R0513: error("{images} {found}, and {network} takes {taken}"),
  R0514: error("normalize has {count} numbers for {name}; the images have {channels}"),
  R0515: error("`sizes` {why}"),
  R0516: error(
    "{node} of {network} normalises one number per channel where one image is passed at a time, and makes it 0",
  ),
  R0517: error("`rates` {why}"),

  // Limits.
  R0601: error("the network comes to more than {limit} operations"),
  R0602: error("{what} is {value}, where {limit} is the limit"),
  R0603: error("the check stops here: the file asks for more than {limit} evaluations"),
} as const satisfies Readonly<Record<string, Entry<string>>>;

export type Code = keyof typeof catalog;

type HoleNames<M extends string> = M extends `${string}{${infer Hole}}${infer Rest}`
  ? Hole | HoleNames<Rest>
  : never;

/** What a template has to be filled with: a value for each of its holes. */
export type HolesOf<M extends string> = { readonly [H in HoleNames<M>]: string | number };

/** What the message of a code has to be filled with. */
export type Holes<C extends Code> = HolesOf<(typeof catalog)[C]["message"]>;

/** The template with its holes filled. */
export function fill<M extends string>(template: M, holes: HolesOf<M>): string {
  const values = holes as Readonly<Record<string, string | number>>;
  return template.replace(/\{(\w+)\}/g, (_hole, name: string) => String(values[name]));
}
