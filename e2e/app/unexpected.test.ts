import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { startNotifications } from "../support/desktop/notifications.ts";
import { expired, oauthEntry } from "../support/entries.ts";
import { until } from "../support/wait.ts";

const missing = await appMissing();

describe.skipIf(missing)("an error that nobody expected, in the main process", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
  });
  afterAll(() => desktop?.close());

  it("is told once, logged without what it says, and ends nothing", async (test) => {
    const service = await startNotifications(desktop.env);
    test.onTestFinished(() => service.close());
    const { server, home, start } = await appScene(test, desktop);
    const login = await server.issue();
    await home.putEntries({ anthropic: oauthEntry(login) });
    const app = await start();
    const page = await app.window();
    await page.getByRole("article").waitFor();
    const fail = () =>
      app.electron.evaluate((_electron, secret) => {
        const failed = new Error(`POST refused: {"refresh_token":"${secret}"}`);
        setTimeout(() => {
          throw failed;
        });
        void Promise.reject(failed);
      }, login.refresh);
    await fail();
    const seen = await service.shown("Something went wrong in Pilot Light");
    expect(seen.body).toContain("Your logins are still kept alive.");
    await page.getByText("Something went wrong in Pilot Light. Your logins are still kept alive.").waitFor();
    await fail();

    // It goes on, and so does what it keeps.
    await home.putEntries({ anthropic: oauthEntry(expired(login)) });
    await until("it was refreshed", async () => (await home.pair())?.refresh !== login.refresh);
    expect((await home.published())?.keeper.pid).toBe(app.pid);
    const log = await readFile(join(home.stateDir, "log", "pilot-light.log"), "utf8");
    const lines = log.split("\n").filter((line) => line.includes("an error that nobody expected"));
    expect(lines.length).toBeGreaterThanOrEqual(4);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "error", service: "app", error: "Error" });
    expect(service.seen().filter(({ title }) => title === seen.title)).toHaveLength(1);
    const told = JSON.stringify([log, app.printed(), service.seen(), await page.locator("body").innerText()]);
    for (const secret of [login.refresh, login.access]) expect(told).not.toContain(secret);
  });
});
