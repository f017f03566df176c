/**
 * The tree that is printed: what the syntax tree leaves out because it has no meaning (which steps share a
 * line, parentheses, how numbers are written) is in it, and every place at which a comment can stand is a
 * node. Its nodes are plain objects, to which prettier attaches comments.
 */

export interface AttachedComment {
  readonly type: "comment";
  /** With its slashes. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Set as the comment is attached. */
  leading?: boolean;
  trailing?: boolean;
  printed?: boolean;
}

interface Base {
  /** Offsets of the text, end exclusive. */
  readonly start: number;
  readonly end: number;
  comments?: AttachedComment[];
}

/* Values ------------------------------------------------------------------------------------ */

/** A number, a text, dimensions or a name, as written. */
export interface Atom extends Base {
  readonly type: "atom";
  readonly text: string;
}

export interface Parentheses extends Base {
  readonly type: "parentheses";
  readonly inside: Value;
}

export interface List extends Base {
  readonly type: "list";
  readonly items: readonly Value[];
}

export interface Index extends Base {
  readonly type: "index";
  readonly list: Value;
  readonly at: Value;
}

export interface CallValue extends Base {
  readonly type: "call";
  readonly callee: string;
  readonly enclosed: readonly Argument[];
}

export interface Unary extends Base {
  readonly type: "unary";
  readonly operator: string;
  readonly operand: Value;
}

export interface Binary extends Base {
  readonly type: "binary";
  readonly operator: string;
  readonly left: Value;
  readonly right: Value;
}

export type Value = Atom | Parentheses | List | Index | CallValue | Unary | Binary;

export interface Argument extends Base {
  readonly type: "argument";
  readonly name?: string;
  /** Written with a slash: `/2`. */
  readonly slash: boolean;
  readonly value: Value;
}

/* Steps ------------------------------------------------------------------------------------- */

/** `4 x Block(64), /2 as name` */
export interface CallStep extends Base {
  readonly type: "callStep";
  readonly count?: Value;
  readonly callee: string;
  /** The arguments in parentheses, where there are parentheses. */
  readonly enclosed?: readonly Argument[];
  /** Those without. */
  readonly open: readonly Argument[];
  readonly label?: string;
}

/** Words before braces: `stem`, `head classify`, `gate`, `branches sum`, `expect`, `augment`. */
export interface Section extends Base {
  readonly type: "section";
  readonly words: string;
  readonly body: Body;
  readonly label?: string;
}

export interface Residual extends Base {
  readonly type: "residual";
  readonly body: Body;
  readonly shortcut: Shortcut;
  readonly label?: string;
}

/** From the word `shortcut` on. */
export interface Shortcut extends Base {
  readonly type: "shortcut";
  readonly form: Value | Body;
}

/** `from conv3` */
export interface FromStep extends Base {
  readonly type: "from";
  readonly place: string;
  readonly label?: string;
}

export type Step = CallStep | Section | Residual | FromStep;

/** `-> step` */
export interface Link extends Base {
  readonly type: "link";
  readonly step: Step;
  /** What stands before the arrow. */
  readonly previous: Step | Link;
}

/* Items and declarations -------------------------------------------------------------------- */

/** Steps that arrows join. */
export interface Line extends Base {
  readonly type: "line";
  readonly steps: readonly (Step | Link)[];
}

export interface Input extends Base {
  readonly type: "input";
  readonly shape: Value;
  readonly where?: Where;
}

export interface Stage extends Base {
  readonly type: "stage";
  readonly name: string;
  readonly step: Step;
}

/** A line of `expect`. */
export interface Condition extends Base {
  readonly type: "condition";
  readonly value: Value;
}

export interface Setting extends Base {
  readonly type: "setting";
  readonly key: string;
  readonly value: Value;
}

export type Item = Line | Input | Stage | Section | Condition | Setting | Body;

/** Braces and the items in them; those of `branches` are braces again. */
export interface Body extends Base {
  readonly type: "body";
  readonly items: readonly Item[];
}

export interface Where extends Base {
  readonly type: "where";
  readonly conditions: readonly Value[];
}

export interface Parameter extends Base {
  readonly type: "parameter";
  readonly name: string;
  readonly value?: Value;
}

/** A block, a network, an instance of one, or a recipe. */
export interface Declaration extends Base {
  readonly type: "declaration";
  /** `block Basic`, `train quick for Quick`. */
  readonly words: string;
  /** Where there are parentheses. */
  readonly parameters?: readonly Parameter[];
  readonly where?: Where;
  /** What an instance is an instance of. */
  readonly call?: CallValue;
  readonly body?: Body;
}

export interface ImportName extends Base {
  readonly type: "importName";
  readonly text: string;
}

export interface Import extends Base {
  readonly type: "import";
  readonly names: readonly ImportName[];
  /** In its quotes. */
  readonly path: string;
}

/** A whole file. */
export interface Root extends Base {
  readonly type: "root";
  readonly declarations: readonly (Declaration | Import)[];
}

export type Node =
  | Value
  | Argument
  | Step
  | Shortcut
  | Link
  | Item
  | Where
  | Parameter
  | Declaration
  | ImportName
  | Import
  | Root;

/** Where the children of each kind of node are, in the order of the text. */
export const children: { readonly [T in Node["type"]]: readonly string[] } = {
  atom: [],
  parentheses: ["inside"],
  list: ["items"],
  index: ["list", "at"],
  call: ["enclosed"],
  unary: ["operand"],
  binary: ["left", "right"],
  argument: ["value"],
  callStep: ["count", "enclosed", "open"],
  section: ["body"],
  residual: ["body", "shortcut"],
  shortcut: ["form"],
  from: [],
  link: ["step"],
  line: ["steps"],
  input: ["shape", "where"],
  stage: ["step"],
  condition: ["value"],
  setting: ["value"],
  body: ["items"],
  where: ["conditions"],
  parameter: ["value"],
  declaration: ["parameters", "where", "call", "body"],
  importName: [],
  import: ["names"],
  root: ["declarations"],
};
