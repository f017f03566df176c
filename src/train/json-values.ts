/** What a value is that was read as JSON, from a file that may hold anything. */

/** Whether it is an object with keys: no list, and not null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether it is a list of texts. */
export function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Whether it is a whole number of at least 0. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Whether a value is of a form; of objects, whatever else they hold. */
export type Form = (value: unknown) => boolean;

/** A form for every field of T: one that is added to T has to be added to the form as well. */
export type Fields<T> = { readonly [K in keyof T]-?: Form };

export const text: Form = (value) => typeof value === "string";
export const flag: Form = (value) => typeof value === "boolean";
/** A number that is neither NaN nor infinite: `1e999` is JSON, too. */
export const finite: Form = Number.isFinite;

export function whole(least = 0, most = Number.MAX_SAFE_INTEGER): Form {
  return (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
}

export function oneOf(...values: readonly unknown[]): Form {
  return (value) => values.includes(value);
}

/** Of that form, or not there. */
export function optional(form: Form): Form {
  return (value) => value === undefined || form(value);
}

export function either(...forms: readonly Form[]): Form {
  return (value) => forms.some((form) => form(value));
}

export function list(form: Form): Form {
  return (value) => Array.isArray(value) && value.every(form);
}

/** A list of exactly these, one form for each place. */
export function tuple(...forms: readonly Form[]): Form {
  return (value) =>
    Array.isArray(value) &&
    value.length === forms.length &&
    forms.every((form, index) => form(value[index]));
}

/** Every value of an object, whatever their keys. */
export function valuesOf(form: Form): Form {
  return (value) => isRecord(value) && Object.values(value).every(form);
}

export function fields<T>(forms: Fields<T>): Form {
  const entries = Object.entries<Form>(forms);
  return (value) => isRecord(value) && entries.every(([key, form]) => form(value[key]));
}

/** The forms of a union's members, by their `kind`. */
export type Kinds<T extends { readonly kind: string }> = {
  readonly [K in T["kind"]]: Fields<Omit<Extract<T, { readonly kind: K }>, "kind">>;
};

export function kinds<T extends { readonly kind: string }>(members: Kinds<T>): Form {
  const forms = new Map(
    Object.entries<Fields<unknown>>(members).map(([kind, each]) => [kind, fields(each)]),
  );
  return (value) => isRecord(value) && forms.get(String(value["kind"]))?.(value) === true;
}
