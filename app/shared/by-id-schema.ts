/** What `ById` is read with; apart from it, since the page takes no valibot. */
import * as v from "valibot";
import type { ById } from "./by-id.ts";
import { isObject } from "./json.ts";

/** A schema for an object with any keys, all of whose values pass `schema`. Unlike `v.record` it drops no key. */
export function byId<S extends v.GenericSchema>(schema: S) {
  return v.pipe(
    v.custom<ById<v.InferInput<S>>>(isObject, "Invalid type: Expected Object"),
    v.transform((all): ReadonlyMap<string, unknown> => new Map(Object.entries(all))),
    v.map(v.string(), schema),
    v.transform((all): ById<v.InferOutput<S>> => Object.fromEntries(all)),
  );
}
