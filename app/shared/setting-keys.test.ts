import { describe, expect, it } from "vitest";
import { aboutLogin, keyNames, readValue, settingKey, settingKeys, valueAt, withValue } from "./setting-keys.ts";
import { wrongSetting } from "./settings.ts";

const PROVIDERS = ["anthropic"];

describe("a key of the settings", () => {
  it.each([
    ["ping.mode", ["ping", "mode"], null],
    ["ping.model", ["ping", "model"], null],
    ["providers.anthropic.tokenUrl", ["providers", "anthropic", "tokenUrl"], null],
    ["names.anthropic/a.b", ["names", "anthropic/a.b"], "anthropic/a.b"],
    ["allow.anthropic/a.b.shared", ["allow", "anthropic/a.b", "shared"], "anthropic/a.b"],
    ["pauses.*", ["pauses", "*"], null],
    ["names.__proto__", ["names", "__proto__"], "__proto__"],
  ])("%s is a place in the file", (name, path, login) => {
    expect(settingKey(name, PROVIDERS)).toMatchObject({ name, path, login });
  });

  it.each([
    "ping",
    "ping.mood",
    "names.",
    "names",
    "providers.openai.tokenUrl",
    "allow.a",
    "__proto__",
    "",
    "toString",
  ])("%j is none", (name) => {
    expect(settingKey(name, PROVIDERS)).toBeNull();
  });

  it("may be about a login", () => {
    const key = settingKey("allow.work.shared", PROVIDERS);
    expect(key === null ? null : aboutLogin(key, "anthropic/a").name).toBe("allow.anthropic/a.shared");
  });

  it("is taken at the next start only where that is so", () => {
    const late = settingKeys({ names: { tokenUrl: "x" } }, PROVIDERS).filter(({ atStart }) => atStart);
    expect(late.map(({ name }) => name)).toEqual([
      "authFile",
      "providers.anthropic.tokenUrl",
      "providers.anthropic.apiUrl",
      "providers.anthropic.encoding",
    ]);
  });

  it("is listed where it always is, or where it is stored", () => {
    const stored = { names: { a: "work" }, pauses: { "*": null }, ping: { model: "m" }, allow: 5 };
    const names = settingKeys(stored, PROVIDERS).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["names.a", "pauses.*", "ping.model", "schedule"]));
    for (const name of names) expect(settingKey(name, PROVIDERS)?.name).toBe(name);
    expect(keyNames(PROVIDERS)).not.toContain("ping.model");
  });
});

describe("a value of the settings", () => {
  it("is put at its place and nowhere else", () => {
    const before = { ping: { mode: "off", later: 1 }, mine: [1] };
    expect(withValue(before, ["ping", "dailyTokens"], 5)).toEqual({
      ping: { mode: "off", later: 1, dailyTokens: 5 },
      mine: [1],
    });
    expect(withValue({}, ["names", "__proto__"], "x")).toEqual(JSON.parse('{"names":{"__proto__":"x"}}'));
    expect(valueAt({ names: {} }, ["names", "constructor"])).toBeUndefined();
  });

  it("is taken out with what it leaves empty", () => {
    expect(
      withValue({ allow: { a: { shared: true } }, ping: { mode: "off" } }, ["allow", "a", "shared"], undefined),
    ).toEqual({
      ping: { mode: "off" },
    });
    expect(withValue({}, ["names", "a"], undefined)).toEqual({});
  });

  it.each([
    ["ping.mode", "off", "off"],
    ["ping.dailyTokens", "100", 100],
    ["names.a", "100", "100"],
    ["pauses.a", "null", null],
    ["pauses.a", "1760000000000", 1_760_000_000_000],
    ["allow.a.shared", "true", true],
  ])("%s takes %s for what it can be", (name, text, value) => {
    expect(readValue({}, settingKey(name, PROVIDERS)?.path ?? [], text)).toBe(value);
  });

  it.each([
    ["ping.mode", "often", '"ping.mode" is "often"; it can be "off", "profile" or "message"'],
    ["ping.dailyTokens", "-1", '"ping.dailyTokens" is -1; it can be a whole number, 0 or more'],
    ["ping.dailyTokens", "many", '"ping.dailyTokens" is "many"; it can be a whole number, 0 or more'],
    ["allow.a.shared", "yes", '"allow.a.shared" is "yes"; it can be true or false'],
  ])("%s does not take %s", (name, text, sentence) => {
    let thrown: unknown = null;
    try {
      readValue({}, settingKey(name, PROVIDERS)?.path ?? [], text);
    } catch (error) {
      thrown = error;
    }
    expect(wrongSetting(thrown)).toBe(sentence);
  });
});
