import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tryJson } from "../../app/shared/data/json.ts";
import { appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

describe.skipIf(missing)("the settings of the app", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
  });
  afterAll(() => desktop?.close());

  /** An xdg-open that notes what it opens, then runs `command`. */
  async function openers(command: string) {
    const bin = await mkdtemp(join(desktop.home, "openers-"));
    const record = join(bin, "record");
    await writeFile(join(bin, "xdg-open"), `#!/bin/sh\necho "$*" >>"${record}"\nexec ${command}\n`, { mode: 0o755 });
    return {
      env: { PATH: `${bin}:${desktop.env["PATH"] ?? ""}` },
      opened: async () => (await readFile(record, "utf8").catch(() => "")).split("\n").filter((line) => line !== ""),
    };
  }

  it("land in the file that the command line reads, and show what is changed there within a second", async (test) => {
    const { server, home, start } = await appScene(test, desktop, { ping: null });
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    expect((await home.run("settings", "set", "ping.mode", "profile")).code).toBe(0);
    const page = await (await start()).window();
    await page.keyboard.press("Control+,");
    const settings = page.getByRole("region", { name: "Settings" });
    await settings.getByRole("radio", { name: /^Profile/, checked: true }).waitFor();
    await settings.getByRole("radio", { name: /^Off/ }).click();
    await settings.getByRole("switch", { name: "a login needs a decision" }).click();
    await settings.getByLabel("anthropic", { exact: true }).fill("office");
    await settings.getByLabel("anthropic", { exact: true }).press("Enter");
    const stored = async () => tryJson(await readFile(home.settingsFile, "utf8"));
    await until("all of it is in the file", async () => JSON.stringify(await stored()).includes("office"));
    expect(await stored()).toEqual({
      ping: { mode: "off" },
      notifications: { decision: false },
      names: { anthropic: "office" },
    });
    expect((await home.run("settings", "get", "ping.mode")).stdout).toBe("off\n");
    await page.getByRole("heading", { name: "anthropic · office" }).waitFor();

    const took: number[] = [];
    for (const dailyTokens of [101, 102, 103]) {
      await writeFile(
        home.settingsFile,
        JSON.stringify({ schedule: "classic", ping: { mode: "message", dailyTokens } }),
      );
      const at = Date.now();
      await settings.getByText(`at most ${dailyTokens} tokens a day`).waitFor();
      took.push(Date.now() - at);
    }
    // A busy machine may take its time for one of them.
    expect(Math.min(...took)).toBeLessThan(1_000);
    await settings.getByRole("radio", { name: /^Classic/, checked: true }).waitFor();
    expect(await settings.getByLabel("Most tokens a day for each login").inputValue()).toBe("103");
  });

  it("lead to the log without waiting for the program that opens it, so that logins stay alive", async (test) => {
    // As xdg-open does where there is no desktop: it lasts as long as the editor.
    const { env, opened } = await openers("sleep 60");
    const { server, home, start } = await appScene(test, desktop, { env });
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const page = await (await start()).window();
    await page.keyboard.press("Control+,");
    const settings = page.getByRole("region", { name: "Settings" });
    const open = settings.getByRole("button", { name: "Open: log", exact: true });
    await open.click();
    await until("it is opened", async () => (await opened()).length > 0);
    const at = Date.now();
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    await until("it was refreshed", async () => (await home.pair())?.refresh !== login.refresh);
    // Else only once the program has ended.
    expect(Date.now() - at).toBeLessThan(55_000);
    expect(await opened()).toEqual([expect.stringMatching(/pilot-light\.log$/)]);
  });

  it("leave pings alone where the environment decides them", async (test) => {
    const { start } = await appScene(test, desktop, { ping: "profile" });
    const page = await (await start()).window();
    await page.keyboard.press("Control+,");
    const pings = page.getByRole("group", { name: "Pings" });
    await pings.getByText("PILOT_LIGHT_PING").waitFor();
    expect(await pings.getByRole("radio", { name: /^Profile/ }).isDisabled()).toBe(true);
  });

  it("open, show and copy what they name", async (test) => {
    const { env, opened } = await openers("true");
    const { server, home, start } = await appScene(test, desktop, { env });
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    const app = await start();
    const page = await app.window();
    await app.electron.evaluate(({ shell }) => {
      const shown: string[] = [];
      Object.assign(globalThis, { shown });
      shell.showItemInFolder = (path) => void shown.push(path);
    });
    await page.keyboard.press("Control+,");
    const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
    await press("Open: state folder");
    await press("Show in folder: credential file");
    await press("Open: settings file");
    await page.getByText(`${home.settingsFile} is not there yet.`).waitFor();
    expect(await opened()).toEqual([home.stateDir]);
    expect(await app.electron.evaluate(() => String(Reflect.get(globalThis, "shown")))).toBe(home.authFile);
    await press("Copy: log");
    await page.getByText(/^Copied: .*pilot-light\.log/).waitFor();
    const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
    expect(copied).toContain(home.stateDir);
  });
});
