import { describe, expect, it } from "vitest";
import type { SettingsFile } from "../../ports/settings.ts";
import { UserError } from "../../shared/data/errors.ts";
import type { Named } from "../../shared/data/named.ts";
import { NOTIFICATION_KINDS } from "../../shared/login/notifications.ts";
import { type Stored, withValue } from "../../shared/setting-keys.ts";
import { parseSettings } from "../../shared/settings.ts";
import { testOutput } from "../testing/fakes.ts";
import { settingsCommand } from "./settings.ts";

const LOGINS: readonly Named[] = [
  { id: "anthropic/a", label: "work" },
  { id: "anthropic/b", label: "private" },
];
const DEFAULTS = {
  authFile: "/home/ann/auth.json",
  schedule: "lead",
  ping: { mode: "message", dailyTokens: 5_000 },
  providers: { anthropic: { tokenUrl: "https://t", apiUrl: "https://a", encoding: "json", pingModel: "m" } },
};

function memory(first: Stored): SettingsFile & { readonly content: () => Stored } {
  let content = first;
  return {
    content: () => content,
    read: () => parseSettings(content),
    stored: () => content,
    update: () => undefined,
    onChange: () => () => undefined,
    put: (path, value) => {
      content = withValue(content, path, value);
    },
  };
}

async function run(
  words: readonly string[],
  given: Stored = {},
  json = false,
  logins: readonly Named[] | null = LOGINS,
) {
  const file = memory(given);
  const output = testOutput();
  const said = await settingsCommand(words, {
    output,
    json,
    path: "/home/ann/settings.json",
    open: async () => file,
    defaults: DEFAULTS,
    providers: ["anthropic"],
    logins: async () => logins,
    check: ({ providers }) => {
      if (JSON.stringify(providers).includes("evil")) throw new UserError("It cannot be used.", 2);
    },
  }).then(
    (code) => ({ code, sentence: null }),
    (error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      return { code: error.exitCode, sentence: error.message };
    },
  );
  return { ...said, stdout: output.stdout(), content: file.content() };
}

describe("settings", () => {
  it("lists every key, where its value comes from, and the value", async () => {
    const { code, stdout } = await run([], { ping: { mode: "off" }, names: { "anthropic/a": "work" } });
    expect(code).toBe(0);
    expect(stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, "|"))).toEqual([
      "KEY|FROM|VALUE",
      "authFile|default|/home/ann/auth.json",
      "schedule|default|lead",
      "ping.mode|settings|off",
      "ping.dailyTokens|default|5000",
      ...NOTIFICATION_KINDS.map((kind) => `notifications.${kind}|default|-`),
      "logLevel|default|-",
      "pingNoticeAt|default|-",
      "pingAsked|default|-",
      "providers.anthropic.tokenUrl|default|https://t",
      "providers.anthropic.apiUrl|default|https://a",
      "providers.anthropic.encoding|default|json",
      "providers.anthropic.pingModel|default|m",
      "names.anthropic/a|settings|work",
      "",
    ]);
  });

  it("lists the same for programs", async () => {
    const { stdout } = await run([], { pauses: { "*": null } }, true);
    const { version, settings } = JSON.parse(stdout);
    expect(version).toBe(1);
    expect(settings).toContainEqual({ key: "pauses.*", value: null, source: "settings" });
    expect(settings).toContainEqual({ key: "ping.dailyTokens", value: 5_000, source: "default" });
  });

  it("gives one value, bare for a shell and with its source for a program", async () => {
    expect((await run(["get", "ping.mode"])).stdout).toBe("message\n");
    expect((await run(["get", "pingNoticeAt"])).stdout).toBe("-\n");
    expect(JSON.parse((await run(["get", "ping.mode"], { ping: { mode: "off" } }, true)).stdout)).toEqual({
      version: 1,
      key: "ping.mode",
      value: "off",
      source: "settings",
    });
  });

  it("sets one key and leaves all else as it stands", async () => {
    const { code, stdout, content } = await run(["set", "ping.mode", "off"], { ping: { later: 1 }, mine: [1] });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ping.mode is now "off".\n' });
    expect(content).toEqual({ ping: { later: 1, mode: "off" }, mine: [1] });
  });

  it("takes a key out again, and says what counts then", async () => {
    const { stdout, content } = await run(["unset", "ping.mode"], { ping: { mode: "off" } });
    expect(stdout).toBe('ping.mode is no longer set; it is "message" by default.\n');
    expect(content).toEqual({});
    expect((await run(["unset", "names.anthropic/a"], { names: { "anthropic/a": "x" } })).stdout).toBe(
      "names.anthropic/a is no longer set.\n",
    );
  });

  it("says of what is read at the start that it is", async () => {
    expect((await run(["set", "authFile", "a.json"])).stdout).toBe(
      'authFile is now "a.json". A running keeper uses it from its next start on.\n',
    );
  });

  it("takes a label for the login that a key is about, and no login that there is not", async () => {
    expect((await run(["set", "names.work", "office"])).content).toEqual({ names: { "anthropic/a": "office" } });
    expect((await run(["set", "allow.private.shared", "true"])).content).toEqual({
      allow: { "anthropic/b": { shared: true } },
    });
    expect((await run(["set", "pauses.*", "null"])).content).toEqual({ pauses: { "*": null } });
    expect(await run(["set", "names.wrok", "office"])).toMatchObject({
      code: 2,
      sentence: 'There is no login "wrok". Did you mean "work"?',
      content: {},
    });
    expect((await run(["get", "names.anthropic"])).sentence).toContain("fits several logins");
    expect((await run(["set", "names.later", "x"], {}, false, null)).content).toEqual({ names: { later: "x" } });
    expect((await run(["unset", "names.gone"], { names: { gone: "x" } })).content).toEqual({});
  });

  it.each([
    [["get", "ping.mod"], 'There is no setting "ping.mod". Did you mean "ping.mode"?'],
    [["set", "zzz", "1"], 'There is no setting "zzz". "pilot-light settings" lists them.'],
    [["get", "providers.openai.tokenUrl"], 'There is no setting "providers.openai.tokenUrl".'],
    [
      ["set", "ping.mode", "often"],
      'Nothing was changed: "ping.mode" is "often"; it can be "off", "profile" or "message".',
    ],
    [["set", "providers.anthropic.tokenUrl", "http://evil"], "It cannot be used."],
    [["set", "ping.mode"], 'settings takes "get KEY"'],
    [["got", "ping.mode"], 'settings takes "get KEY"'],
    [["path", "x"], 'settings takes "get KEY"'],
  ])("refuses %j in one sentence and changes nothing", async (words, sentence) => {
    const ended = await run(words, { mine: 1 });
    expect(ended).toMatchObject({ code: 2, stdout: "", content: { mine: 1 } });
    expect(ended.sentence).toContain(sentence);
  });

  it("names the file although it cannot be opened", async () => {
    const output = testOutput();
    const open = async () => {
      throw new UserError("broken", 2);
    };
    const context = { output, json: false, path: "/x/settings.json", open, defaults: {}, providers: [] };
    const rest = { logins: async () => null, check: () => undefined };
    expect(await settingsCommand(["path"], { ...context, ...rest })).toBe(0);
    expect(output.stdout()).toBe("/x/settings.json\n");
  });
});
