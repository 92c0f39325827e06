import { join } from "node:path";
import { expect, it } from "vitest";
import { type App, appMissing, appScene } from "../support/app.ts";
import { startDesktop } from "../support/desktop/desktop.ts";
import { recordBus } from "../support/desktop/record-bus.ts";
import { oauthEntry } from "../support/entries.ts";
import { commandLines, foundInMemory } from "../support/process-memory.ts";
import { filesBelow } from "../support/scene.ts";
import { endLogin, MARK, refreshAndPing } from "../support/secrets/planted.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

it.skipIf(missing)(
  "no token is seen in the page, its memory, what goes to it, the session bus, logs, command lines and user data",
  async (test) => {
    const desktop = await startDesktop({ panel: true, windowManager: true });
    test.onTestFinished(() => desktop.close());
    const bus = await recordBus(desktop.env, "session");
    test.onTestFinished(() => bus.close());
    const { server, home, start } = await appScene(test, desktop, { ping: "message" });
    const [login, ended] = [await server.issue(), await server.issue()];
    await home.putEntries({ anthropic: oauthEntry(login) });
    const app = await start("--log-level", "debug");
    const page = await app.window();
    await recordTraffic(app);

    const seenPage: string[] = [];
    const look = async () => void seenPage.push(await page.content(), await page.locator("body").innerText());
    const scene = { page, home, server };
    const fresh = await refreshAndPing(scene, login);
    await look();
    await desktop.tray.click("Refresh now");
    await until("again", async () => (await home.pair())?.refresh !== fresh?.refresh);
    const newest = await home.pair();
    await endLogin(scene, desktop.tray, ended);
    await look();
    await page.keyboard.press("Control+,");
    await page.getByRole("switch", { name: "a login needs a decision" }).click();
    await page.getByRole("switch", { name: "a login needs a decision", checked: false }).waitFor();
    await look();

    const tokens = [login, fresh, newest, ended].flatMap((pair) => (pair ? [pair.refresh, pair.access] : []));
    expect(tokens).toHaveLength(8);
    const ends = tokens.map((token) => token.slice(-16));
    const holds = (text: string): boolean => text.includes(MARK) || ends.some((end) => text.includes(end));

    // The search finds what is there: the keeper's own process had these tokens in hand.
    expect((await foundInMemory(app.pid, tokens)).length).toBeGreaterThan(0);
    const pages = await app.electron.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((contents) => contents.getOSProcessId()),
    );
    expect(pages).toHaveLength(1);
    for (const pid of pages) expect(await foundInMemory(pid, [...tokens, MARK])).toEqual([]);

    const traffic = await trafficOf(app);
    expect(traffic.includes("pilotLight:view")).toBe(true);
    expect(/sign in again/i.test(traffic)).toBe(true);
    expect(holds(traffic)).toBe(false);
    expect(seenPage.join("")).toContain("anthropic");
    expect(holds(seenPage.join(""))).toBe(false);
    const talk = bus.recorded();
    expect(talk).toContain("Refresh now");
    expect(holds(talk)).toBe(false);

    const lines = await commandLines();
    expect(lines.has(app.pid)).toBe(true);
    for (const [pid, line] of lines) expect({ pid, leaks: holds(line) }).toEqual({ pid, leaks: false });

    expect(await app.stop()).toBe(0);
    expect(app.printed()).toContain("token refresh successful");
    expect(holds(app.printed())).toBe(false);
    const files = [...(await filesBelow(home.home))].filter(
      ([path]) => !path.endsWith("auth.json") && !path.startsWith(join(".local", "state", "pilot-light", "journal")),
    );
    expect(files.map(([path]) => path)).toContain(join(".config", "pilot-light", "settings.json"));
    expect(files.some(([path]) => path.includes(join("pilot-light", "log")))).toBe(true);
    for (const [path, text] of files) expect({ path, leaks: holds(text) }).toEqual({ path, leaks: false });
  },
);

/** Notes all that goes to the page and all that it is answered, in the main process. */
async function recordTraffic(app: App): Promise<void> {
  await app.electron.evaluate(({ BrowserWindow, ipcMain }) => {
    const seen: string[] = [];
    Object.assign(globalThis, { seenByTest: seen });
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined) throw new Error("there is no window");
    const send = contents.send.bind(contents);
    contents.send = (channel: string, ...args: unknown[]) => {
      seen.push(channel, JSON.stringify(args));
      send(channel, ...args);
    };
    // Electron keeps the handlers here; there is no public way to listen in.
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, (...args: unknown[]) => unknown> })
      ._invokeHandlers;
    for (const [channel, handle] of handlers) {
      handlers.set(channel, async (event: unknown, ...args: unknown[]) => {
        const reply = await handle(event, ...args);
        seen.push(channel, JSON.stringify(args), JSON.stringify(reply));
        return reply;
      });
    }
  });
}

function trafficOf(app: App): Promise<string> {
  return app.electron.evaluate(() => (globalThis as unknown as { seenByTest: string[] }).seenByTest.join("\n"));
}
