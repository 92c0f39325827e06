/** `settings`, with the real program, the real file and a keeper that hears of it. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { exists } from "../support/files.ts";
import { loginOf, scene, sceneWithLogin } from "../support/scene.ts";
import { until } from "../support/wait.ts";

describe.concurrent("settings", () => {
  it.concurrent("writes the file that everything else reads, and a running keeper hears it", async (context) => {
    const { home, server } = await sceneWithLogin(context, { healthy: true, ping: null });
    await home.run("settings", "set", "ping.mode", "off");
    const keeper = home.start("run");
    await until("it runs", async () => (await home.published())?.keeper.running === true);
    const set = await home.run("settings", "set", "names.anthropic", "my work");
    expect(set).toMatchObject({ code: 0, stdout: 'names.anthropic is now "my work".\n', stderr: "" });
    await until("it hears the label", async () => (await home.published())?.accounts[0]?.label === "my work");
    expect((await home.run("settings", "set", "pauses.my work", "null")).code).toBe(0);
    await until("it hears the pause", async () => (await home.published())?.accounts[0]?.state === "paused");
    expect(JSON.parse(await readFile(home.settingsFile, "utf8"))).toEqual({
      ping: { mode: "off" },
      names: { anthropic: "my work" },
      pauses: { anthropic: null },
    });
    keeper.kill();
    expect((await keeper.ended).code).toBe(0);
    expect(await server.requests()).toEqual([]);
  });

  it.concurrent("makes nothing by looking, and lists what a file without a word means", async (context) => {
    const { home } = await scene(context);
    const { code, stdout } = await home.run("settings");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ping\.mode +default +message$/m);
    expect(stdout).toMatch(
      /^providers\.anthropic\.tokenUrl +default +https:\/\/platform\.claude\.com\/v1\/oauth\/token$/m,
    );
    expect((await home.run("settings", "path")).stdout).toBe(`${home.settingsFile}\n`);
    expect((await home.run("settings", "get", "authFile")).stdout).toBe(`${home.authFile}\n`);
    expect(await exists(dirname(home.settingsFile))).toBe(false);
  });

  it.concurrent("refuses what could not be started with, and leaves the file alone", async (context) => {
    const { home } = await scene(context);
    await mkdir(dirname(home.settingsFile), { recursive: true });
    await writeFile(home.settingsFile, '{"mine":1}');
    for (const [words, part] of [
      ["ping.mode often", 'it can be "off", "profile" or "message"'],
      ["providers.anthropic.tokenUrl http://example.org/t", "The setting providers.anthropic.tokenUrl cannot be used"],
      ["ping.mood off", 'Did you mean "ping.mode"?'],
    ] as const) {
      const { code, stderr } = await home.run("settings", "set", ...words.split(" "));
      expect([words, code]).toEqual([words, 2]);
      expect(stderr).toContain(part);
    }
    expect(await readFile(home.settingsFile, "utf8")).toBe('{"mine":1}');
    const set = await home.run("settings", "set", "providers.anthropic.pingModel", "m", "--json");
    expect(JSON.parse(set.stdout)).toEqual({
      version: 1,
      key: "providers.anthropic.pingModel",
      value: "m",
      source: "settings",
    });
    await writeFile(home.settingsFile, "{");
    expect((await home.run("settings")).code).toBe(2);
    expect((await home.run("settings", "path")).code).toBe(0);
  });

  it.concurrent("counts for the next command", async (context) => {
    const { home } = await sceneWithLogin(context, { healthy: true });
    expect((await home.run("settings", "set", "names.anthropic", "office")).code).toBe(0);
    expect((await loginOf(home)).label).toBe("office");
    expect((await home.run("settings", "unset", "names.office")).stderr).toBe("");
    expect((await loginOf(home)).label).toBe("anthropic");
  });
});
