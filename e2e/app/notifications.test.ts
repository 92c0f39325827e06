import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { startNotifications } from "../support/desktop/notifications.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { putBytes } from "../support/scene.ts";
import { startLateness, until } from "../support/wait.ts";

const missing = await appMissing();
const GRACE_MS = 1_000;

describe.skipIf(missing)("notifications, as another program on the session bus sees them", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
  });
  afterAll(() => desktop?.close());

  it("tell once of a login that ended, across restarts, and open it when clicked", async (test) => {
    const service = await startNotifications(desktop.env);
    test.onTestFinished(() => service.close());
    const { server, home, start } = await appScene(test, desktop);
    const [ended, other] = [await server.issue(), await server.issue()];
    await home.putEntries({ anthropic: oauthEntry(ended) });
    const app = await start("--hidden", "--notify-grace", String(GRACE_MS / 1000));
    await until("it is well", async () => (await home.published())?.accounts[0]?.state === "healthy");
    const lateness = startLateness();
    test.onTestFinished(async () => void lateness.stop());
    await server.revoke(ended.refresh);
    await home.putEntries({ anthropic: oauthEntry(expired(ended)) });
    const seen = await service.shown("anthropic needs a sign-in");
    const refused = (await home.published())?.accounts[0]?.lastRefresh;
    expect(refused?.outcome).toBe("rejected");
    const took = seen.at - (refused?.at ?? 0);
    expect(took).toBeGreaterThanOrEqual(GRACE_MS);
    expect(took).toBeLessThan(GRACE_MS + 2_000 + lateness.stop());
    expect(seen.body).toMatch(/^The provider ended this login at \d\d:\d\d\.$/);
    for (const token of [ended.access, ended.refresh]) expect(JSON.stringify(seen)).not.toContain(token);
    expect(seen.actions).toContain("default");

    expect(app.electron.windows()).toHaveLength(0);
    service.click(seen);
    const page = await app.window();
    await page.locator(":focus", { hasText: "anthropic" }).waitFor();
    await app.stop();

    const again = await start("--hidden", "--notify-grace", "1");
    await home.putEntries({ anthropic: oauthEntry(expired(ended)), "anthropic-two": oauthEntry(other) });
    await desktop.tray.menuShows("the login", (menu) =>
      menu.some(({ label }) => label.startsWith("anthropic   sign in")),
    );
    // The next trouble is told, and only that one.
    await putBytes(home, "not JSON");
    await service.shown("The credential file cannot be used");
    expect(service.seen().filter(({ title }) => title === seen.title)).toHaveLength(1);
    await again.stop();
  });

  it("are told late where no service was there", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    const ended = await server.issue();
    await server.revoke(ended.refresh);
    await home.putEntries({ anthropic: oauthEntry(expired(ended)) });
    await start("--hidden", "--notify-grace", "0");
    await until("it has ended", async () => (await home.published())?.accounts[0]?.state === "signIn");
    const service = await startNotifications(desktop.env);
    test.onTestFinished(() => service.close());
    await service.shown("anthropic needs a sign-in", 60_000);
  });

  it("are not told where their kind is switched off", async (test) => {
    const service = await startNotifications(desktop.env);
    test.onTestFinished(() => service.close());
    const { server, home, start } = await appScene(test, desktop);
    await mkdir(dirname(home.settingsFile), { recursive: true });
    await writeFile(home.settingsFile, JSON.stringify({ notifications: { signIn: false } }));
    const ended = await server.issue();
    await server.revoke(ended.refresh);
    await home.putEntries({ anthropic: oauthEntry(expired(ended)) });
    await start("--hidden", "--notify-grace", "0");
    await until("it has ended", async () => (await home.published())?.accounts[0]?.state === "signIn");
    await putBytes(home, "not JSON");
    await service.shown("The credential file cannot be used");
    expect(service.seen().map(({ title }) => title)).toEqual(["The credential file cannot be used"]);
  });
});
