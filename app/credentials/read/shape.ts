import * as v from "valibot";
import { isObject } from "../../shared/json.ts";

/** A whole number, zero or more, that a double holds exactly: what opencode takes for a time in ms. */
export const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** An object with any keys, all of whose values pass `schema`. Unlike `v.record` it leaves out no key ("__proto__"). */
export function mapOf(schema: v.GenericSchema): v.GenericSchema {
  return v.custom<object>(
    (input) => isObject(input) && Object.values(input).every((value) => v.safeParse(schema, value).success),
  );
}

export interface Fault {
  readonly kind: "unknown key" | "missing key" | "wrong value";
  /** The key, dotted when nested; "" for the value itself. */
  readonly at: string;
}

/** @returns the first way in which `value` is out of shape, or null. It quotes keys only, never a value. */
export function faultOf(schema: v.GenericSchema, value: unknown): Fault | null {
  const issue = v.safeParse(schema, value).issues?.[0];
  if (issue === undefined) return null;
  const path = issue.path ?? [];
  const at = path.map((item) => String(item.key)).join(".");
  if (path.at(-1)?.origin !== "key") return { kind: "wrong value", at };
  return { kind: issue.expected === "never" ? "unknown key" : "missing key", at };
}
