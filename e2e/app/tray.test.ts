import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Pair } from "../../app/ports/credential-file.ts";
import { moment } from "../../app/shared/words/times.ts";
import { appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import type { SeenEntry } from "../support/desktop/tray-client.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { rateLimited } from "../support/server/token-script.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

const LABELS = (menu: readonly SeenEntry[]): readonly string[] => menu.map(({ label }) => label);

describe.skipIf(missing)("the tray, as another program on the session bus sees it", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
  });
  afterAll(() => desktop?.close());

  it("shows a line for each login, the worst state in the tooltip, and refreshes exactly once when asked", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    const [good, ended] = [await server.issue(), await server.issue()];
    await home.putEntries({ anthropic: oauthEntry(good), other: { type: "api", key: "k" } });
    const app = await start("--hidden");
    await desktop.tray.menuShows("the login", (menu) =>
      LABELS(menu).some((label) => /^anthropic {3}until /.test(label)),
    );
    expect(LABELS(await desktop.tray.menu())).toEqual([
      "Pilot Light: 1 login, well",
      "",
      expect.stringMatching(/^anthropic {3}until /),
      expect.stringMatching(/^Expires /),
      "Pings are off",
      "",
      "Refresh now",
      "",
      "Open status window",
      "Start at login: off in a development checkout",
      "",
      "Quit",
    ]);
    expect(app.electron.windows()).toHaveLength(0);

    await desktop.tray.click("Refresh now");
    await until("the rotated pair is in the file", async () => (await home.pair())?.refresh !== good.refresh);
    expect(await server.redemptions(good.refresh)).toBe(1);
    expect(await server.requests("token")).toHaveLength(1);
    expect((await server.standing((await home.pair())?.refresh ?? "")).current).toBe(true);

    const calm = (await desktop.tray.item()).iconHash;
    await server.revoke(ended.refresh);
    await home.putEntries({ anthropic: oauthEntry(expired(ended)) });
    await desktop.tray.menuShows(
      "that it needs the user",
      (menu) => LABELS(menu).includes("anthropic   sign in again"),
      30_000,
    );
    const item = await desktop.tray.until("another icon", async () => {
      const seen = await desktop.tray.item();
      return seen.iconHash !== calm && seen;
    });
    expect(item.tooltip.title).toBe("Pilot Light: anthropic needs a sign-in");
    expect(LABELS(await desktop.tray.menu()).slice(-7, -4)).toEqual(["Sign in …", "What happened", ""]);
  });

  it("names the worst login first, and leads to its card wherever that stands", async (test) => {
    const { home, start } = await appScene(test, desktop);
    // Emptied, so that nothing is sent, and all the same, so that they keep the order of the file.
    const records = [...Array(12).keys()].map((at) => ({
      id: `l${at}`,
      namespace: "default",
      label: `login ${at}`,
      refresh: "",
      access: "",
      expires: 0,
      createdAt: 1,
      updatedAt: 1,
      health: { successCount: 0, failureCount: 0 },
    }));
    const order = { default: records.map(({ id }) => id) };
    await home.putEntries({
      version: 2,
      providers: { anthropic: { type: "oauth", active: { default: "l0" }, order, records } },
    });
    const app = await start("--hidden");
    const about = /^anthropic · login 10 /;
    await desktop.tray.menuShows("the logins", (menu) => LABELS(menu).some((label) => about.test(label)));
    expect((await desktop.tray.item()).tooltip.title).toBe(
      "Pilot Light: login 0 was emptied · login 1 was emptied · login 2 was emptied · login 3 was emptied · 8 others not well",
    );
    await desktop.tray.click(about, "Sign in …");
    const page = await app.window();
    const card = page.getByRole("article", { name: "anthropic · login 10" });
    await card.and(page.locator(":focus")).waitFor();
    expect((await card.boundingBox())?.y).toBeGreaterThan(0);
    await desktop.tray.click(/^anthropic · login 3 /, "What happened");
    await page.getByRole("article", { name: "anthropic · login 3" }).and(page.locator(":focus")).waitFor();
  });

  it("has another icon for each degree, and says in words why", async (test) => {
    const { server, home, start } = await appScene(test, desktop, { ping: "profile" });
    const put = async (pair: Pair) => home.putEntries({ anthropic: oauthEntry(pair) });
    await put(await server.issue());
    await start("--hidden");
    const seen = new Set<string>();
    const another = async (degree: string, words: string) => {
      const { iconHash } = await desktop.tray.until(`an icon of its own: ${degree}`, async () => {
        const item = await desktop.tray.item();
        return item.tooltip.title.startsWith(`Pilot Light: ${words}`) && !seen.has(item.iconHash) && item;
      });
      seen.add(iconHash);
    };
    await another("well", "1 login, well · anthropic refreshes at ");

    await server.script("token", { kind: "ordinary", gateBefore: "answer" });
    await desktop.tray.click("Refresh now");
    await another("working", "1 login, well · at work on anthropic");
    await server.release("answer");

    await desktop.tray.click("Pause pings", "until resumed");
    await another("paused", "1 login, all well, pings paused");
    await desktop.tray.click("Resume pings");

    await put(expired(await server.issue({ endsIn: 2 * 86_400 })));
    await another("soon", "anthropic needs a sign-in before ");
    expect(LABELS(await desktop.tray.menu())).toEqual(expect.arrayContaining(["Sign in …", "What happened"]));

    const ended = await server.issue();
    await server.revoke(ended.refresh);
    await put(expired(ended));
    await another("needs you", "anthropic needs a sign-in");

    await writeFile(home.authFile, "{");
    await another("unreadable", "the credential file cannot be used");
    expect(seen.size).toBe(6);
  });

  it("says until when a login waits, and leads to what happened", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    await server.script("token", rateLimited("5400"));
    const app = await start("--hidden");
    await desktop.tray.click("Refresh now");
    await desktop.tray.menuShows("the wait", (menu) => LABELS(menu).some((label) => label.startsWith("Waits until ")));
    // The menu hears of it before the file does.
    const known = await until("the file says so", async () => {
      const shown = (await home.published())?.accounts[0];
      return shown?.state === "rateLimited" && shown;
    });
    const time = moment(known.nextRefreshAt ?? 0, Date.now());
    const menu = LABELS(await desktop.tray.menu());
    expect(menu[4]).toBe(`Waits until ${time}`);
    expect(menu).not.toContain("Sign in …");
    expect(menu).not.toContain("Refresh now");
    expect((await desktop.tray.item()).tooltip.title).toBe(`Pilot Light: anthropic waits until ${time}`);
    await desktop.tray.click("What happened");
    const page = await app.window();
    await page.getByRole("article", { name: "anthropic" }).and(page.locator(":focus")).waitFor();
  });

  it("tells when the access expires, of the last ping and of the end of the login", async (test) => {
    const { server, home, start } = await appScene(test, desktop, { ping: "profile" });
    const login = await server.issue({ endsIn: 20 * 86_400 });
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    await start("--hidden");
    const clocks = async (): Promise<readonly string[]> => LABELS(await desktop.tray.menu()).slice(3, 6);
    const known = await desktop.tray.until("it is refreshed", async () => {
      const shown = (await home.published())?.accounts[0];
      return (await clocks())[0]?.startsWith("Expires ") === true && shown?.state === "healthy" && shown;
    });
    const ends = `Login ends ${moment(known.loginEndsAt ?? 0, Date.now())}`;
    const [expires, refreshes] = [known.accessExpiresAt, known.nextRefreshAt].map((at) => moment(at ?? 0, Date.now()));
    expect(await clocks()).toEqual([`Expires ${expires}, refreshes ${refreshes}`, "No ping yet", ends]);
    expect(LABELS(await desktop.tray.menu())).toContain(`anthropic   until ${expires}`);

    await home.run("ping", "anthropic", "--ping", "profile");
    expect(await server.requests("profile")).toHaveLength(1);
    const ping = await until("the ping is known", async () => (await home.published())?.accounts[0]?.lastPing);
    const told = `Last ping ${moment(ping.at, Date.now())}, ok`;
    await desktop.tray.menuShows("the ping", (menu) => LABELS(menu)[4] === told);
  });

  it("keeps its menu while nothing in it changes, so that no click goes nowhere", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    const { access, refresh } = await server.issue();
    // The menu tells no seconds.
    const first = (Math.floor(Date.now() / 60_000) + 480) * 60_000 + 10_000;
    await home.putEntries({ anthropic: oauthEntry({ access, refresh, expires: first }) });
    await start("--hidden");
    await desktop.tray.menuShows("the login", (menu) => LABELS(menu).some((label) => label.startsWith("anthropic ")));
    const before = (await desktop.tray.menu()).map(({ id }) => id);
    await home.putEntries({ anthropic: oauthEntry({ access, refresh, expires: first + 20_000 }) });
    await until("it is known", async () => (await home.published())?.accounts[0]?.accessExpiresAt === first + 20_000);
    expect((await desktop.tray.menu()).map(({ id }) => id)).toEqual(before);
  });

  it("pauses pings and resumes them", async (test) => {
    const { server, home, start } = await appScene(test, desktop, { ping: "profile" });
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    await start("--hidden");
    await desktop.tray.click("Pause pings", "until resumed");
    await desktop.tray.menuShows("the pause", (menu) => LABELS(menu).some((label) => /pings paused/.test(label)));
    await desktop.tray.click("Resume pings");
    await desktop.tray.menuShows("all well", (menu) => LABELS(menu)[0] === "Pilot Light: 1 login, well");
  });

  it("opens the window, which a click on the icon does, too", async (test) => {
    const { start } = await appScene(test, desktop);
    const app = await start("--hidden");
    await desktop.tray.click("Open status window");
    const page = await app.window();
    await page.close();
    await desktop.tray.activate();
    await until("the window is back", () => app.electron.windows().length === 1);
  });

  it("cannot start at login from a checkout, and writes nothing", async (test) => {
    const { home, start } = await appScene(test, desktop);
    await start("--hidden");
    const entry = await desktop.tray.until("the switch", () => desktop.tray.entry(/^Start at login/));
    expect(entry).toMatchObject({ enabled: false, toggleState: 0 });
    await expect(stat(join(home.home, ".config", "autostart"))).rejects.toThrow("ENOENT");
  });

  it("ends with Quit, and says so to others", async (test) => {
    const { home, start } = await appScene(test, desktop);
    const app = await start("--hidden");
    await until("it runs", async () => (await home.published())?.keeper.running);
    await desktop.tray.click("Quit");
    expect(await app.ended).toBe(0);
    expect((await home.published())?.keeper.running).toBe(false);
    await desktop.tray.until("the item is gone", async () => (await desktop.tray.items()).length === 0);
  });

  it("stays when the panel is killed and starts again", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    await start("--hidden");
    await desktop.tray.item();
    await desktop.killPanel();
    await desktop.startPanel();
    await desktop.tray.click("Refresh now");
    await until("it was refreshed", async () => (await home.pair())?.refresh !== login.refresh);
    expect(await server.redemptions(login.refresh)).toBe(1);
  });
});

describe.skipIf(missing)("a desktop without a tray", () => {
  it("gets the window, which is never hidden to nowhere; a panel that comes late gets the icon", async (test) => {
    const desktop = await startDesktop({ panel: false, windowManager: true });
    test.onTestFinished(() => desktop.close());
    const { server, home, start } = await appScene(test, desktop);
    await home.putEntries({ anthropic: oauthEntry(await server.issue()) });
    const app = await start("--hidden");
    const page = await app.window();
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await until("it is minimised", () =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized()),
    );
    expect(page.isClosed()).toBe(false);
    expect(await desktop.tray.items()).toEqual([]);

    await desktop.startPanel();
    await desktop.tray.menuShows("the login", (menu) => LABELS(menu).some((label) => label.startsWith("anthropic ")));
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await until("now it may go", () => app.electron.windows().length === 0);
    expect(app.running()).toBe(true);

    // And the other way round: a panel that went for good takes the way back in with it.
    await desktop.tray.click("Open status window");
    await app.window();
    await desktop.killPanel();
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await until("it is minimised again", () =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized()),
    );
  });
});
