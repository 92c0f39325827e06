import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tryJson } from "../../app/shared/data/json.ts";
import { type App, appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { textOf } from "../support/files.ts";
import { opencodeMissing, startOpencode } from "../support/opencode/opencode.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

const withoutOpencode = await opencodeMissing();
const run = promisify(execFile);
const button = (page: Page, name: RegExp | string) => page.getByRole("button", { name });
const refreshNow = (page: Page) => button(page, /^Refresh now/);
const windowsOf = (app: App) =>
  app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => ({ visible: window.isVisible(), focused: window.isFocused() })),
  );

describe.skipIf(missing)("the app in a real Electron", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
  });
  afterAll(() => desktop?.close());

  describe.skipIf(withoutOpencode)("with a file that the real opencode wrote", () => {
    it("shows the login, refreshes it exactly once when asked, and opencode reads what it wrote", async (test) => {
      const { server, home, start } = await appScene(test, desktop);
      const opencode = await startOpencode({ home: home.home });
      test.onTestFinished(() => opencode.stop());
      const login = await server.issue();
      await opencode.put("anthropic", oauthEntry(login));
      const app = await start();
      const page = await app.window();
      await page.getByRole("heading", { name: /anthropic/ }).waitFor();
      await page.getByText("healthy").first().waitFor();
      await refreshNow(page).click();
      await until("the rotated pair is in the file", async () => (await home.pair())?.refresh !== login.refresh);
      const pair = await home.pair();
      expect(await server.redemptions(login.refresh)).toBe(1);
      expect(await server.requests("token")).toHaveLength(1);
      expect((await server.standing(pair?.refresh ?? "")).current).toBe(true);
      await page.getByText("Refreshed.").waitFor();
      expect(await opencode.authList()).toMatch(/anthropic/i);
    });
  });

  it("fills the empty window by itself when the file appears", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    const page = await (await start()).window();
    await page.getByText(home.authFile).first().waitFor();
    await page.getByText("opencode auth login").first().waitFor();
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    await page.getByRole("heading", { name: /anthropic/ }).waitFor();
  });

  it("frees the window's process when it is closed, and goes on keeping logins alive", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    const app = await start();
    const page = await app.window();
    await refreshNow(page).waitFor();
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await until("no page is left", async () => (await processesOf(app)).every((type) => type !== "Tab"));
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    await until("it was refreshed", async () => (await home.pair())?.refresh !== login.refresh);
    expect(await server.redemptions(login.refresh)).toBe(1);
  });

  it("opens the window again when its process crashes, without touching the keeper", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const app = await start();
    await refreshNow(await app.window()).waitFor();
    const again = app.electron.waitForEvent("window");
    await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    const page = await again;
    await page.getByText(/window ended unexpectedly/).waitFor();
    await refreshNow(page).click();
    await until("it was refreshed", async () => (await home.pair())?.refresh !== login.refresh);
    expect((await home.published())?.keeper.pid).toBe(app.pid);
    expect(app.printed()).not.toContain("Error sending");
  });

  it("keeps the answer to a refresh that is under way when it is told to quit", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const app = await start();
    const page = await app.window();
    await server.script("token", { kind: "ordinary", gateAfter: "slow" });
    await refreshNow(page).click();
    await server.seen("token", 1);
    await desktop.tray.click("Quit");
    await page.getByText(/^Quitting …/).waitFor();
    await desktop.tray.menuShows("what it waits for", ([first]) => first?.label.startsWith("Quitting") === true);
    expect(app.running()).toBe(true);
    await server.release("slow");
    expect(await app.ended).toBe(0);
    const pair = await home.pair();
    expect(pair?.refresh).not.toBe(login.refresh);
    expect((await server.standing(pair?.refresh ?? "")).current).toBe(true);
    expect(await server.redemptions(login.refresh)).toBe(1);
  });

  it("keeps it, too, when every process of the app gets the signal, as at the end of a session", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const app = await start();
    await server.script("token", { kind: "ordinary", gateAfter: "slow" });
    await refreshNow(await app.window()).click();
    await server.seen("token", 1);
    // Playwright starts the app as the leader of a group of its own.
    process.kill(-app.pid, "SIGTERM");
    await desktop.tray.menuShows("it waits", ([first]) => first?.label.startsWith("Quitting") === true);
    expect(app.running()).toBe(true);
    await server.release("slow");
    expect(await app.ended).toBe(0);
    expect((await server.standing((await home.pair())?.refresh ?? "")).current).toBe(true);
  });

  it("shows what another keeper does, and takes over when that one ends", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const other = home.start("run");
    await until("the other keeper runs", async () => (await home.published())?.keeper.pid === other.pid);
    const app = await start();
    const page = await app.window();
    await page.getByText(/Another Pilot Light/).waitFor();
    await refreshNow(page).click();
    await until("it was refreshed", async () => (await home.pair())?.refresh !== login.refresh);
    expect(await server.redemptions(login.refresh)).toBe(1);
    other.kill("SIGKILL");
    const killed = Date.now();
    await page.getByText(/Another Pilot Light/).waitFor({ state: "detached" });
    expect(Date.now() - killed).toBeLessThan(6_000);
    await until("others see it, too", async () => (await home.published())?.keeper.pid === app.pid);
  });

  it("says why it cannot work, and works once that is mended", async (test) => {
    const { home, start } = await appScene(test, desktop);
    const settings = await home.run("pause", "--all");
    expect(settings.code).toBe(0);
    const good = await readFile(home.settingsFile, "utf8");
    await writeFile(home.settingsFile, "{");
    const page = await (await start()).window();
    await page.getByRole("alert").getByText(home.settingsFile).waitFor();
    expect(await textOf(home.settingsFile)).toBe("{");
    await writeFile(home.settingsFile, good);
    await page.getByRole("alert").waitFor({ state: "detached", timeout: 15_000 });
  });

  it("takes back what it said of a login or of the settings when that is over", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    const ended = await server.issue();
    await server.revoke(ended.refresh);
    await home.putEntries({ anthropic: oauthEntry(expired(ended)) });
    const page = await (await start()).window();
    const card = page.getByRole("article", { name: "anthropic" });
    await button(page, /^Try once more …/).click();
    await button(page, /^Try once more:/).click();
    await card.getByRole("status").getByText("Sign in again").waitFor();
    expect((await card.innerText()).match(/Sign in again/g)).toHaveLength(1);
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    await card.getByText("healthy").waitFor();
    await card.getByText(/sign in again/i).waitFor({ state: "detached" });

    await writeFile(home.settingsFile, '{ "schedule": "never" }');
    const alert = page.getByRole("alert").filter({ hasText: '"schedule" is "never"' });
    await alert.waitFor();
    await writeFile(home.settingsFile, "{}");
    await alert.waitFor({ state: "detached" });
  });

  it("asks which pings there shall be until one kind is chosen, also at later starts", async (test) => {
    const { server, home, start } = await appScene(test, desktop, { ping: null });
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    const app = await start();
    const asks = (page: Page) => page.getByRole("region", { name: "What Pilot Light sends" });
    await asks(await app.window())
      .getByText(/leaves in \d+ s/)
      .waitFor();
    const settings = async () => tryJson((await textOf(home.settingsFile)) ?? "{}");
    expect(await settings()).toEqual({ pingNoticeAt: expect.any(Number), pingAsked: true });
    await app.stop();

    const page = await (await start()).window();
    await asks(page).getByRole("button", { name: /^Off/ }).click();
    await asks(page).waitFor({ state: "detached" });
    expect(await settings()).toMatchObject({ ping: { mode: "off" } });
    expect(await server.requests("message")).toHaveLength(0);
  });

  it("sets a settings file that cannot be used aside, and starts from the defaults at once", async (test) => {
    const { home, start } = await appScene(test, desktop);
    await mkdir(dirname(home.settingsFile), { recursive: true });
    await writeFile(home.settingsFile, '{\n  "schedule": "classic",\n}');
    const page = await (await start()).window();
    const alert = page.getByRole("alert").filter({ hasText: "it is not JSON (line 3, column 1)" });
    await button(page, "Set aside …: the settings file").click();
    await button(page, "Set aside: the settings file").click();
    await alert.waitFor({ state: "detached" });
    const names = await readdir(dirname(home.settingsFile));
    const [aside = ""] = names.filter((name) => name.startsWith("settings.json.broken-"));
    expect(await readFile(join(dirname(home.settingsFile), aside), "utf8")).toContain('"classic",\n}');
    expect(names).not.toContain("settings.json");
    await page.getByText(`The settings file is now ${join(dirname(home.settingsFile), aside)}`).waitFor();
  });

  it("lets its page go nowhere, open nothing, ask for nothing and send nothing", async (test) => {
    const { server, start } = await appScene(test, desktop);
    const udp = createSocket("udp4").bind(0, "127.0.0.1");
    test.onTestFinished(async () => {
      udp.close();
      await once(udp, "close");
    });
    let packets = 0;
    udp.on("message", () => {
      packets += 1;
    });
    await once(udp, "listening");
    const app = await start();
    const page = await app.window();
    const url = page.url();
    // As text: what runs in a page is not what this file is compiled for.
    const tried = await page.evaluate(`(async (target, port) => {
      const opened = window.open(target);
      const fetched = await fetch(target).then(() => "answered", () => "refused");
      const image = await new Promise((resolve) => {
        const element = new Image();
        element.addEventListener("load", () => resolve("loaded"));
        element.addEventListener("error", () => resolve("refused"));
        element.src = target + "/x.png";
      });
      const peer = new RTCPeerConnection({ iceServers: [{ urls: "stun:127.0.0.1:" + port }] });
      peer.createDataChannel("x");
      await peer.setLocalDescription(await peer.createOffer());
      await new Promise((resolve) => {
        peer.addEventListener("icegatheringstatechange", () => peer.iceGatheringState === "complete" && resolve());
      });
      const permission = await navigator.permissions.query({ name: "geolocation" });
      location.href = target;
      return { opened: opened !== null, fetched, image, permission: permission.state };
    })(${JSON.stringify(server.apiUrl)}, ${udp.address().port})`);
    expect(tried).toEqual({ opened: false, fetched: "refused", image: "refused", permission: "denied" });
    expect(await page.evaluate("[typeof require, typeof process]")).toEqual(["undefined", "undefined"]);
    expect(page.url()).toBe(url);
    expect(packets).toBe(0);
    expect(await server.requests()).toHaveLength(0);
    expect(await windowsOf(app)).toHaveLength(1);
  });

  it("can be zoomed by the keyboard", async (test) => {
    const { start } = await appScene(test, desktop);
    const app = await start();
    await app.window();
    await until("it is in front", async () => (await windowsOf(app))[0]?.focused);
    const zoom = () =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor() ?? 0);
    await until("it is larger", async () => {
      await run("xdotool", ["key", "ctrl+plus"], { env: { ...desktop.env } });
      return (await zoom()) >= 2;
    });
    await run("xdotool", ["key", "ctrl+0"], { env: { ...desktop.env } });
    await until("it is as before", async () => (await zoom()) === 1);
  });
});

/** The types of the app's processes. */
function processesOf(app: App): Promise<readonly string[]> {
  return app.electron.evaluate(({ app: electron }) => electron.getAppMetrics().map(({ type }) => type));
}
