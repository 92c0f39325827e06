import * as fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { CredentialDocument, Edit } from "../read/document.ts";
import { parseDocument } from "../read/parse.ts";
import { fileMaker } from "../testing/generated-file.ts";
import { printed } from "../testing/odd-printer.ts";
import { applyEdits } from "./edit.ts";

// opencode's schemas in our own words: the flat entry, and the strict file of the multi-account line.
const ms = v.pipe(v.number(), v.integer(), v.minValue(0));
const flatLogin = v.object({
  type: v.literal("oauth"),
  refresh: v.string(),
  access: v.string(),
  expires: ms,
  accountId: v.optional(v.string()),
  enterpriseUrl: v.optional(v.string()),
});
const health = v.strictObject({
  cooldownUntil: v.optional(v.number()),
  lastStatusCode: v.optional(v.number()),
  lastErrorAt: v.optional(v.number()),
  successCount: v.number(),
  failureCount: v.number(),
});
const accountsFile = v.strictObject({
  version: v.literal(2),
  providers: v.record(
    v.string(),
    v.variant("type", [
      v.strictObject({
        type: v.literal("api"),
        key: v.string(),
        metadata: v.optional(v.record(v.string(), v.string())),
      }),
      v.strictObject({
        type: v.literal("oauth"),
        active: v.record(v.string(), v.string()),
        order: v.record(v.string(), v.array(v.string())),
        records: v.array(
          v.strictObject({
            id: v.string(),
            namespace: v.string(),
            label: v.optional(v.string()),
            accountId: v.optional(v.string()),
            enterpriseUrl: v.optional(v.string()),
            refresh: v.string(),
            access: v.string(),
            expires: ms,
            createdAt: v.number(),
            updatedAt: v.number(),
            health,
          }),
        ),
      }),
    ]),
  ),
});

/** fast-check prints the seed of a failure, which `{ seed, path }` here repeats. */
const RUNS = { numRuns: 1000 };
const LONG = 120_000;

function understood(text: string): CredentialDocument {
  const parsed = parseDocument(text);
  if (parsed.kind === "problem") throw new Error(`${parsed.problem.kind}: ${JSON.stringify(text)}`);
  return parsed.document;
}

function entriesOf(text: string): Map<string, unknown> {
  const value: unknown = JSON.parse(text);
  return new Map(
    Object.entries(
      v.parse(
        v.custom<object>((input) => typeof input === "object"),
        value,
      ),
    ),
  );
}

describe("applyEdits on any credential file", () => {
  for (const format of ["flat", "accounts"] as const) {
    it(
      `changes exactly the named values of the ${format} file, to the byte, and opencode can read the result`,
      () => {
        fc.assert(
          fc.property(fc.gen(), (g) => {
            const make = fileMaker(g);
            const { pieces, logins, slots } = make.file(format);
            const text = printed(pieces);
            const document = understood(text);
            expect(document.format).toBe(format);
            expect([...document.slots.keys()]).toEqual([...slots]);
            expect(document.entries.flatMap((entry) => (entry.kind === "oauth" ? [entry.id] : []))).toEqual(
              expect.arrayContaining([...logins]),
            );

            const chosen = logins.filter((_, index) => index === 0 || make.chance(50));
            const news = new Map(chosen.map((id) => [id, { pair: make.pair(), updatedAt: g(fc.nat) }] as const));
            const edits: Edit[] = [...news].map(([id, change]) => ({ kind: "pair", id, ...change }));
            const expected = printed(pieces, ({ id, key }) => {
              const change = news.get(id);
              if (change === undefined) return null;
              return JSON.stringify(key === "updatedAt" ? change.updatedAt : change.pair[key]);
            });

            expect(applyEdits(document, edits)).toEqual({ kind: "text", text: expected });
            const after = entriesOf(expected);
            for (const [id, { pair }] of news) {
              if (format === "flat")
                expect(v.parse(flatLogin, after.get(id))).toMatchObject({ type: "oauth", ...pair });
            }
            if (format === "accounts") v.parse(accountsFile, JSON.parse(expected));
          }),
          RUNS,
        );
      },
      LONG,
    );
  }

  it(
    "sets and removes whole entries of the flat file and leaves the others to the byte",
    () => {
      fc.assert(
        fc.property(fc.gen(), (g) => {
          const make = fileMaker(g);
          const { pieces, slots } = make.file("flat");
          const before = understood(printed(pieces));
          const model = new Map([...before.slots].map(([id, { raw }]) => [id, raw] as const));
          const edits: Edit[] = [];
          for (const id of slots) {
            const what = make.pick(["drop", "put", "keep"]);
            if (what === "drop") edits.push({ kind: "drop", id });
            if (what === "put")
              edits.push({ kind: "put", id, raw: make.pick(['{"type":"x"}', "-0", '[ 1e3,\r\n"\\u0041"]']) });
          }
          if (make.chance(50)) edits.push({ kind: "put", id: "new one", raw: '{\n  "type": "future"\n}' });
          for (const edit of edits) {
            if (edit.kind === "drop") model.delete(edit.id);
            else if (edit.kind === "put") model.set(edit.id, edit.raw);
          }

          const result = applyEdits(before, edits);
          if (result.kind === "cannot") throw new Error(result.problem.kind);
          const after = understood(result.text);
          expect([...after.slots].map(([id, { raw }]) => [id, raw])).toEqual([...model]);
          const values = entriesOf(result.text);
          expect(values.size).toBe(model.size);
          for (const [id, raw] of model) expect(values.get(id)).toEqual(JSON.parse(raw));
        }),
        RUNS,
      );
    },
    LONG,
  );
});
