import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { snapshotSchema } from "./snapshot.ts";

const plain = {
  version: 1,
  generatedAt: 1,
  keeper: { running: true, pid: 7, since: 1 },
  file: { path: "/a", format: "flat", problem: null },
  accounts: [
    {
      id: "anthropic",
      provider: "anthropic",
      label: "anthropic",
      state: "healthy",
      reason: null,
      accessExpiresAt: 1,
      loginEndsAt: null,
      nextRefreshAt: 1,
      lastRefresh: { at: 1, outcome: "refreshed" },
      lastPing: { at: 1, outcome: "ok", mode: "message" },
      sharedWith: null,
    },
  ],
};

describe("the public snapshot", () => {
  it("has these keys and no others", () => {
    expect(v.parse(snapshotSchema, plain)).toEqual(plain);
  });

  it("has no place for a secret: keys that it does not name are dropped", () => {
    const [first] = plain.accounts;
    const leaky = {
      ...plain,
      token: "SECRET-0",
      keeper: { ...plain.keeper, env: "SECRET-1" },
      file: { ...plain.file, text: "SECRET-2" },
      accounts: [{ ...first, access: "SECRET-3", refresh: "SECRET-4", fingerprint: "SECRET-5" }],
    };
    const text = JSON.stringify(v.parse(snapshotSchema, leaky));
    expect(text).not.toContain("SECRET");
    expect(JSON.parse(text)).toEqual(plain);
  });

  it("gained kinds: whole where they are known, none where a newer keeper names one that is not", () => {
    const [first] = plain.accounts;
    const withKinds = (problemKind: string | null) => ({
      ...plain,
      file: { path: "/a", format: null, problem: "it is empty", problemKind },
      accounts: [{ ...first, reasonKind: "of a kind to come", pausedUntil: null }],
    });
    expect(v.parse(snapshotSchema, withKinds("empty"))).toEqual(withKinds("empty"));
    expect(v.parse(snapshotSchema, withKinds("of a kind to come"))).toEqual(withKinds(null));
  });

  it("gained a mark on a login of which a pair can be put back", () => {
    const [first] = plain.accounts;
    const marked = { ...plain, accounts: [{ ...first, rescuable: true }] };
    expect(v.parse(snapshotSchema, marked)).toEqual(marked);
  });

  it("names no field after a token", () => {
    const names: string[] = [];
    JSON.stringify(plain, (key, value: unknown) => (names.push(key), value));
    expect(names.filter((name) => /^(access|refresh|token|secret|key|credential|fingerprint)s?$/i.test(name))).toEqual(
      [],
    );
  });

  it.each([
    ["another version", { ...plain, version: 2 }],
    ["an unknown state", { ...plain, accounts: [{ ...plain.accounts[0], state: "fine" }] }],
    ["an unknown format", { ...plain, file: { ...plain.file, format: "yaml" } }],
    [
      "an unknown ping outcome",
      { ...plain, accounts: [{ ...plain.accounts[0], lastPing: { at: 1, outcome: "x", mode: "message" } }] },
    ],
    ["an account without an id", { ...plain, accounts: [{ ...plain.accounts[0], id: undefined }] }],
  ])("refuses %s", (_name, value) => {
    expect(v.safeParse(snapshotSchema, value).success).toBe(false);
  });
});
