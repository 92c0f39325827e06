/**
 * Things by an id that comes out of a file, a flag or the page. Such an id may be called "constructor" or "__proto__", and
 * every object answers to those: so nothing is looked up with brackets. What brackets would give is typed as of no use
 * (`Bare`), and the linter keeps `v.record`, which drops such ids, and plain string records out of app/.
 */

declare const bare: unique symbol;

/** Stands in the type alone, and makes `all[id]` useless: ask `lookUp`. */
interface Bare {
  readonly [bare]: never;
}

/** Written as JSON it is an object; made by a literal, `Object.fromEntries` or `withEntry`. */
export type ById<T> = { readonly [id: string]: T | Bare };

/** @returns what stands under exactly this id, or undefined. */
export function lookUp<T>(all: ById<T>, id: string): T | undefined {
  const found = Object.hasOwn(all, id) ? all[id] : undefined;
  return isThere(found) ? found : undefined;
}

/** @returns all of them, in their order. */
export function entriesOf<T>(all: ById<T>): readonly (readonly [id: string, value: T])[] {
  return Object.entries(all).flatMap(([id, value]) => (isThere(value) ? [[id, value] as const] : []));
}

/** @returns the same with `value` under `id`. */
export function withEntry<T>(all: ById<T>, id: string, value: T): ById<T> {
  return { ...all, [id]: value };
}

/** @returns the same without `id`. */
export function withoutEntry<T>(all: ById<T>, id: string): ById<T> {
  return Object.fromEntries(Object.entries(all).filter(([each]) => each !== id));
}

/** Nothing is ever `Bare` but in the eyes of the compiler. */
function isThere<T>(value: T | Bare | undefined): value is T {
  return value !== undefined;
}
