/** What `ById` is read with; apart from it, since the page takes no valibot. */
import * as v from "valibot";
import type { ById } from "./by-id.ts";
import { isObject } from "./json.ts";

/**
 * A schema for an object with any keys, all of whose values pass `schema`. Unlike `v.record` it drops no key.
 * @param expected what it says of anything else.
 */
export function byId<S extends v.GenericSchema>(schema: S, expected = "an object") {
  return v.pipe(
    v.custom<ById<v.InferInput<S>>>(isObject, expected),
    v.transform((all): ReadonlyMap<string, unknown> => new Map(Object.entries(all))),
    v.map(v.string(), schema),
    v.transform((all): ById<v.InferOutput<S>> => Object.fromEntries(all)),
  );
}
