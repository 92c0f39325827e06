import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Conf from "conf";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFiles } from "../platform/files/files.ts";
import { settingDefaults } from "./setting-defaults.ts";
import { openSettings, type SettingsStoreOptions } from "./settings-store.ts";

function place(content: string | null, files: SettingsStoreOptions["files"] = createFiles()) {
  const folder = mkdtempSync(join(tmpdir(), "pilot-light-put-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "settings.json");
  if (content !== null) writeFileSync(path, content, { mode: 0o600 });
  const openConf = (configName: string, options: object) => new Conf({ ...options, configName });
  return { path, open: () => openSettings({ folder, openConf, files, onProblem: () => undefined }) };
}

describe("a single key of the settings file", () => {
  it("is put in without a default becoming a choice, and unknown keys stay", async () => {
    const { path, open } = place('{"ping":{"later":1},"mine":[1]}');
    const settings = await open();
    settings.put(["ping", "mode"], "off");
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ ping: { later: 1, mode: "off" }, mine: [1] });
    expect(settings.read().ping).toEqual({ mode: "off", dailyTokens: 5_000 });
    expect(settings.stored()).toEqual({ ping: { later: 1, mode: "off" }, mine: [1] });
  });

  it("is told to our own listeners at once, whether the system tells of the folder or not", async () => {
    const { open } = place("{}", { watchFolder: () => () => undefined });
    const settings = await open();
    const seen: string[] = [];
    const stop = settings.onChange(() => seen.push(settings.read().schedule));
    settings.put(["schedule"], "classic");
    settings.put(["schedule"], "classic");
    expect(seen).toEqual(["classic"]);
    stop();
    settings.update((before) => ({ ...before, schedule: "lead" }));
    expect(seen).toEqual(["classic"]);
  });

  it("may be a default that was chosen, and is taken out again", async () => {
    const { path, open } = place(null);
    const settings = await open();
    settings.put(["schedule"], "lead");
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ schedule: "lead" });
    settings.put(["schedule"], undefined);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({});
  });

  it("is not written where the file would not be understood with it, or would stay the same", async () => {
    const { path, open } = place(null);
    const settings = await open();
    expect(() => settings.put(["ping", "mode"], "often")).toThrow(/"ping.mode" is "often"/);
    settings.put(["names", "a"], undefined);
    expect(existsSync(path)).toBe(false);
  });
});

describe("the settings of a folder that comes later", () => {
  it("are read without being told of a change", async () => {
    const { path, open } = place(null);
    const folder = join(path, "..");
    rmdirSync(folder);
    const settings = await open();
    expect(settings.read().schedule).toBe("lead");
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(path, '{"schedule":"classic"}', { mode: 0o600 });
    expect(settings.read().schedule).toBe("classic");
  });
});

describe("the defaults of the settings", () => {
  it("look at no flag and at no variable but the folder of data", () => {
    const env = { PILOT_LIGHT_AUTH_FILE: "/x", PILOT_LIGHT_PING: "off", XDG_DATA_HOME: "/data" };
    expect(settingDefaults({ env, home: "/home/ann", cwd: "/work", platform: "linux" })).toMatchObject({
      authFile: "/data/opencode/auth.json",
      ping: { mode: "message", dailyTokens: 5_000 },
      providers: { anthropic: { encoding: "json", pingModel: expect.any(String) } },
    });
  });
});
