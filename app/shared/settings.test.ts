import { describe, expect, it } from "vitest";
import { NOTIFICATION_KINDS } from "./login/notifications.ts";
import { parseSettings } from "./settings.ts";

describe("the settings", () => {
  it("need no file: each has a default", () => {
    expect(parseSettings({})).toEqual({
      schedule: "lead",
      ping: { dailyTokens: 5_000 },
      providers: {},
      pauses: {},
      allow: {},
      names: {},
      notifications: Object.fromEntries(NOTIFICATION_KINDS.map((kind) => [kind, true])),
      logLevel: "info",
    });
  });

  it("keep every key that this version does not know", () => {
    const odd = { later: { deep: [1, null] } };
    expect(parseSettings(odd)).toMatchObject(odd);
  });

  it("are read as they stand", () => {
    const all = {
      authFile: "/a",
      schedule: "classic",
      ping: { mode: "off", model: "m", dailyTokens: 0 },
      providers: { anthropic: { tokenUrl: "https://t", apiUrl: "https://a", encoding: "form", pingModel: "n" } },
      pauses: { "*": null, anthropic: 5 },
      allow: { anthropic: { shared: true } },
      names: { anthropic: "work" },
      notifications: { ...Object.fromEntries(NOTIFICATION_KINDS.map((kind) => [kind, true])), deadline: false },
      logLevel: "warn",
      pingNoticeAt: 7,
    };
    expect(parseSettings(all)).toEqual(all);
    expect(parseSettings(parseSettings(all))).toEqual(all);
  });

  it.each([
    ["null", null],
    ["text", "x"],
    ["an unknown schedule", { schedule: "never" }],
    ["an unknown log level", { logLevel: "loud" }],
    ["an unknown ping mode", { ping: { mode: "loud" } }],
    ["an empty model", { providers: { anthropic: { pingModel: "" } } }],
    ["an empty model in its old place", { ping: { model: "" } }],
    ["a negative cap", { ping: { dailyTokens: -1 } }],
    ["a cap with a fraction", { ping: { dailyTokens: 1.5 } }],
    ["a pause until a word", { pauses: { "*": "tomorrow" } }],
    ["a pause until no time", { pauses: { "*": Number.POSITIVE_INFINITY } }],
    ["a notice at no time", { pingNoticeAt: Number.NEGATIVE_INFINITY }],
    ["a path that no system takes", { authFile: "/a\0b" }],
    ["an unknown encoding", { providers: { anthropic: { encoding: "xml" } } }],
  ])("refuse %s", (_name, value) => {
    expect(() => parseSettings(value)).toThrow();
  });
});
