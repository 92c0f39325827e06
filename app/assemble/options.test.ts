import { describe, expect, it } from "vitest";
import { UserError } from "../shared/data/errors.ts";
import { parseSettings } from "../shared/settings.ts";
import type { GivenFlags } from "./flags.ts";
import { endpointSources, pingModelOf, pingNow, resolveFolders, resolveOptions, type Surroundings } from "./options.ts";

const NONE: GivenFlags = { tokenUrls: [], apiUrls: [] };
const around = (env: Surroundings["env"] = {}): Surroundings => ({
  env,
  home: "/home/ann",
  cwd: "/work",
  platform: "linux",
});
const resolve = (flags: Partial<GivenFlags>, env: Surroundings["env"] = {}, settings: unknown = {}) =>
  resolveOptions({ ...NONE, ...flags }, parseSettings(settings), around(env));
const sentenceOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 2) return error.message;
    throw error;
  }
  return "nothing was wrong";
};

describe("each option", () => {
  it("has a default", () => {
    const { authFile, endpoints, ping, logLevel } = resolve({});
    expect(authFile).toEqual({ path: "/home/ann/.local/share/opencode/auth.json", source: "default" });
    expect(endpoints.get("anthropic")).toEqual({});
    expect(ping).toEqual({ mode: "message", source: "default", chosen: false });
    expect(logLevel).toBeNull();
  });

  it("is taken from the flag before the environment, from that before the settings", () => {
    const settings = {
      authFile: "/settings/auth.json",
      ping: { mode: "off" },
      providers: { anthropic: { tokenUrl: "https://settings/t", apiUrl: "https://settings", encoding: "form" } },
    };
    const env = {
      PILOT_LIGHT_AUTH_FILE: "env.json",
      PILOT_LIGHT_PING: "profile",
      PILOT_LIGHT_TOKEN_URL: "https://env/t",
      PILOT_LIGHT_API_URL: "anthropic=https://env",
    };
    const flags = {
      authFile: "flag.json",
      ping: "message",
      tokenUrls: ["https://flag/t"],
      apiUrls: ["anthropic=https://flag/"],
      logLevel: "debug",
    };
    const bySettings = resolve({}, {}, settings);
    expect(bySettings.authFile).toEqual({ path: "/settings/auth.json", source: "settings" });
    expect(bySettings.ping).toEqual({ mode: "off", source: "settings", chosen: false });
    expect(bySettings.endpoints.get("anthropic")).toEqual({
      tokenUrl: "https://settings/t",
      apiUrl: "https://settings",
      encoding: "form",
    });
    const byEnv = resolve({}, env, settings);
    expect(byEnv.authFile).toEqual({ path: "/work/env.json", source: "env" });
    expect(byEnv.ping).toEqual({ mode: "profile", source: "env", chosen: true });
    expect(byEnv.endpoints.get("anthropic")).toMatchObject({ tokenUrl: "https://env/t", apiUrl: "https://env" });
    const byFlag = resolve(flags, env, settings);
    expect(byFlag.authFile).toEqual({ path: "/work/flag.json", source: "flag" });
    expect(byFlag.ping).toEqual({ mode: "message", source: "flag", chosen: true });
    expect(byFlag.logLevel).toBe("debug");
    expect(byFlag.endpoints.get("anthropic")).toEqual({
      tokenUrl: "https://flag/t",
      apiUrl: "https://flag",
      encoding: "form",
    });
  });

  it("counts an empty variable as none", () => {
    const env = {
      PILOT_LIGHT_AUTH_FILE: "",
      PILOT_LIGHT_PING: "",
      PILOT_LIGHT_TOKEN_URL: " ",
      PILOT_LIGHT_API_URL: "",
      PILOT_LIGHT_STATE_DIR: "",
    };
    expect(resolve({}, env)).toEqual(resolve({}));
    expect(resolveFolders(NONE, around(env))).toEqual(resolveFolders(NONE, around()));
  });

  it.each(["http://127.0.0.1:8080/t", "http://localhost/t", "http://[::1]:9/t", "https://example.org/t"])(
    "may be the endpoint %s",
    (url) => {
      expect(resolve({ tokenUrls: [url] }).endpoints.get("anthropic")?.tokenUrl).toBe(url);
    },
  );
});

describe("how logins are pinged now", () => {
  const byStart = { mode: "off", chosen: false } as const;

  it("is what the settings say, where this run was not started with a mode", () => {
    expect(pingNow(byStart, parseSettings({ ping: { mode: "profile" } }))).toEqual({ mode: "profile", chosen: true });
    expect(pingNow({ mode: "off", chosen: true }, parseSettings({ ping: { mode: "profile" } })).mode).toBe("off");
  });

  it("is the default once the settings name none, whatever they named at the start", () => {
    expect(pingNow(byStart, parseSettings({}))).toEqual({ mode: "message", chosen: false });
  });
});

describe("the folders", () => {
  it("are those of the platform", () => {
    expect(resolveFolders(NONE, around())).toEqual({
      stateDir: "/home/ann/.local/state/pilot-light",
      logFile: "/home/ann/.local/state/pilot-light/log/pilot-light.log",
      settingsDir: "/home/ann/.config/pilot-light",
      settingsFile: "/home/ann/.config/pilot-light/settings.json",
    });
  });

  it("are one where the state dir was chosen: an instance of its own", () => {
    const both = (folder: string) => ({
      stateDir: folder,
      logFile: `${folder}/log/pilot-light.log`,
      settingsDir: folder,
      settingsFile: `${folder}/settings.json`,
    });
    expect(resolveFolders(NONE, around({ PILOT_LIGHT_STATE_DIR: "state" }))).toEqual(both("/work/state"));
    expect(resolveFolders({ ...NONE, stateDir: "/f" }, around({ PILOT_LIGHT_STATE_DIR: "state" }))).toEqual(both("/f"));
  });
});

describe("a value that cannot be used", () => {
  it.each<[string, Partial<GivenFlags>, Surroundings["env"], unknown, RegExp]>([
    ["a ping flag", { ping: "profil" }, {}, {}, /^--ping must be .*, not "profil"\. Did you mean profile\?$/],
    [
      "a ping variable",
      {},
      { PILOT_LIGHT_PING: "on" },
      {},
      /^PILOT_LIGHT_PING must be off, profile or message, not "on"/,
    ],
    ["a log level", { logLevel: "trace" }, {}, {}, /^--log-level must be debug, info, warn or error, not "trace"/],
    ["a token URL", { tokenUrls: ["http://example.org/t"] }, {}, {}, /^--token-url cannot be used: .*https:\/\//],
    ["an API URL", {}, { PILOT_LIGHT_API_URL: "ftp://x" }, {}, /^PILOT_LIGHT_API_URL cannot be used: /],
    [
      "a URL of the settings",
      {},
      {},
      { providers: { anthropic: { apiUrl: "x" } } },
      /providers\.anthropic\.apiUrl cannot/,
    ],
    [
      "a provider",
      { tokenUrls: ["antropic=https://a"] },
      {},
      {},
      /no adapter here: "antropic"\. Did you mean "anthropic"\?$/,
    ],
    [
      "two URLs for one",
      { apiUrls: ["https://a", "anthropic=https://b"] },
      {},
      {},
      /^--api-url names two URLs for anthropic/,
    ],
    ["an empty URL", { tokenUrls: ["anthropic="] }, {}, {}, /^--token-url cannot be used: it is not a URL/],
  ])("is named, whatever else was given: %s", (_what, flags, env, settings, sentence) => {
    expect(sentenceOf(() => resolve(flags, env, settings))).toMatch(sentence);
  });

  it("is not even looked at where a flag wins over it", () => {
    const env = { PILOT_LIGHT_TOKEN_URL: "http://example.org", PILOT_LIGHT_PING: "loud" };
    const { endpoints, ping } = resolve({ tokenUrls: ["https://a/t"], ping: "off" }, env);
    expect(endpoints.get("anthropic")?.tokenUrl).toBe("https://a/t");
    expect(ping.mode).toBe("off");
  });

  it("is not quoted where it is a URL, which may hold a password", () => {
    const said = sentenceOf(() => resolve({ tokenUrls: ["https://ann:planted-secret@example.org/"] }));
    expect(said).toMatch(/user name or a password/);
    expect(said).not.toContain("planted");
  });
});

describe("what message pings ask", () => {
  const asked = (settings: unknown, id = "anthropic") => pingModelOf(parseSettings(settings), id);

  it.each([
    [{}, undefined],
    [{ providers: { anthropic: { pingModel: "new" } } }, "new"],
    [{ ping: { model: "old" } }, "old"],
    [{ ping: { model: "old" }, providers: { anthropic: { pingModel: "new" } } }, "new"],
    [{ ping: { model: "old" }, providers: { anthropic: { encoding: "form" } } }, "old"],
  ])("is the provider's own setting, or what stands in the old place: %j", (settings, model) => {
    expect(asked(settings)).toBe(model);
  });

  it("of another provider does not stand in the old place", () => {
    expect(asked({ ping: { model: "old" } }, "another")).toBeUndefined();
    expect(asked({ ping: { model: "old" }, providers: { another: { pingModel: "m" } } }, "another")).toBe("m");
    expect(asked({ providers: {} }, "constructor")).toBeUndefined();
  });
});

describe("where an endpoint was said", () => {
  const sources = (flags: Partial<GivenFlags>, env: Surroundings["env"] = {}, settings: unknown = {}) =>
    endpointSources({ ...NONE, ...flags }, parseSettings(settings), around(env)).get("anthropic");
  const SETTINGS = { providers: { anthropic: { tokenUrl: "https://settings/t" } } };

  it.each([
    [{}, {}, {}, { tokenUrl: "default", apiUrl: "default" }],
    [{}, {}, SETTINGS, { tokenUrl: "settings", apiUrl: "default" }],
    [{}, { PILOT_LIGHT_TOKEN_URL: "https://env/t" }, SETTINGS, { tokenUrl: "env", apiUrl: "default" }],
    [
      { tokenUrls: ["anthropic=https://flag/t"] },
      { PILOT_LIGHT_TOKEN_URL: "https://env/t", PILOT_LIGHT_API_URL: "https://env" },
      SETTINGS,
      { tokenUrl: "flag", apiUrl: "env" },
    ],
  ])("is told: %j %j %j", (flags, env, settings, expected) => {
    expect(sources(flags, env, settings)).toEqual(expected);
  });
});
