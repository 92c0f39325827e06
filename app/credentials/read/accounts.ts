import * as v from "valibot";
import type { Entry } from "../../ports/credential-file.ts";
import { isObject } from "../../shared/data/json.ts";
import { redact } from "../../shared/data/redact.ts";
import type { Fault, FilePlace, FileProblem } from "../../shared/login/file-problem.ts";
import { type JsonNode, type JsonObject, memberOf, toValue } from "./json-text.ts";
import { oneLine, shownName } from "./names.ts";
import { faultOf, mapOf, wholeNumber } from "./shape.ts";

/**
 * The strict multi-account format: one key too many at any level, and the program that owns the file forgets everything
 * in it. So a file that is not exactly so is not served at all.
 */
const record = v.strictObject({
  id: v.string(),
  namespace: v.optional(v.string()),
  label: v.optional(v.string()),
  accountId: v.optional(v.string()),
  enterpriseUrl: v.optional(v.string()),
  refresh: v.string(),
  access: v.string(),
  expires: wholeNumber,
  createdAt: v.number(),
  updatedAt: v.number(),
  health: v.strictObject({
    cooldownUntil: v.optional(v.number()),
    lastStatusCode: v.optional(v.number()),
    lastErrorAt: v.optional(v.number()),
    successCount: v.number(),
    failureCount: v.number(),
  }),
});
const list = v.custom<unknown[]>((input) => Array.isArray(input));
const oauthProvider = v.strictObject({
  type: v.literal("oauth"),
  active: mapOf(v.string()),
  order: mapOf(v.array(v.string())),
  records: list,
});
const keyProvider = v.variant("type", [
  v.strictObject({ type: v.literal("api"), key: v.string(), metadata: v.optional(mapOf(v.string())) }),
  v.strictObject({ type: v.literal("wellknown"), key: v.string(), token: v.string() }),
]);
const file = v.strictObject({ version: v.literal(2), providers: v.custom<object>(isObject) });

const SECRETS = ["refresh", "access", "expires"] as const;

export interface AccountsReading {
  readonly entries: readonly Entry[];
  /** By login id, in file order. */
  readonly records: ReadonlyMap<string, JsonObject>;
}
type Reading = AccountsReading | { readonly problem: FileProblem };

/** Has this top level the marks of the multi-account format, well-formed or not? */
export function looksLikeAccounts(root: JsonObject): boolean {
  return memberOf(root, "version") !== undefined && memberOf(root, "providers") !== undefined;
}

/** Reads the whole file, or says what is out of shape. */
export function readAccounts(root: JsonObject): Reading {
  const version = memberOf(root, "version");
  if (version?.kind !== "number" || version.value !== 2) return { problem: { kind: "notVersion2" } };
  const fault = faultOf(file, toValue(root));
  const providers = memberOf(root, "providers");
  if (providers?.kind !== "object") return outOfShape({ kind: "file" }, { kind: "notObject", at: "providers" });
  if (fault !== null) return outOfShape({ kind: "file" }, fault);

  const entries: Entry[] = [];
  const records = new Map<string, JsonObject>();
  for (const { key, value } of providers.members) {
    const read = readProvider(key, value);
    if ("problem" in read) return read;
    entries.push(...read.entries);
    for (const [id, node] of read.records) {
      if (records.has(id)) return { problem: { kind: "idTwice", id: shownName(id) } };
      records.set(id, node);
    }
  }
  const key = entries.find((entry) => entry.kind === "other" && records.has(entry.id));
  if (key !== undefined) return { problem: { kind: "idOfProvider", id: shownName(key.id) } };
  return { entries, records };
}

function readProvider(provider: string, node: JsonNode): Reading {
  const place: FilePlace = { kind: "provider", name: shownName(provider) };
  if (node.kind !== "object") return outOfShape(place, { kind: "notObject", at: "" });
  const type = memberOf(node, "type");
  const isOauth = type?.kind === "string" && type.value === "oauth";
  const fault = faultOf(isOauth ? oauthProvider : keyProvider, toValue(node));
  if (fault !== null) return outOfShape(place, fault);
  if (!isOauth) return { entries: [{ kind: "other", id: provider, provider, label: provider }], records: new Map() };

  const entries: Entry[] = [];
  const records = new Map<string, JsonObject>();
  const items = memberOf(node, "records");
  for (const [index, item] of (items?.kind === "array" ? items.items : []).entries()) {
    const read = readRecord(provider, index, item);
    if ("problem" in read) return read;
    if (records.has(read.entry.id)) return { problem: { kind: "idTwice", id: shownName(read.entry.id) } };
    entries.push(read.entry);
    records.set(read.entry.id, read.node);
  }
  return { entries, records };
}

function readRecord(
  provider: string,
  index: number,
  node: JsonNode,
): { readonly entry: Entry; readonly node: JsonObject } | { readonly problem: FileProblem } {
  const unnamed: FilePlace = { kind: "unnamedRecord", number: index + 1, provider: shownName(provider) };
  if (node.kind !== "object") return outOfShape(unnamed, { kind: "notObject", at: "" });
  const recordId = memberOf(node, "id");
  const place: FilePlace =
    recordId?.kind === "string" ? { kind: "record", id: shownName(`${provider}/${recordId.value}`) } : unnamed;
  if (SECRETS.some((key) => memberOf(node, key) === undefined)) {
    return { problem: { kind: "inKeychain", place } };
  }
  const read = v.safeParse(record, toValue(node));
  if (!read.success) {
    const fault = faultOf(record, toValue(node));
    return outOfShape(place, fault ?? { kind: "wrongValue", at: "" });
  }
  const { id, label, access, refresh, expires } = read.output;
  const entry: Entry = {
    kind: "oauth",
    id: `${provider}/${id}`,
    provider,
    label: label === undefined || label.trim() === "" ? fallbackLabel(provider, id) : oneLine(redact(label), 80),
    pair: { access, refresh, expires: expires + 0 },
  };
  return { entry, node };
}

/** ULIDs made in one hour begin alike, so the end tells them apart. */
function fallbackLabel(provider: string, recordId: string): string {
  return `${provider} · ${recordId.length > 12 ? `…${oneLine(recordId.slice(-6), 6)}` : oneLine(recordId, 12)}`;
}

function outOfShape(place: FilePlace, fault: Fault): { readonly problem: FileProblem } {
  return { problem: { kind: "outOfShape", place, fault } };
}
