import { describe, expect, it } from "vitest";
import { loginOf, NOON } from "../testing/snapshots.ts";
import { topicOf } from "./alike.ts";
import type { Login } from "./snapshot.ts";

const topic = (change: Partial<Login>, id = "a") =>
  topicOf(loginOf(id, { provider: "anthropic", reason: "Words.", ...change }));

describe("logins that say the same", () => {
  it.each<[string, Partial<Login>]>([
    ["are left alone", { state: "unmanaged", reasonKind: "noAdapter" }],
    ["pause until the same time", { state: "paused", pausedUntil: NOON }],
    ["have no network", { state: "retrying", reasonKind: "network" }],
  ])("%s, whatever their ids", (_name, change) => {
    expect(topic(change)).not.toBeNull();
    expect(topic(change, "b")).toBe(topic(change));
  });

  it.each<[string, Partial<Login>, Partial<Login>]>([
    ["another reason", { state: "retrying", reasonKind: "network" }, { state: "retrying", reasonKind: "notWritten" }],
    ["another time", { state: "paused", pausedUntil: NOON }, { state: "paused", pausedUntil: null }],
    [
      "another provider",
      { state: "retrying", reasonKind: "network" },
      { state: "retrying", reasonKind: "network", provider: "x" },
    ],
  ])("do not have %s", (_name, one, other) => {
    expect(topic(one)).not.toBe(topic(other));
  });

  it("are none whose sentence names the login, and none that say nothing", () => {
    expect(topic({ state: "oldCopy" })).toBeNull();
    expect(topic({ state: "retrying", reasonKind: "provider" })).toBeNull();
    expect(topic({ state: "unmanaged", reason: null })).toBeNull();
  });
});
