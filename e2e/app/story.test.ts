import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appMissing, appScene } from "../support/app.ts";
import { type Desktop, startDesktop } from "../support/desktop/desktop.ts";
import { expired, oauthEntry } from "../support/entries.ts";

const missing = await appMissing();

describe.skipIf(missing)("the last day of a login in a real Electron", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop({ panel: true, windowManager: true });
  });
  afterAll(() => desktop?.close());

  it("is drawn from what the keeper noted, and goes on by itself after a refresh", async (test) => {
    const { server, home, start } = await appScene(test, desktop);
    await home.putEntries({ anthropic: oauthEntry(expired(await server.issue())) });
    const page = await (await start()).window();
    await page.getByText(/^Refreshed once, at \d\d:\d\d\.$/).waitFor();
    await page.getByRole("slider", { name: /anthropic/ }).waitFor();
    expect(await page.locator(".event.refreshed").count()).toBe(1);
    await page.locator(".stretch.ahead").waitFor();
    await page.getByRole("button", { name: /^Refresh now/ }).click();
    await page.getByText(/^Refreshed 2 times since /).waitFor();
    await page.locator("summary").click();
    await page.locator(".events > li").filter({ hasText: "first seen · another writer" }).waitFor();
  });
});
