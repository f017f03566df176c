/**
 * The options of a rule, each as a JSON schema that carries its default: the type that a rule's check sees, the
 * schema of resnet.config.json and the documentation all follow from it.
 */

interface Described {
  /** One sentence, as an editor shows it beside the option. */
  readonly description: string;
}

export interface NumberOption extends Described {
  readonly type: "integer" | "number";
  readonly default: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface BooleanOption extends Described {
  readonly type: "boolean";
  readonly default: boolean;
}

/** One of some words. */
export interface ChoiceOption<W extends string = string> extends Described {
  readonly type: "string";
  readonly enum: readonly W[];
  readonly default: NoInfer<W>;
}

/** A list of texts, such as names that a rule leaves alone. */
export interface ListOption extends Described {
  readonly type: "array";
  readonly items: { readonly type: "string" };
  readonly uniqueItems: true;
  readonly default: readonly string[];
}

export type OptionSchema = NumberOption | BooleanOption | ChoiceOption | ListOption;

export type OptionSchemas = Readonly<Record<string, OptionSchema>>;

type OptionValue<S extends OptionSchema> = S extends { readonly type: "integer" | "number" }
  ? number
  : S extends { readonly type: "boolean" }
    ? boolean
    : S extends { readonly enum: readonly (infer W)[] }
      ? W
      : readonly string[];

/** What a rule's check sees of its options: every one has its value. */
export type OptionValues<O extends OptionSchemas> = { readonly [K in keyof O]: OptionValue<O[K]> };

/** The options as they are where a configuration says nothing. */
export function optionDefaults(schemas: OptionSchemas): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { default: otherwise }]) => [name, otherwise]),
  );
}
