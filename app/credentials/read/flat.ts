import * as v from "valibot";
import { type Entry } from "../../ports/credential-file.ts";
import { type ById, lookUp } from "../../shared/data/by-id.ts";
import { isObject } from "../../shared/data/json.ts";
import type { EntryProblem } from "../../shared/login/file-problem.ts";
import type { Slot } from "./document.ts";
import { canonicalJson, type JsonMember, type JsonObject, memberOf, toValue } from "./json-text.ts";
import { mapOf, wholeNumber } from "./shape.ts";

/** What opencode reads in the flat file. It drops keys that it does not know, so they are no fault. */
const oauth = v.object({
  type: v.literal("oauth"),
  refresh: v.string(),
  access: v.string(),
  expires: wholeNumber,
  accountId: v.optional(v.string()),
  enterpriseUrl: v.optional(v.string()),
});
const api = v.object({ type: v.literal("api"), key: v.string(), metadata: v.optional(mapOf(v.string())) });
const wellknown = v.object({ type: v.literal("wellknown"), key: v.string(), token: v.string() });

const WRONG: ById<EntryProblem> = {
  refresh: { kind: "noRefresh" },
  access: { kind: "noAccess" },
  expires: { kind: "badExpires" },
  accountId: { kind: "notText", key: "accountId" },
  enterpriseUrl: { kind: "notText", key: "enterpriseUrl" },
};

/** One member of the flat file. It cannot fail: what is out of shape is set aside as "unreadable". */
export function readFlatEntry({ key, value }: JsonMember): Entry {
  const name = { id: key, provider: key, label: key };
  const unreadable = (why: EntryProblem): Entry => ({ kind: "unreadable", ...name, why });
  const plain = toValue(value);
  if (!isObject(plain)) return unreadable({ kind: "notObject" });
  if (!("type" in plain) || typeof plain.type !== "string") return unreadable({ kind: "noType" });
  if (plain.type !== "oauth") return { kind: "other", ...name };
  const read = v.safeParse(oauth, plain);
  if (!read.success) return unreadable(lookUp(WRONG, String(read.issues[0].path?.[0].key)) ?? { kind: "outOfShape" });
  const { refresh, access, expires } = read.output;
  // `-0` is a whole number too; adding makes it 0.
  return { kind: "oauth", ...name, pair: { access, refresh, expires: expires + 0 } };
}

/** The slot of one member of the flat file. */
export function readFlatSlot(text: string, { value }: JsonMember): Slot {
  const raw = text.slice(value.start, value.end);
  if (value.kind !== "object") return { raw, meaning: null };
  const plain = toValue(value);
  for (const schema of [oauth, api, wellknown]) {
    if (v.is(schema, plain)) return { raw, meaning: knownPart(value, Object.keys(schema.entries)) };
  }
  return { raw, meaning: null };
}

function knownPart(object: JsonObject, keys: readonly string[]): string {
  const members = keys.flatMap((key) => {
    const value = memberOf(object, key);
    return value === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(value)}`];
  });
  return `{${members.join(",")}}`;
}
