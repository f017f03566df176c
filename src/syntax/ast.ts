/**
 * The syntax tree, as written: every node has its span, nothing is resolved and nothing is left out
 * but layout. A declaration in which the parser had to skip something is marked `broken`.
 */
import type { Span } from "../source/source.js";

export interface Name {
  readonly text: string;
  readonly span: Span;
}

/* Expressions ------------------------------------------------------------------------------- */

export type BinaryOperatorText =
  "||" | "&&" | "==" | "!=" | "<=" | ">=" | "<" | ">" | "+" | "-" | "*" | "/" | "%";

export type Expression =
  | { readonly kind: "number"; readonly value: number; readonly span: Span }
  | { readonly kind: "string"; readonly value: string; readonly span: Span }
  /** `3x3`, `224x224x3`. */
  | { readonly kind: "dimensions"; readonly values: readonly number[]; readonly span: Span }
  | { readonly kind: "name"; readonly name: Name; readonly span: Span }
  /** `project always`: the one name with a second word. */
  | { readonly kind: "always"; readonly name: Name; readonly span: Span }
  | { readonly kind: "list"; readonly items: readonly Expression[]; readonly span: Span }
  | {
      readonly kind: "index";
      readonly list: Expression;
      readonly at: Expression;
      readonly span: Span;
    }
  | { readonly kind: "call"; readonly call: Call; readonly span: Span }
  | {
      readonly kind: "unary";
      readonly operator: "-" | "!";
      readonly operand: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperatorText;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    };

export interface Argument {
  /** `name: value`; absent for positional arguments. `/2` is the argument `stride`. */
  readonly name?: Name;
  readonly value: Expression;
  /** Written with a slash. */
  readonly slash: boolean;
  readonly span: Span;
}

/** A name with arguments: an operation, a block, a network, a function. */
export interface Call {
  readonly callee: Name;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

/* Chains ------------------------------------------------------------------------------------ */

/** A list of steps, each fed by the one before. `span` includes the braces. */
export interface Chain {
  readonly steps: readonly ChainStep[];
  readonly span: Span;
}

export interface CallStep {
  readonly kind: "call";
  /** `4 x Block(64)`. */
  readonly count?: Expression;
  readonly call: Call;
  readonly label?: Name;
  readonly span: Span;
}

export type ShortcutForm =
  /** identity, project, pad, none, or a parameter that holds one of them. */
  | { readonly kind: "named"; readonly value: Expression; readonly span: Span }
  | { readonly kind: "chain"; readonly chain: Chain; readonly span: Span };

export interface ResidualStep {
  readonly kind: "residual";
  readonly chain: Chain;
  readonly shortcut: ShortcutForm;
  /** From the word `shortcut` to the end of its form. */
  readonly shortcutSpan: Span;
  readonly label?: Name;
  readonly span: Span;
}

export interface BranchesStep {
  readonly kind: "branches";
  /** `sum` or `concat`, as written. */
  readonly merge: Name;
  readonly branches: readonly Chain[];
  readonly label?: Name;
  readonly span: Span;
}

export interface GateStep {
  readonly kind: "gate";
  readonly chain: Chain;
  readonly label?: Name;
  readonly span: Span;
}

/** `from conv3`: the chain goes on from a named place. */
export interface FromStep {
  readonly kind: "from";
  readonly place: Name;
  readonly label?: Name;
  readonly span: Span;
}

/** What could not be read, which has been reported: nothing is known of the value that comes out. */
export interface UnreadableStep {
  readonly kind: "unreadable";
  readonly label?: Name;
  readonly span: Span;
}

export type ChainStep =
  CallStep | ResidualStep | BranchesStep | GateStep | FromStep | UnreadableStep;

/* Declarations ------------------------------------------------------------------------------ */

export interface Parameter {
  readonly name: Name;
  readonly default?: Expression;
  readonly span: Span;
}

interface DeclarationBase {
  /** The `///` lines above, without the slashes. */
  readonly docs: string;
  readonly span: Span;
  /** The parser had to skip something inside: what is here may not be all. */
  readonly broken: boolean;
}

export interface ImportDeclaration extends DeclarationBase {
  readonly kind: "import";
  readonly names: readonly { readonly name: Name; readonly alias?: Name }[];
  readonly from: { readonly value: string; readonly span: Span };
}

export interface BlockDeclaration extends DeclarationBase {
  readonly kind: "block";
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  readonly where: readonly Expression[];
  readonly body: Chain;
}

export type NetworkItem =
  | {
      readonly kind: "input";
      /** `224x224x3` or `[H, W, 3]`. */
      readonly shape: Expression;
      readonly where: readonly Expression[];
      readonly span: Span;
    }
  | { readonly kind: "stem"; readonly chain: Chain; readonly span: Span }
  | {
      readonly kind: "stage";
      readonly name: Name;
      readonly step: CallStep;
      readonly span: Span;
    }
  | { readonly kind: "head"; readonly name?: Name; readonly chain: Chain; readonly span: Span }
  | ExpectItem
  | { readonly kind: "step"; readonly step: ChainStep; readonly span: Span };

export interface ExpectItem {
  readonly kind: "expect";
  readonly conditions: readonly Expression[];
  readonly span: Span;
}

export interface NetworkDeclaration extends DeclarationBase {
  readonly kind: "network";
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  readonly where: readonly Expression[];
  readonly items: readonly NetworkItem[];
}

/** `network ResNet50 = ResNet(Bottleneck, depths: [3, 4, 6, 3]) { expect { … } }` */
export interface InstanceDeclaration extends DeclarationBase {
  readonly kind: "instance";
  readonly name: Name;
  readonly call: Call;
  readonly expects: readonly ExpectItem[];
}

/** `key value` or `key { chain }` of a recipe. */
export interface Setting {
  readonly key: Name;
  readonly value: Expression | Chain;
  readonly span: Span;
}

export interface TrainDeclaration extends DeclarationBase {
  readonly kind: "train";
  readonly name: Name;
  readonly network: Name;
  readonly settings: readonly Setting[];
}

export type Declaration =
  | ImportDeclaration
  | BlockDeclaration
  | NetworkDeclaration
  | InstanceDeclaration
  | TrainDeclaration;

/** A comment that is kept: `//` or `///`, with its slashes. */
export interface SourceComment {
  readonly text: string;
  readonly span: Span;
}

/** One file. */
export interface SourceUnit {
  readonly declarations: readonly Declaration[];
  readonly comments: readonly SourceComment[];
}

/** Whether a setting's value is a chain in braces. */
export function isChain(value: Expression | Chain): value is Chain {
  return "steps" in value;
}
