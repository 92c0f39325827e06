import * as v from "valibot";
import { isObject } from "../../shared/data/json.ts";
import type { Fault } from "../../shared/login/file-problem.ts";
import { shownName } from "./names.ts";

/** A whole number, zero or more, that a double holds exactly: what opencode takes for a time in ms. */
export const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** An object with any keys, all of whose values pass `schema`. Unlike `v.record` it leaves out no key ("__proto__"). */
export function mapOf(schema: v.GenericSchema): v.GenericSchema {
  return v.custom<object>(
    (input) => isObject(input) && Object.values(input).every((value) => v.safeParse(schema, value).success),
  );
}

/**
 * @returns the first way in which `value` is out of shape, or null. It names keys only, never a value, and they are made
 * harmless.
 */
export function faultOf(schema: v.GenericSchema, value: unknown): Fault | null {
  const issue = v.safeParse(schema, value).issues?.[0];
  if (issue === undefined) return null;
  const path = issue.path ?? [];
  const at = shownName(path.map((item) => String(item.key)).join("."));
  if (path.at(-1)?.origin !== "key") return { kind: "wrongValue", at };
  return { kind: issue.expected === "never" ? "unknownKey" : "missingKey", at };
}
